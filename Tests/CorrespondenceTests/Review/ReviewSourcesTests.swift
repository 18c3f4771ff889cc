import Base
import Foundation
import Knowledge
import People
import Storage
import TestKit
import Testing

@testable import Correspondence

/// What a reply was made from: what counts as reviewed, and whom a reader's thanks reach.
struct ReviewSourcesTests {
    @Test(arguments: TestDatabase.kinds) func `a paragraph unchanged from a text of a colleague counts as reviewed`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let (trainee, lead) = (try scene.viewer(.trainee), try scene.viewer(.lead))
            let text = try await scene.addText("Thank you for {{ticket.subject}}.\n\nIt is free.", by: lead)
            let draft = try await scene.base.draft(WritingScene.content(""), by: trainee)
            let inserted = try await scene.insert(text, into: draft.id, by: trainee)
            try await scene.change(
                draft.id, to: inserted.text.replacing("It is free.", with: "It is quite free."), by: trainee)

            let sources = try await scene.sources(of: draft.id)
            let now = try await database.read { try scene.scene.drafts.require(draft.id, in: $0).text }
            let paragraphs = ReviewParagraphs(now, sources: sources)

            #expect(paragraphs.own.map(\.text) == ["It is quite free."])
            #expect(paragraphs.unchanged.map(\.source) == ["Free"])
            // Filled in, as it was inserted: that is what is compared.
            #expect(sources.map(\.text) == [inserted.text])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `nobody reviews their own by way of a template`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let (trainee, lead) = (try scene.viewer(.trainee), try scene.viewer(.lead))
            let own = try await scene.addText("Whatever I like to say.", by: trainee)
            let draft = try await scene.base.draft(WritingScene.content(""), by: trainee)
            _ = try await scene.insert(own, into: draft.id, by: trainee)
            #expect(try await scene.sources(of: draft.id).flatMap(\.paragraphs).map(\.isReviewed) == [false])

            // The same words count once a second person stands behind them.
            let theirs = try await scene.addText("Whatever we like to say.", by: lead)
            _ = try await scene.insert(theirs, into: draft.id, by: trainee)
            #expect(try await scene.sources(of: draft.id).flatMap(\.paragraphs).map(\.isReviewed) == [false, true])
            // And not where that person writes along.
            try await scene.change(draft.id, to: "Together.", by: lead)
            #expect(try await scene.sources(of: draft.id).flatMap(\.paragraphs).map(\.isReviewed) == [false, false])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a letter that left shows what was reviewed before as it did`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let (trainee, lead) = (try scene.viewer(.trainee), try scene.viewer(.lead))
            let text = try await scene.addText("Thank you for {{ticket.subject}}.\n\nIt is free.", by: lead)
            let own = try await scene.addText("I like what I say.", by: trainee)
            let draft = try await scene.base.draft(WritingScene.content(""), by: trainee)
            _ = try await scene.insert(text, into: draft.id, by: trainee)
            let inserted = try await scene.insert(own, into: draft.id, by: trainee)
            try await scene.change(
                draft.id, to: inserted.text.replacing("It is free.", with: "It is quite free."), by: trainee)
            let id = try await scene.reviewing.submit(draft: draft.id, by: trainee)
            func marked() async throws -> (own: [String], unchanged: [String]) {
                let text = try await database.read {
                    try scene.reviewing.reviews.versions(of: id, in: $0).last?.text ?? ""
                }
                let paragraphs = ReviewParagraphs(text, sources: try await scene.sources(of: draft.id))
                return (paragraphs.own.map(\.text), paragraphs.unchanged.map(\.text))
            }
            let before = try await marked()
            #expect(before.own == ["It is quite free.", "I like what I say."])
            #expect(before.unchanged.count == 1)

            let sent = try await scene.reviewing.approve(id, number: 1, sends: true, by: scene.other)
            let message = try #require(sent)
            try await database.write { try scene.scene.drafts.forget(message: message, in: $0) }

            #expect(try await marked() == before)
            // No words are kept beside the letter, and the letter alone says the same.
            let (kept, sources) = try await database.read { db in
                (
                    try db.rows("SELECT words FROM insertion").map { try $0.text("words") },
                    try scene.scene.answering.sources.ofMessage(message, db)
                )
            }
            #expect(kept.count == 2 && kept.allSatisfy { !$0.contains("Thank") && !$0.contains("like") })
            #expect(ReviewParagraphs(before.unchanged[0], sources: sources).own.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `of a translation only what was reviewed in that language counts`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let (trainee, lead) = (try scene.viewer(.trainee), try scene.viewer(.lead))
            let text = try await scene.addText("Thank you for it.\n\nIt is free.", by: lead)
            let ids = try await scene.translate(
                text, into: "de", ["Frei", "Danke dafür.", "Es ist frei."], by: trainee)
            try await scene.look(at: [ids[1]], of: text, in: "de", by: scene.other)
            try await database.write { db in
                try db.execute("UPDATE ticket SET language = 'de' WHERE id = \(scene.base.ticket.id)")
            }
            let draft = try await scene.base.draft(WritingScene.content(""), by: trainee)
            _ = try await scene.insert(text, into: draft.id, by: trainee)

