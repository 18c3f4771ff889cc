import Base
import Foundation
import Jobs
import Mail
import Outbox
import People
import Storage
import Synchronization
import TestKit

@testable import Correspondence

/// A desk to which Karl wrote, and Mona, with Karl in copy.
struct ErasureScene: Sendable {
    /// Words of Karl's, which must be nowhere afterwards.
    static let secrets = ["zebrafish", "karl@people.example", "karl weber", "quagga"]
    static let key = [UInt8](repeating: 9, count: 32)

    let scene: Scene
    let erasing: Erasing
    let karl: ID
    /// Karl's, with our answer, a note and a draft.
    let own: ID
    /// Mona's, with Karl in copy, and his answer.
    let other: ID
    /// Asked for by hand: parsing, so that a crash can be played.
    let breaks: Breaks

    /// Ends the work at the n-th mail that is read anew.
    final class Breaks: Sendable {
        private let left: Mutex<Int>
        init(after count: Int) { left = Mutex(count) }
        func check() throws {
            let isNow = left.withLock { left in
                left -= 1
                return left == 0
            }
            if isNow { throw Failure(.unavailable, "error-unavailable") }
        }
        func set(_ count: Int) { left.withLock { $0 = count } }
    }

    init(_ database: Database) async throws {
        scene = try await Scene(database)
        let breaks = Breaks(after: 0)
        self.breaks = breaks
        let reader = MailReader(
            parse: {
                try breaks.check()
                return MessageParser.parse($0)
            }, attachment: { MessageParser.attachment($0, of: $1) ?? [] }, sanitizedHTML: { _ in "" },
            attachmentText: { _, _, _ in nil })
        erasing = Erasing(
            database: database, stores: scene.stores, drafts: scene.drafts, reader: reader,
            key: try InstanceKey(Self.key), ids: IDMaker(node: 3, clock: .system), clock: scene.time.clock,
            alarm: scene.alarm)
        try await scene.receive(Self.karlsMail())
        own = try await scene.tickets()[0].id
        try await scene.receive(
            Scene.mail(
                from: "Mona <mona@people.example>", id: "m1@people.example", subject: "The lighthouse",
                to: "info@desk.example", headers: ["Cc: Karl Weber <karl@people.example>"],
                text: "Ask Karl Weber (Karl@People.example) about the lighthouse.\r\nIt is a tall one."))
        other = try await scene.tickets()[1].id
        try await scene.receive(
            Scene.mail(
                from: "Karl Weber <karl@people.example>", id: "k2@people.example", subject: "Re: The lighthouse",
                references: "m1@people.example", text: "The quagga knows the lighthouse better than I do."))
        try await scene.receive(
            Scene.mail(
                from: "Mona <mona@people.example>", id: "m2@people.example", subject: "Re: The lighthouse",
                references: "k2@people.example",
                text: "Thank you both.\r\nKarl Weber wrote:\r\n> The quagga knows the lighthouse better than I do."))
        let contact = try await database.read { [stores = scene.stores] db in
            try stores.contacts.find(address: "karl@people.example", in: db)
        }
        guard let contact else { throw Failure(.notFound, "error-not-found") }
        karl = contact.id
        try await answerKarl()
    }

    static func karlsMail(_ id: String = "k1@people.example", trace: String = "") -> String {
        """
        \(trace)From: Karl Weber <karl@people.example>\r
        To: info@desk.example\r
        Subject: My zebrafish\r
        Message-ID: <\(id)>\r
        MIME-Version: 1.0\r
        Content-Type: multipart/mixed; boundary="b"\r
        \r
        --b\r
        Content-Type: text/plain; charset=utf-8\r
        \r
        A zebrafish of mine is on your page about lakes and rivers.\r
        --b\r
        Content-Type: text/plain; name="zebrafish.txt"\r
        Content-Disposition: attachment; filename="zebrafish.txt"\r
        \r
        the zebrafish file\r
        --b--\r

        """
    }

