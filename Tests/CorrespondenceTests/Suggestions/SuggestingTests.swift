import Base
import Knowledge
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Rows 40 and 41 of the comparison: templates with variables, one template in many languages.
@Suite struct SuggestingTests {
    private static let question = "How may I reuse the photograph of my grandfather under the licence?"
    private static let body =
        "Dear {{contact.name}},\n\nyou may reuse this photograph when you name its author.\n\nYours"

    @Test(arguments: TestDatabase.kinds)
    func `a text is suggested by words of the mail, with the reason`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await SuggestionScene(database)
            let wanted = try await desk.addText("Reuse of a photograph", Self.body)
            _ = try await desk.addText("Password forgotten", "You can set another password on the page.")
            let ticket = try await desk.ask(Self.question, id: "1@people.example")

            let found = try await desk.suggestions(ticket)

            #expect(found.map(\.text) == [wanted.id])
            #expect(found.first?.terms.contains("photograph") == true)
            #expect(found.first?.state == .whole)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what a rule proposes stands first, and is what is inserted`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await SuggestionScene(database)
            let likely = try await desk.addText("Reuse of a photograph", Self.body)
            let proposed = try await desk.addText("Password forgotten", "You can set another password on the page.")
            let asked = try await desk.ask(Self.question, id: "1@people.example")
            try await database.write { db in
                try desk.scene.stores.tickets.setProposedText(proposed.id, of: asked, actor: nil, at: 5, in: db)
            }
            let ticket = try await desk.scene.ticket(asked.id)
            let found = try await desk.suggestions(ticket)

            #expect(found.map(\.text) == [proposed.id, likely.id])
            #expect(found.map(\.isProposed) == [true, false])
            let stranger = Viewer(memberID: desk.scene.member.id, isAdministrator: false, rights: [:])
            let theirs = try await desk.suggestions(ticket, viewer: stranger)
            #expect(!theirs.contains { $0.text == proposed.id && !$0.isProposed })
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `inserting fills placeholders and counts use and edits`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await SuggestionScene(database)
            let text = try await desk.addText("Reuse of a photograph", Self.body)
            let ticket = try await desk.ask(Self.question, id: "1@people.example")

            let draft = try await desk.insert(text.id, into: try await desk.begin(ticket.id).id)
            #expect(draft.text.hasPrefix("Dear Karl Weber,\n\nyou may reuse"))
            let edited = try await desk.begin(ticket.id, draft.text.replacing("Yours", with: "Greetings, Ana Example"))
            _ = try await desk.scene.answering.send(draft: edited.id, by: desk.scene.viewer)

            let store = desk.scene.answering.insertions
            let stranger = Viewer(memberID: desk.scene.member.id, isAdministrator: false, rights: [:])
            let (use, seen, unseen, used) = try await database.read { db in
                (
                    try store.use(of: text.id, visibleTo: desk.scene.viewer, in: db),
                    try store.used(visibleTo: desk.scene.viewer, limit: 9, in: db),
                    try store.used(visibleTo: stranger, limit: 9, in: db),
                    try store.use(of: text.id, visibleTo: stranger, in: db)
                )
            }
            #expect(seen == [text.id])
            #expect(unseen == [])
            #expect(used == InsertionStore.Use())
            #expect(use.sent == 1)
            #expect((80..<100).contains(use.kept))
            #expect(use.answered == 0)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `how similar tickets were answered is a reason, and only a text is suggested`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await SuggestionScene(database)
            let text = try await desk.addText(
                "Say thanks", "Dear {{contact.name}},\n\nname the author and all is well.")
            for number in 0..<3 {
                let ticket = try await desk.ask(Self.question + " \(number)", id: "\(number)@people.example")
                let draft = try await desk.insert(text.id, into: try await desk.begin(ticket.id).id)
                _ = try await desk.scene.answering.send(draft: draft.id, by: desk.scene.viewer)
            }
            try await desk.learn()

            let next = try await desk.ask(
                "My grandfather took a photograph. Which licence, and may others reuse it?", id: "9@people.example")
            let found = try await desk.suggestions(next)