            let source = try #require(try await scene.sources(of: draft.id).first)
            #expect(source.name == "Frei")
            #expect(source.paragraphs.map(\.isReviewed) == [true, false])
            #expect(source.translators == [trainee.memberID])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `thanks reach writer, reviewer and translators, also outside the queue`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await ReviewScene(database)
            let (trainee, lead) = (try scene.viewer(.trainee), try scene.viewer(.lead))
            let outside = try await scene.addMember("tomas")
            let text = try await scene.addText("Thank you for it.", by: lead)
            _ = try await scene.translate(text, into: "de", ["Frei", "Danke dafür, es ist schön."], by: outside)
            try await database.write { db in
                try db.execute("UPDATE ticket SET language = 'de' WHERE id = \(scene.base.ticket.id)")
            }
            let draft = try await scene.base.draft(WritingScene.content(""), by: trainee)
            _ = try await scene.insert(text, into: draft.id, by: trainee)
            let review = try await scene.reviewing.submit(draft: draft.id, by: trainee)
            try await scene.reviewing.approve(review, number: 1, sends: true, by: scene.other)
            scene.scene.time.advance(60_000)
            try await scene.scene.receive(
                Scene.mail(id: "3@people.example", references: "1@people.example", text: "Thank you so much!"))
            let thanks = try #require(
                try await scene.scene.messages(scene.base.ticket.id).last { $0.direction == .incoming })
            try await scene.tell()
            try await database.write { db in
                let ticket = try scene.scene.stores.tickets.require(
                    scene.base.ticket.id, visibleTo: lead, in: db)
                try Thanking(events: scene.scene.stores.events).turn(thanks, in: ticket, by: lead, at: 9, in: db)
            }

            try await scene.tell()

            let told = try await [trainee, scene.other, outside].asyncMap { viewer in
                try await scene.notices(of: viewer).first { $0.kind == .thanks }?.about
            }
            let ticket = NoticeSubject.ticket(scene.base.ticket.id)
            #expect(told == [ticket, ticket, .text(text)])
        }
    }
}

extension Sequence {
    func asyncMap<T>(_ body: (Element) async throws -> T) async throws -> [T] {
        var all: [T] = []
        for each in self { all.append(try await body(each)) }
        return all
    }
}

extension ReviewScene {
    var knowledge: KnowledgeStore { scene.answering.knowledge }

    func addMember(_ name: String) async throws -> Viewer {
        try await database.write { db in
            let member = try scene.members.add(
                email: "\(name)@desk.example", name: name, isAdministrator: false, password: nil, mustChange: false,
                actor: nil, at: 0, in: db)
            return try scene.members.viewer(member, in: db)
        }
    }

    /// A published template, named "Free".
    func addText(_ body: String, by viewer: Viewer) async throws -> ID {
        let now = scene.time.clock.now()
        return try await database.write { db in
            let text = try knowledge.add(
                .template, language: "en", TextContent(title: "Free", body: body),
                TextProperties(audience: .team, owner: viewer.memberID), by: viewer.memberID, at: now, in: db)
            try knowledge.publish(text, from: nil, by: viewer.memberID, at: now, in: db)
            return text.id
        }
    }

    func insert(_ text: ID, into draft: ID, by viewer: Viewer) async throws -> Draft {
        let now = scene.time.clock.now()
        let zone = TimeZone(secondsFromGMT: 0) ?? .current
        return try await database.write { db in
            try scene.answering.inserting(zone: zone).insert(text, into: draft, by: viewer, at: now, in: db)
        }
    }

    func sources(of draft: ID) async throws -> [ReviewSource] {
        try await database.read { try scene.answering.sources.ofDraft(draft, $0) }
    }

    /// Title and paragraphs; returns their ids.
    func translate(_ text: ID, into language: String, _ words: [String], by viewer: Viewer) async throws -> [ID] {
        let now = scene.time.clock.now()
        return try await database.write { db in
            let known = try knowledge.require(text, visibleTo: scene.viewer, in: db)
            let source = try knowledge.paragraphs.current(of: text, in: db)
            let entries = zip(source, words).map {
                TranslationEntry(paragraph: $0.id, words: $1, isDraft: false, seen: 0)
            }
            _ = try knowledge.translations.save(
                entries, of: known, into: language, by: viewer.memberID, at: now, in: db)
            return source.map(\.id)
        }
    }

    func look(at paragraphs: [ID], of text: ID, in language: String, by viewer: Viewer) async throws {
        try await database.write { db in
            let known = try knowledge.require(text, visibleTo: scene.viewer, in: db)
            try knowledge.translations.review(
                paragraphs, of: known, in: language, by: viewer.memberID, at: scene.time.clock.now(), in: db)
        }
    }

    /// Seals what happened and makes notices of it; the first call begins the count.
    func tell() async throws {
        while try await database.write({ try EventSealer().seal(limit: 100, in: $0) }) != nil {}
        let ids = reviewing.reviews.ids
        let making = NoticeMaking(
            database: database, members: scene.members, notices: NoticeStore(ids: ids), jobs: scene.stores.jobs,
            ids: ids, alarm: scene.alarm, sources: scene.answering.sources, knowledge: knowledge)
        try await making.run()
    }

    func notices(of viewer: Viewer) async throws -> [Notice] {
        try await database.read { db in
            try NoticeStore(ids: reviewing.reviews.ids).page(before: nil, visibleTo: viewer, limit: 50, in: db)
                .map(\.notice)
        }
    }
}
