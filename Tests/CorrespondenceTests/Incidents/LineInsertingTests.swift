import Base
import Storage
import TestKit
import Testing

@testable import Correspondence

/// The agreed line of an incident in one reply, and where each version was said.
struct LineInsertingTests {
    private static let later: Milliseconds = 86_400_000

    @Test(arguments: TestDatabase.kinds) func `a line in one reply is a use, found with its version`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let (id, ticket) = try await scene.agreedTicket()
            let draft = try await scene.insertLine(of: id, into: try await scene.draft(ticket))

            #expect(draft.text == "Hello,\n\nWe know of it and are working on it.")
            #expect(try await scene.uses(id).entries.map(\.way) == [.draft])
            let message = try await scene.answering.send(draft: draft.id, by: scene.viewer)
            let sent = try await scene.uses(id)
            #expect(sent.entries.map(\.way) == [.reply] && sent.entries.first?.message == message)
            #expect(sent.lines.map(\.uses) == [1])

            // Whoever was told so is not told again with the others.
            _ = try await scene.grouping.start(id, by: scene.viewer)
            try await scene.runAnswers()
            #expect(try await scene.letters().count == 8)
            #expect(Set(try await scene.letters().map(\.to)).count == 8)

            // Another version: the old one is found wherever it was said.
            try await scene.writeLine("It works again.", for: id)
            let all = try await scene.uses(id)
            #expect(all.lines.map(\.version) == [2, 1] && all.lines.map(\.uses) == [0, 8])
            #expect(all.entries.count { $0.way == .group } == 7 && all.entries.count { $0.way == .reply } == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `an answer that is taken back is a draft with its line again`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let (id, ticket) = try await scene.agreedTicket()
            let draft = try await scene.insertLine(of: id, into: try await scene.draft(ticket))
            let message = try await scene.answering.send(draft: draft.id, by: scene.viewer)
            _ = try await scene.answering.undo(message: message, by: scene.viewer)
            let back = try await scene.uses(id)
            try await database.write { [scene] db in try scene.drafts.delete(draft.id, in: db) }
            let gone = try await scene.uses(id)

            #expect(back.entries.map(\.way) == [.draft] && back.lines.map(\.uses) == [0])
            #expect(gone.entries.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a line the writer took out of the letter was not said`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let (id, ticket) = try await scene.agreedTicket()
            let draft = try await scene.insertLine(of: id, into: try await scene.draft(ticket))
            var content = draft.content
            content.text = "Something else entirely, about another page."
            let changed = try await database.write { [scene, content] db in
                try scene.drafts.change(
                    draft.id, to: content, seenVersion: draft.seenVersion, expecting: draft.version,
                    by: scene.member.id, at: 9, in: db)
            }
            _ = try await scene.answering.send(draft: changed.id, by: scene.viewer)
            let uses = try await scene.uses(id)

