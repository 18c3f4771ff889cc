import Base
import Foundation
import Jobs
import Mail
import Outbox
import Storage
import Synchronization
import TestKit
import Text
import Web

@testable import People

/// The ways in without a server: mails are rows of the outbox, the clock stands where a test puts it.
struct PeopleScene: Sendable {
    static let password = "a long walk by the quiet river"

    let database: Database
    let time = TestClock()
    let ways: WaysIn
    let signIn: SignIn
    let inviting: Inviting
    let lost: LostFactor
    let resetting: PasswordResetting
    let members: MemberStore
    let events: EventStore
    let mails = SentMails()
    let raws: RawStore
    let outbox: OutboxStore
    /// Two administrators and a member who reads mail.
    let ana: Viewer
    let ben: Viewer
    let eva: Member

    init(_ database: Database, reachesServer: Bool = true) async throws {
        self.database = database
        let ids = IDMaker(node: 1, clock: .system)
        let key = try InstanceKey([UInt8](repeating: 7, count: 32))
        let events = EventStore(ids: ids)
        let members = MemberStore(ids: ids, events: events)
        let raws = RawStore(ids: ids)
        let outbox = OutboxStore(ids: ids)
        (self.events, self.members, self.raws, self.outbox) = (events, members, raws, outbox)
        let notices = NoticeMail(
            store: outbox, raws: raws, jobs: JobStore(ids: ids), ids: ids, random: .system,
            from: MailAddress(name: "Liaison", address: "liaison@desk.example"), jobKind: "dispatch")
        let sent = mails
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../i18n")
        let mails = AccountMails(
            strings: Strings(try Messages(directory: folder.standardizedFileURL)), publicURL: "https://desk.example",
            organisation: OrganisationName.stored,
            post: { mail, at, db in
                sent.add(mail)
                let content = NoticeMail.Content(
                    to: mail.to, subject: mail.subject, text: mail.text, language: mail.language)
                return try notices.add(content, at: at, in: db)
            }, reachesServer: { reachesServer })
        ways = WaysIn(
            database: database, members: members,
            sessions: SessionStore(ids: ids, random: .system, events: events), gate: PasswordGate(random: .system),
            events: events, key: key, ids: ids, random: .system, clock: time.clock, zone: "UTC",
            policy: SecondFactorPolicy(), mails: mails)
        signIn = SignIn(ways)
        inviting = Inviting(ways)
        lost = LostFactor(ways)
        resetting = PasswordResetting(ways) { wish, db in sent.wish(wish) }
        (ana, ben, eva) = try await database.write { db in
            func add(_ name: String, _ isAdministrator: Bool) throws -> Member {
                try members.add(
                    email: "\(name.lowercased())@desk.example", name: name, isAdministrator: isAdministrator,
                    password: nil, mustChange: false, actor: nil, at: 0, in: db)
            }
            let (ana, ben) = (try add("Ana", true), try add("Ben", true))
            return (try members.viewer(ana, in: db), try members.viewer(ben, in: db), try add("Eva", false))
        }
    }

    /// Gives a member the password of this scene.
    func setPassword(of member: ID) async throws {
        let hash = try await OneHash.shared.hash(Self.password)
        try await database.write { db in
            try ways.members.setPassword(hash, mustChange: false, of: member, at: 0, in: db)
        }
    }

    /// Sets up a second factor; returns its secret and the recovery codes.
    func setFactor(of member: ID) async throws -> (secret: [UInt8], codes: [String]) {
        let secret = Randomness.system.bytes(20)
        let now = time.clock.now()
        let codes = try await database.write { db in
            try ways.factors.set(secret, usedStep: TimeCode.step(at: now) - 2, of: member, at: now, in: db)
        }
        return (secret, codes)
    }

    func code(_ secret: [UInt8]) -> String {
        TimeCode.code(secret: secret, step: TimeCode.step(at: time.clock.now()))
    }

    func password(_ email: String, _ password: String = PeopleScene.password) async throws -> SignIn.Entry {
        try await signIn.signIn(email: email, password: password, network: "192.0.2.7", device: "Firefox, Linux")
    }

    func member(of session: String) async throws -> ID? {
        let now = time.clock.now()
        return try await database.read { db in try ways.sessions.find(session, at: now, in: db)?.member.id }
    }

    /// Runs the job of every wish.
    func runWishes() async throws {
        for wish in mails.takeWishes() { try await resetting.run(wish: wish) { _ in } }
    }

    func kinds(about subject: ID) async throws -> [String] {
        try await database.read { db in
            try db.rows("SELECT kind FROM event WHERE subject_id = \(subject) ORDER BY id").map { try $0.text("kind") }
        }
    }
}

/// The hash of one password: a derivation takes a second in a debug build.
private actor OneHash {
    static let shared = OneHash()
    private var made: Task<String, any Error>?

    func hash(_ password: String) async throws -> String {
        if let made { return try await made.value }
        let task = Task { try await PasswordGate(random: .system).hash(password) }
        made = task
        return try await task.value
    }
}

/// What was mailed, and wishes whose job has not run.
final class SentMails: Sendable {
    private struct State {
        var mails: [AccountMails.Mail] = []
        var wishes: [ID] = []
    }

    private let state = Mutex(State())

    var all: [AccountMails.Mail] { state.withLock { $0.mails } }

    /// The reference in the last mail to an address.
    func link(to address: String) -> String? {
        let text = all.last { $0.to == address && $0.text.contains("https://desk.example/") }?.text ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("https://desk.example/") }
        return line?.split(separator: "/").last.map { String($0) }
    }

    func add(_ mail: AccountMails.Mail) { state.withLock { $0.mails.append(mail) } }
    func wish(_ id: ID) { state.withLock { $0.wishes.append(id) } }

    func takeWishes() -> [ID] {
        state.withLock { state in
            defer { state.wishes = [] }
            return state.wishes
        }
    }
}
