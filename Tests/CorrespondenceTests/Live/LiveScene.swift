import Base
import Jobs
import People
import Storage
import TestKit

@testable import Correspondence

/// The scene of a desk with a second queue, a colleague who sees the first one only, and what is live.
struct LiveScene: Sendable {
    let desk: Scene
    let secret: Queue
    /// Sees and notes in `info`, and sees nothing of `secret`.
    let ben: Member
    let hub: LiveHub
    let notices: NoticeStore
    let making: NoticeMaking
    private let ids = IDMaker(node: 2, clock: .system)

    init(_ database: Database) async throws {
        let desk = try await Scene(database)
        self.desk = desk
        hub = LiveHub(clock: desk.time.clock)
        notices = NoticeStore(ids: ids)
        making = NoticeMaking(
            database: database, members: desk.members, notices: notices, jobs: desk.stores.jobs, ids: ids,
            alarm: desk.alarm)
        (secret, ben) = try await database.write { db in
            let secret = try desk.stores.queues.add(
                name: "secret", displayName: "Secret", addresses: ["secret@desk.example"], isList: false, actor: nil,
                at: 0, in: db)
            let ben = try desk.members.add(
                email: "ben@desk.example", name: "Ben Ito", isAdministrator: false, password: nil, mustChange: false,
                actor: nil, at: 0, in: db)
            try desk.members.setRights(
                [.see, .note, .draft, .send], of: ben.id, queue: desk.queue.id, actor: nil, at: 0, in: db)
            return (secret, ben)
        }
        try await seal()
        // History is not told: the cursor begins here.
        try await making.run()
    }

    var database: Database { desk.database }

    func viewer(_ member: Member) async throws -> Viewer {
        try await database.read { [members = desk.members] in try members.viewer(member, in: $0) }
    }

    func seal() async throws {
        while try await database.write({ try EventSealer().seal(limit: 100, in: $0) }) != nil {}
    }

    /// Seals and makes notices of what was sealed.
    @discardableResult func tell() async throws -> Int {
        try await seal()
        return try await making.run()
    }

    /// A ticket of Karl's in `info`, of which everybody was told.
    func ticket() async throws -> Ticket {
        try await desk.receive(Scene.mail(id: "first@people.example"))
        try await tell()
        guard let ticket = try await desk.tickets().last else { throw Failure(.notFound, "error-not-found") }
        return ticket
    }

    @discardableResult func note(_ text: String, on ticket: Ticket, by viewer: Viewer) async throws -> ID {
        let noting = Noting(stores: desk.stores, ids: ids)
        return try await database.write { [desk] db in
            let id = try noting.add(text, to: ticket, by: viewer, name: "", at: desk.time.clock.now(), in: db)
            try Mentioning(members: desk.members).add(text, message: id, queue: ticket.queue, in: db)
            return id
        }
    }

    func setOwner(_ owner: ID?, of ticket: Ticket) async throws {
        try await database.write { [desk] db in
            try desk.stores.tickets.setOwner(
                owner, of: ticket, actor: desk.member.id, at: desk.time.clock.now(), in: db)
        }
    }

    func move(_ ticket: Ticket, to queue: ID) async throws {
        try await database.write { [desk] db in
            try desk.stores.tickets.setQueue(queue, of: ticket, actor: desk.member.id, at: 0, in: db)
        }
    }

    /// What a member is told of, oldest first.
    func told(_ member: Member) async throws -> [NoticeKind] {
        let viewer = try await viewer(member)
        return try await database.read { [notices] db in
            try notices.page(before: nil, visibleTo: viewer, limit: 100, in: db).map(\.notice.kind).reversed()
        }
    }

    /// Reads as a stream of the member would; `sessions` are the references that live.
    func news(_ member: Member, after cursor: Int64, isSignedIn: Bool = true) async throws -> LiveNews? {
        let members = desk.members
        let session = LiveSession { _, db in isSignedIn ? try members.viewer(member, in: db) : nil }
        let reader = LiveReader(database: database, hub: hub, session: session, clock: desk.time.clock)
        return try await reader.read("", after: cursor)
    }
}