            #expect(found.map(\.text) == [text.id])
            #expect(found.first?.tickets == 3)
            let stranger = Viewer(memberID: desk.scene.member.id, isAdministrator: false, rights: [:])
            #expect(try await desk.suggestions(next, viewer: stranger).allSatisfy { $0.tickets == 0 })
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what is redacted, protected or confidential teaches nothing`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await SuggestionScene(database)
            let text = try await desk.addText(
                "Say thanks", "Dear {{contact.name}},\n\nname the author and all is well.")
            var tickets: [Ticket] = []
            for number in 0..<3 {
                let ticket = try await desk.ask(Self.question + " \(number)", id: "\(number)@people.example")
                let draft = try await desk.insert(text.id, into: try await desk.begin(ticket.id).id)
                _ = try await desk.scene.answering.send(draft: draft.id, by: desk.scene.viewer)
                tickets.append(ticket)
            }
            try await desk.learn()
            let next = try await desk.ask(Self.question + " again", id: "9@people.example")
            #expect(try await desk.suggestions(next).first?.tickets == 3)

            let ids = tickets.map(\.id)
            try await database.write { db in
                try InsertionStore.strike(ticket: ids[0], in: db)
                try db.executeOne("UPDATE ticket SET is_protected = 1 WHERE id = \(ids[1])")
            }
            #expect(try await desk.suggestions(next).first?.tickets == 1)
            let words = try await database.read { db in
                try db.rows("SELECT words FROM insertion WHERE ticket_id = \(ids[0])").map { try $0.text("words") }
            }
            #expect(words == [""])
            try await database.write { db in
                try db.executeOne("UPDATE queue SET is_confidential = 1 WHERE id = \(desk.scene.queue.id)")
                try db.execute("DELETE FROM answered")
                try db.execute("UPDATE setting SET value = '0' WHERE name = 'answers-learned'")
            }
            try await desk.learn()
            #expect(try await database.read { try $0.int("SELECT COUNT(*) AS n FROM answered") } == 0)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `texts for others are neither suggested nor inserted`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await SuggestionScene(database)
            let hidden = try await desk.addText("Reuse of a photograph", Self.body, audience: .confidential)
            let ticket = try await desk.ask(Self.question, id: "1@people.example")
            let draft = try await desk.begin(ticket.id)

            #expect(try await desk.suggestions(ticket).isEmpty)
            #expect(try await desk.found("photograph", ticket).isEmpty)
            await #expect(throws: Failure(.refused, "suggestion-not-usable")) {
                _ = try await desk.insert(hidden.id, into: draft.id)
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a text is found by words that are typed, the last of them only begun`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await SuggestionScene(database)
            let wanted = try await desk.addText("Password forgotten", "You can set another password on the page.")
            let stranger = Viewer(memberID: 1, isAdministrator: false, rights: [:])
            let ticket = try await desk.ask(Self.question, id: "1@people.example")

            #expect(try await desk.found("another passw", ticket).map(\.text) == [wanted.id])
            #expect(try await desk.found("\"another password\"", ticket).map(\.text) == [wanted.id])
            #expect(try await desk.found("passw page nothing", ticket).isEmpty)
            #expect(try await desk.found("passw", ticket, viewer: stranger).map(\.text) == [wanted.id])
            try await database.write { [knowledge = desk.knowledge] db in
                let text = try knowledge.require(wanted.id, visibleTo: desk.scene.viewer, in: db)
                try knowledge.withdraw(text, by: desk.scene.member.id, at: desk.now, in: db)
            }
            #expect(try await desk.found("passw", ticket).isEmpty)
        }
    }
}

/// "Translate a template, make it outdated, see it refused at sending."
@Suite struct LanguageRuleTests {
    private static let german = [
        "Nachnutzung", "Guten Tag {{contact.name}},", "Sie dürfen das Foto verwenden, wenn Sie den Urheber nennen.",
    ]

    private func begun(_ database: Database) async throws -> (SuggestionScene, KnowledgeText, Ticket) {
        let desk = try await SuggestionScene(database)
        let text = try await desk.addText(
            "Reuse", "Dear {{contact.name}},\n\nyou may reuse the photograph when you name its author.")
        try await desk.translate(text.id, into: "de", Self.german)
        let ticket = try await desk.ask("Darf ich das Foto meines Großvaters verwenden?", id: "1@people.example")
        try await database.write { db in
            try db.executeOne("UPDATE ticket SET language = 'de' WHERE id = \(ticket.id)")
        }
        return (desk, text, ticket)
    }