            #expect(uses.entries.isEmpty && uses.lines.map(\.uses) == [0])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a line that ran out, is another's to say or is no line here is refused`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let (id, ticket) = try await scene.agreedTicket()
            let draft = try await scene.draft(ticket)
            let bea = try await scene.colleague("bea")
            let first = try await scene.newestLine(of: id)
            scene.time.advance(2 * Self.later)
            #expect(await failureKey { _ = try await scene.insertLine(of: id, into: draft) } == "incident-line-ran-out")
            try await scene.writeLine("Only Bea says this.", for: id, speakers: [bea.memberID])
            #expect(await failureKey { _ = try await scene.insertLine(of: id, into: draft) } == "incident-line-speaker")
            #expect(
                await failureKey { _ = try await scene.insertLine(of: id, into: draft, line: first) }
                    == "incident-line-gone")
            try await scene.writeLine("Everybody says this.", for: id)
            let other = try await scene.open(["About something else"], language: "en")[0]
            let elsewhere = try await scene.draft(other)
            #expect(
                await failureKey { _ = try await scene.insertLine(of: id, into: elsewhere) } == "incident-line-gone")
            let kept = try await database.read { [scene] db in try scene.drafts.require(draft.id, in: db).text }
            #expect(kept.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds, ["replaced", "expired", "speaker"])
    func `what changes after a line was put in holds the letter until a reason is given`(
        kind: TestDatabase, change: String
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let (id, ticket) = try await scene.agreedTicket()
            let bea = try await scene.colleague("bea")
            let draft = try await scene.insertLine(of: id, into: try await scene.draft(ticket))
            switch change {
            case "replaced": try await scene.writeLine("It works again.", for: id)
            case "expired": scene.time.advance(2 * Self.later)
            default:
                try await database.write { db in
                    try db.execute(
                        """
                        INSERT INTO incident_speaker (line_id, member_id)
                        SELECT line_id, \(bea.memberID) FROM line_use
                        """)
                }
            }
            let found = try await database.read { [scene] db in
                try StaleLine.findings(of: draft, at: scene.time.clock.now(), in: db)
            }
            #expect(
                await failureKey { _ = try await scene.answering.send(draft: draft.id, by: scene.viewer) }
                    == "check-held")
            try await scene.answering.excuse(draft.id, because: "Still true for this person", by: scene.viewer)
            _ = try await scene.answering.send(draft: draft.id, by: scene.viewer)

            #expect(found.map(\.rule) == ["line-\(change)"] && found.allSatisfy(\.isBlocking))
        }
    }

    @Test(arguments: TestDatabase.kinds) func `tickets one does not see are counted, a redacted one leaves no words`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let (id, ticket) = try await scene.agreedTicket()
            let draft = try await scene.insertLine(of: id, into: try await scene.draft(ticket))
            _ = try await scene.answering.send(draft: draft.id, by: scene.viewer)
            let vault = try await database.write { [scene] db -> ID in
                let vault = try scene.stores.queues.add(
                    name: "vault", displayName: "Vault", addresses: ["vault@desk.example"], isList: false, actor: nil,
                    at: 0, in: db)
                try db.execute("UPDATE ticket SET queue_id = \(vault.id) WHERE id = \(ticket.id)")
                try LineUseStore.strike(ticket: ticket.id, in: db)
                return vault.id
            }
            let outside = try await scene.uses(id)
            let insider = Viewer(
                memberID: scene.member.id, isAdministrator: true,
                rights: [scene.queue.id: Set(Right.allCases), vault: Set(Right.allCases)])
            let inside = try await scene.uses(id, as: insider)
            let words = try await database.read { db in
                try db.rows("SELECT words FROM line_use").map { try $0.text("words") }
            }

            #expect(outside.entries.isEmpty && outside.hidden.values.reduce(0, +) == 1)
            #expect(inside.entries.map(\.ticket.id) == [ticket.id])
            #expect(words == [""])
            let stranger = Viewer(memberID: scene.member.id, isAdministrator: false, rights: [:])
            await #expect(throws: Failure(.notFound, "error-not-found")) {
                try await scene.uses(id, as: stranger)
            }
        }
    }
}

/// The key of what is said when something is refused; failures are equal by their code alone.
func failureKey(_ body: () async throws -> Void) async -> String {
    do {
        try await body()
        return ""
    } catch let failure as Failure {
        return failure.messageKey
    } catch {
        return "\(error)"
    }
}

extension Scene {
    /// An open incident of eight people with a line, and one of its tickets.
    func agreedTicket() async throws -> (incident: ID, ticket: Ticket) {
        try await flood(8)
        let id = try await agreed()
        let entries = try await database.read { [incidents, viewer] db in
            try incidents.tickets(of: id, visibleTo: viewer, in: db).entries
        }
        guard let ticket = entries.first?.ticket else { throw Failure(.notFound, "error-not-found") }
        return (id, ticket)
    }

    /// An empty answer the member has begun.
    func draft(_ ticket: Ticket) async throws -> Draft {
        try await database.write { [drafts, member, stores] db in
            let now = try stores.tickets.require(ticket.id, visibleTo: viewer, in: db)
            let to = try db.first("SELECT from_address FROM message WHERE ticket_id = \(ticket.id)")
            let content = Draft.Content(
                to: [try to?.text("from_address") ?? "karl@people.example"], cc: [], subject: "Re", text: "")
            return try drafts.save(
                content, ticket: now, author: member.id, seenVersion: now.version, at: 5, in: db)
        }
    }

    func newestLine(of incident: ID) async throws -> ID {
        let line = try await database.read { [incidents] db in try incidents.lines(of: incident, in: db).first }
        guard let line else { throw Failure(.notFound, "error-not-found") }
        return line.id
    }

    @discardableResult func insertLine(of incident: ID, into draft: Draft, line: ID? = nil) async throws -> Draft {
        let newest = try await newestLine(of: incident)
        let now = time.clock.now()
        return try await database.write { [grouping, viewer] db in
            try LineInserting(grouping: grouping).insert(line ?? newest, into: draft.id, by: viewer, at: now, in: db)
        }
    }

    func writeLine(_ text: String, for incident: ID, speakers: [ID] = []) async throws {
        let now = time.clock.now()
        let wording = IncidentStore.Wording(
            language: "en", text: text, expiresAt: now + 3_600_000, speakers: speakers)
        try await database.write { [incidents, viewer] db in
            _ = try incidents.write(wording, for: incident, by: viewer, at: now, in: db)
        }
    }

    func uses(_ incident: ID, as viewer: Viewer? = nil) async throws -> LineUses {
        try await database.read { [grouping] db in
            try LineUses.read(incident, grouping, visibleTo: viewer ?? self.viewer, in: db)
        }
    }
}
