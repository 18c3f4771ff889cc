import Base
import Storage
import TestKit
import Testing

@testable import Correspondence

/// A letter that holds something that must not leave is refused on every way out, until somebody says why it goes.
@Suite struct HoldingTests {
    private func begun(_ database: Database) async throws -> (Scene, Ticket) {
        let scene = try await Scene(database)
        try await scene.receive(Scene.mail(from: "Karl Weber <karl@people.example>", id: "1@people.example"))
        return (scene, try #require(try await scene.tickets().first))
    }

    private func draft(
        _ scene: Scene, _ ticket: ID, _ text: String, to: [String] = ["karl@people.example"]
    ) async throws -> Draft {
        try await scene.database.write { db in
            let ticket = try scene.stores.tickets.require(ticket, visibleTo: scene.viewer, in: db)
            return try scene.drafts.save(
                Draft.Content(to: to, cc: [], subject: "Re: A photo", text: text), ticket: ticket,
                author: scene.member.id, seenVersion: ticket.version, at: scene.time.clock.now(), in: db)
        }
    }

    private func findings(_ scene: Scene, _ draft: Draft) async throws -> [Finding] {
        try await scene.database.read { db in
            let ticket = try scene.stores.tickets.require(draft.ticket, visibleTo: scene.viewer, in: db)
            return try scene.answering.checks.findings(of: draft, ticket: ticket, at: 0, in: db)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a placeholder holds a letter back until a reason is given, for just these words`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (scene, ticket) = try await begun(database)
            let held = try await draft(scene, ticket.id, "Dear {{contact.name}}, thank you for the photo.")

            await #expect(throws: Failure(.invalid, "check-held")) {
                _ = try await scene.answering.send(draft: held.id, by: scene.viewer)
            }
            await #expect(throws: Failure(.invalid, "check-held")) {
                let later = LaterSending(
                    answering: scene.answering, database: scene.database, stores: scene.stores, drafts: scene.drafts,
                    members: scene.members, clock: scene.time.clock)
                try await later.schedule(draft: held.id, at: scene.time.clock.now() + 60_000, by: scene.viewer)
            }
            try await scene.answering.excuse(held.id, because: "  ", by: scene.viewer)
            await #expect(throws: Failure.self) { _ = try await scene.answering.send(draft: held.id, by: scene.viewer) }

            try await scene.answering.excuse(held.id, because: "The letter is about this template", by: scene.viewer)
            let changed = try await draft(scene, ticket.id, "Dear [name], about {{contact.name}}.")
            await #expect(throws: Failure.self) {
                _ = try await scene.answering.send(draft: changed.id, by: scene.viewer)
            }
            try await scene.answering.excuse(changed.id, because: "Both are examples", by: scene.viewer)
            _ = try await scene.answering.send(draft: changed.id, by: scene.viewer)

            let (reasons, events) = try await scene.database.read { db in
                (
                    try scene.answering.checks.store.reasons(draft: held.id, in: db),
                    try db.rows("SELECT data FROM event WHERE kind = 'check-overridden' ORDER BY id").map {
                        try $0.text("data")
                    }
                )
            }
            #expect(reasons.map(\.reason) == ["The letter is about this template", "Both are examples"])
            #expect(events.count == 2)
            #expect(events.allSatisfy { $0.contains("placeholder") && !$0.contains("template") })
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `data that only others wrote may not be told`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let (scene, ticket) = try await begun(database)
            try await scene.database.write { db in
                let ticket = try scene.stores.tickets.require(ticket.id, visibleTo: scene.viewer, in: db)
                _ = try scene.noting(
                    "The photographer is maria@people.example, +49 151 23456789, DE89 3704 0044 0532 0130 00.", ticket,
                    db)
            }

            let told = try await draft(
                scene, ticket.id,
                "Please write to Maria@people.example or call 0151 / 234567-89. DE89370400440532013000")
            let own = try await findings(scene, told)

            #expect(own.filter { $0.kind == .privateData }.map(\.rule) == ["mail", "phone", "account"])
            #expect(own.filter { $0.kind == .privateData }.allSatisfy { $0.isBlocking })
            await #expect(throws: Failure(.invalid, "check-held")) {
                _ = try await scene.answering.send(draft: told.id, by: scene.viewer)
            }
            let fine = try await draft(
                scene, ticket.id, "Write to karl@people.example or info@desk.example, +49 30 9999999.")
            #expect(try await findings(scene, fine).filter { $0.kind == .privateData }.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what the person wrote themselves may be repeated to them, not to others`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(
                Scene.mail(from: "Karl <karl@people.example>", id: "1@people.example", text: "Call me: 0151 23456789"))
            let ticket = try #require(try await scene.tickets().first)

            let back = try await draft(scene, ticket.id, "We will call 0151 23456789.")
            #expect(try await findings(scene, back).filter(\.isBlocking).isEmpty)

            let other = try await draft(scene, ticket.id, "Karl is at 0151 23456789.", to: ["eva@people.example"])
            #expect(try await findings(scene, other).filter(\.isBlocking).map(\.other) == ["eva@people.example"])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the name and the number are compared with what we know`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let (scene, ticket) = try await begun(database)

            let wrong = try await draft(
                scene, ticket.id, "Dear Anna,\n\nthank you for ticket 2026112100000172, we will look at it.")
            let kinds = try await findings(scene, wrong).map(\.kind)
            #expect(kinds.contains(.name))
            _ = try await scene.answering.send(draft: wrong.id, by: scene.viewer)

            let right = try await draft(scene, ticket.id, "Dear Karl,\n\nthank you for \(ticket.number).")
            #expect(try await findings(scene, right).isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `tone and length never hold back, and can be hidden`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let (scene, ticket) = try await begun(database)
            let rude = try await draft(scene, ticket.id, "You failed to read it. As I already said, you must wait!!")
            let store = scene.answering.checks.store

            #expect(try await findings(scene, rude).map(\.kind).contains(.tone))
            try await scene.database.write { db in
                try store.setHidden(true, .tone, of: scene.member.id, in: db)
                #expect(try store.hidden(of: scene.member.id, in: db) == [.tone])
                #expect(throws: Failure.self) { try store.setHidden(true, .placeholder, of: scene.member.id, in: db) }
                try store.setHidden(false, .tone, of: scene.member.id, in: db)
                #expect(try store.hidden(of: scene.member.id, in: db).isEmpty)
            }
            _ = try await scene.answering.send(draft: rude.id, by: scene.viewer)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `redaction strikes reasons too`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let (scene, ticket) = try await begun(database)
            let held = try await draft(scene, ticket.id, "Dear [name], thank you.")
            try await scene.answering.excuse(held.id, because: "because Karl Weber asked", by: scene.viewer)

            try await scene.database.write { db in
                try CheckStore.strike(ticket: ticket.id, in: db) { $0.replacing("Karl Weber", with: "█") }
            }

            let reasons = try await scene.database.read { db in
                try scene.answering.checks.store.reasons(draft: held.id, in: db).map(\.reason)
            }
            #expect(reasons == ["because █ asked"])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the team's own earlier answers in a language are the measure`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let (scene, ticket) = try await begun(database)
            let text = Array(repeating: "We have looked at the photo and found the page.", count: 5).joined(
                separator: " ")
            for _ in 0..<12 { _ = try await scene.answer(ticket.id, to: ["karl@people.example"], text: text) }
            let store = ReadabilityStore(database: scene.database, jobs: scene.stores.jobs)
            try await scene.database.write { db in try scene.stores.jobs.addOnce(ReadabilityStore.jobName, in: db) }
            let job = try await scene.database.write { db in
                try scene.stores.jobs.claim(ReadabilityStore.jobName, limit: 1, lease: 60_000, in: db).first
            }

            try await store.run(try #require(job))

            let (english, german) = try await scene.database.read { db in
                (
                    try ReadabilityStore.usual(language: "en", measure: "flesch", in: db),
                    try ReadabilityStore.usual(language: "de", measure: "amstad", in: db)
                )
            }
            #expect(english?.count == 12)
            #expect(english?.low == english?.high)
            #expect(german == nil)
        }
    }
}

extension Scene {
    @discardableResult func noting(_ text: String, _ ticket: Ticket, _ db: any Connection) throws -> ID {
        try Noting(stores: stores, ids: IDMaker(node: 2, clock: .system)).add(
            text, to: ticket, by: viewer, name: "Ana", files: [], at: time.clock.now(), in: db)
    }
}