    private func findings(_ desk: SuggestionScene, _ draft: Draft) async throws -> [Finding] {
        try await desk.scene.database.read { db in
            let ticket = try desk.scene.stores.tickets.require(draft.ticket, visibleTo: desk.scene.viewer, in: db)
            return try desk.scene.answering.checks.findings(of: draft, ticket: ticket, at: desk.now, in: db)
                .filter { $0.kind == .stale }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `an outdated language is refused at sending where the queue says so`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let (desk, text, ticket) = try await begun(database)
            try await desk.setRule(.block)
            let draft = try await desk.insert(text.id, into: try await desk.begin(ticket.id).id)
            #expect(draft.text.hasPrefix("Guten Tag Karl Weber,"))
            #expect(try await findings(desk, draft).isEmpty)

            try await desk.change(
                text.id, to: "Dear {{contact.name}},\n\nyou may reuse it when you name its author and the licence.")

            let found = try await findings(desk, draft)
            #expect(found.map(\.rule) == ["outdated"])
            #expect(found.allSatisfy { $0.isBlocking })
            await #expect(throws: Failure(.invalid, "check-held")) {
                _ = try await desk.scene.answering.send(draft: draft.id, by: desk.scene.viewer)
            }
            try await desk.setRule(.warn)
            #expect(try await findings(desk, draft).allSatisfy { !$0.isBlocking })
            try await desk.setRule(.block)
            try await desk.scene.answering.excuse(
                draft.id, because: "The licence does not matter here", by: desk.scene.viewer)
            _ = try await desk.scene.answering.send(draft: draft.id, by: desk.scene.viewer)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the rule may take the nearest language that is up to date`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let (desk, text, ticket) = try await begun(database)
            try await desk.change(
                text.id, to: "Dear {{contact.name}},\n\nyou may reuse it when you name its author and the licence.")
            try await desk.setRule(.fallBack)

            let draft = try await desk.insert(text.id, into: try await desk.begin(ticket.id).id)

            #expect(draft.text.hasPrefix("Dear Karl Weber,\n\nyou may reuse it"))
            #expect(try await findings(desk, draft).map(\.rule) == ["missing"])
            #expect(try await findings(desk, draft).allSatisfy { !$0.isBlocking })
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a wording that changed since it was inserted holds the letter back`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let (desk, text, ticket) = try await begun(database)
            try await database.write { db in
                try db.executeOne("UPDATE ticket SET language = 'en' WHERE id = \(ticket.id)")
            }
            let draft = try await desk.insert(text.id, into: try await desk.begin(ticket.id).id)

            try await desk.change(text.id, to: "Dear {{contact.name}},\n\nplease ask the photographer first.")

            #expect(try await findings(desk, draft).map(\.rule) == ["changed"])
            await #expect(throws: Failure(.invalid, "check-held")) {
                _ = try await desk.scene.answering.send(draft: draft.id, by: desk.scene.viewer)
            }
            let own = try await desk.begin(ticket.id, "Dear Karl, I write this in words of my own about the photo.")
            _ = try await desk.scene.answering.send(draft: own.id, by: desk.scene.viewer)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a text that was archived meanwhile is not sent without a reason`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let (desk, text, ticket) = try await begun(database)
            let draft = try await desk.insert(text.id, into: try await desk.begin(ticket.id).id)

            try await database.write { db in
                let known = try desk.knowledge.require(text.id, visibleTo: desk.scene.viewer, in: db)
                try desk.knowledge.archive(known, by: desk.scene.member.id, at: desk.now, in: db)
            }

            #expect(try await findings(desk, draft).map(\.rule) == ["withdrawn"])
        }
    }
}

@Suite struct GapTests {
    private static let answer = """
        thank you for asking about printing certificates. Certificates are printed by the chapter in spring;
        please register beforehand with the volunteers in charge of the ceremony.
        """

    @Test(arguments: TestDatabase.kinds)
    func `what is answered often without a text is found once, with its tickets`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await SuggestionScene(database)
            for number in 0..<5 {
                let ticket = try await desk.ask(
                    "Where do I get a printed certificate for my edits?", id: "\(number)@people.example")
                _ = try await desk.scene.answer(
                    ticket.id, to: ["karl@people.example"], text: "Dear Karl,\n\n\(Self.answer) \(number)")
            }
            let other = try await desk.ask("Something else about elephants in zoos", id: "8@people.example")
            _ = try await desk.scene.answer(
                other.id, to: ["karl@people.example"], text: "Elephants live in herds; ask the zoological portal.")
            #expect(try await !database.read { try GapFinding.hasWork(in: $0) })
            try await desk.learn()
            // What was learned is looked at soon, not in an hour.
            try await database.write { db in
                #expect(try GapFinding.hasWork(in: db))
                try desk.scene.stores.jobs.add(GapFinding.jobName, subject: 0, after: 3_600_000, in: db)
                #expect(try desk.scene.stores.jobs.ready([GapFinding.jobName], in: db).isEmpty)
                try desk.scene.stores.jobs.hurry(GapFinding.jobName, in: db)
                #expect(try !desk.scene.stores.jobs.ready([GapFinding.jobName], in: db).isEmpty)
            }
            try await desk.findGaps()
            try await desk.findGaps()
            #expect(try await !database.read { try GapFinding.hasWork(in: $0) })

            let gaps = try await database.read { db in
                try GapStore().open(visibleTo: desk.scene.viewer, limit: 10, in: db)
            }
            #expect(gaps.map(\.size) == [5])
            let stranger = Viewer(memberID: desk.scene.member.id, isAdministrator: false, rights: [:])
            #expect(
                try await database.read { try GapStore().open(visibleTo: stranger, limit: 10, in: $0) }.isEmpty)

            let id = try #require(gaps.first).id
            try await database.write { db in
                #expect(throws: Failure(.notFound, "error-not-found")) {
                    _ = try GapStore().require(id, visibleTo: stranger, in: db)
                }
                try GapStore().decide(id, text: nil, by: desk.scene.member.id, in: db)
                #expect(try GapStore().open(visibleTo: desk.scene.viewer, limit: 10, in: db).isEmpty)
            }
        }
    }
}