    private func answerKarl() async throws {
        _ = try await scene.answer(own, to: ["karl@people.example"], text: "Dear Karl Weber, your zebrafish is fine.")
        try await scene.dispatch(
            Transport { _, _, recipients in recipients.map { _ in .accepted(reply: "250 ok") } })
        let now = scene.time.clock.now()
        try await scene.database.write { [scene, own] db in
            let ticket = try scene.stores.tickets.require(own, visibleTo: scene.viewer, in: db)
            _ = try Noting(stores: scene.stores, ids: scene.stores.tickets.ids).add(
                "Karl Weber called about the zebrafish.", to: ticket, by: scene.viewer, name: "Ana", at: now, in: db)
            _ = try scene.drafts.save(
                Draft.Content(to: ["karl@people.example"], cc: [], subject: "Zebrafish", text: "One more zebrafish."),
                ticket: ticket, author: scene.member.id, seenVersion: ticket.version, at: now, in: db)
            _ = try AutomaticAnswers(ids: scene.stores.tickets.ids, key: try InstanceKey(Self.key)).spend(
                .unasked, "karl@people.example", queue: scene.queue.id, at: now, in: db)
            try IdempotencyStore().add(
                [1], member: scene.member.id, request: [2], status: 200,
                answer: "{\"id\":\"\(own)\",\"subject\":\"My zebrafish\"}", at: now, in: db)
            try scene.stores.index.add(
                SearchDocument(subject: "", sender: "", recipients: "", body: "zebrafish notes"),
                message: try db.int("SELECT MIN(id) AS n FROM message WHERE ticket_id = \(own)"), ticket: own, in: db)
        }
        _ = try await scene.bulking.change(
            [own], TicketChange.make { $0.subject = "Zebrafish again" },
            back: "/tickets?query=from:karl@people.example", by: scene.viewer)
        try await scene.database.write { [scene] db in
            try BlockStore(events: scene.stores.events).block(
                "karl@people.example", queue: scene.queue.id, ticket: nil, actor: scene.member.id, at: now, in: db)
        }
    }

    // MARK: - Erasing

    func erase(reach: Erasure.Reach = .queues([])) async throws -> Erasure {
        let id = try await erasing.ask(
            karl, cause: .request, member: scene.member.id, reach: reach, at: scene.time.clock.now())
        try await work()
        return try await find(id)
    }

    func find(_ id: ID) async throws -> Erasure {
        let found = try await scene.database.read { [erasing] db in try erasing.store.find(id, in: db) }
        guard let found else { throw Failure(.notFound, "error-not-found") }
        return found
    }

    func work() async throws {
        let sweeping = Sweeping(database: scene.database, jobs: scene.stores.jobs)
        try await JobRunner(
            database: scene.database, store: scene.stores.jobs,
            kinds: [
                JobKind.single(Erasing.jobName, maximumAttempts: Int.max) { try await erasing.run($0) },
                JobKind.single(Sweeping.jobName) { try await sweeping.run($0) },
            ], alarm: scene.alarm, log: scene.log
        ).drain()
    }

    /// All rows of all tables as text, bytes too, in lower case.
    func everything() async throws -> [String: String] {
        try await scene.database.read { db in
            let names =
                try db.engine == .sqlite
                ? db.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
                : db.rows("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'")
            var found: [String: String] = [:]
            for name in try names.map({ try $0.text("name") }) where !name.hasPrefix("knowledge_terms") {
                let columns: SQL = db.engine == .postgres && name.hasSuffix("_row") ? "id" : "*"
                for row in try db.rows("SELECT \(columns) FROM " + SQL(text: name)) {
                    let line = row.pairs.map { Self.text($0.value) }.joined(separator: "|")
                    found[name, default: ""] += line.lowercased() + "\n"
                }
            }
            return found
        }
    }

    private static func text(_ value: Value) -> String {
        switch value {
        case .null: ""
        case .int(let number): String(number)
        case .real(let number): String(number)
        case .text(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Tables in which one of the words stands.
    func tables(with words: [String]) async throws -> [String] {
        try await everything().filter { entry in words.contains { entry.value.contains($0) } }.keys.sorted()
    }
}
