import Base
import Storage
import TestKit
import Testing
import Text

@testable import Knowledge

/// Row 82 of the table of desks: templates, articles, briefings and figures in one store, under one tracking.
struct KnowledgeStoreTests {
    @Test(arguments: TestDatabase.kinds)
    func `each saving is a version, and an old one comes back with its translations`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let text = try await scene.add("T", "Keep this.\n\nThe whole second paragraph of it.")
            try await scene.translate(text.id, "de", by: scene.reader) { "de \($0)" }
            _ = try await scene.save("T", "Keep this.", of: text.id)
            let same = try await scene.save("T", "Keep this.\n\n", of: text.id)
            #expect(same.version == 2)
            #expect(try await scene.states(text.id, "de") == [.translated, .translated])

            let restored = try await database.write { db in
                try scene.store.restore(1, of: same, note: "", by: scene.owner.id, at: scene.now + 9000, in: db)
            }

            #expect(restored.version == 3)
            #expect(try await scene.states(text.id, "de") == [.translated, .translated, .translated])
            let (versions, body) = try await database.read {
                (try scene.store.versions(of: text.id, limit: 10, in: $0), try scene.store.body(of: text.id, in: $0))
            }
            #expect(versions.map(\.number) == [3, 2, 1])
            #expect(versions[0].paragraphs == versions[2].paragraphs)
            #expect(body == "Keep this.\n\nThe whole second paragraph of it.")
        }
    }

    /// Row 82: whatever kind it is, its paragraphs are followed in the same way and found by the same question.
    @Test(arguments: TestDatabase.kinds) func `texts of every kind are under one tracking`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            for kind in TextKind.allCases {
                let text = try await scene.add(
                    "A \(kind)", "Stays.\n\nIt is so.", kind: kind,
                    fields: kind == .keyFigure ? ["value": "12", "source": "count"] : [:], isPublished: false)
                try await scene.translate(text.id, "de", by: scene.reader) { "de \($0)" }
                _ = try await scene.save("A \(kind)", "Stays.\n\nIt is otherwise now.", of: text.id)

                #expect(
                    try await scene.states(text.id, "de") == [.translated, .translated, .outdated], "\(kind)")
                #expect(try await scene.progress(text.id, "de")?.outdated == 1, "\(kind)")
            }
            let behind = try await database.read {
                try $0.int("SELECT COUNT(*) AS n FROM knowledge_language WHERE language = 'de' AND outdated = 1")
            }
            #expect(Int(behind) == TextKind.allCases.count)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `who saves over a newer version is told`(kind: TestDatabase) async throws
    {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let text = try await scene.add()
            _ = try await scene.save("New", "words", of: text.id)

            await #expect(throws: Failure(.conflict, "knowledge-changed")) {
                try await database.write { db in
                    let text = try scene.store.reread(text.id, in: db)
                    _ = try scene.store.save(
                        TextContent(title: "Mine", body: "words"), of: text, seen: 1, by: scene.owner.id, at: 0, in: db)
                }
            }
        }
    }

    /// Role × audience: what each may read. Not there and not allowed look the same.
    @Test(arguments: TestDatabase.kinds) func `a text is read by its audience and by nobody else`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let team = try await database.write { db in
                try scene.teams.seat(
                    scene.administrator.id, in: scene.team.id, isLead: false, actor: nil, at: 0, in: db)
                return try scene.teams.add(name: "Legal", actor: nil, at: 0, in: db)
            }
            let texts: [(String, KnowledgeText, readers: Set<ID>)] = [
                (
                    "public", try await scene.add(audience: .public),
                    [scene.owner.id, scene.reader.id, scene.administrator.id]
                ),
                (
                    "team", try await scene.add(audience: .team),
                    [scene.owner.id, scene.reader.id, scene.administrator.id]
                ),
                (
                    "team of others", try await scene.add(audience: .team, teams: [team.id]),
                    [scene.owner.id, scene.administrator.id]
                ),
                ("confidential", try await scene.add(audience: .confidential), [scene.owner.id]),
                (
                    "confidential of others", try await scene.add(audience: .confidential, teams: [team.id]),
                    [scene.owner.id]
                ),
                (
                    "confidential of the press", try await scene.add(audience: .confidential, teams: [scene.team.id]),
                    [scene.owner.id, scene.administrator.id]
                ),
            ]
            for member in [scene.owner, scene.reader, scene.administrator] {
                let viewer = try await scene.viewer(member)
                let listed = try await database.read { db in
                    try TextList().page(TextFilter(), visibleTo: viewer, limit: 50, in: db).texts.map(\.id)
                }
                var search = TextFilter()
                search.query = try SearchQuery.parse("photo", now: 0)
                let asked = search
                let (found, count) = try await database.read { db in
                    (
                        try TextList().page(asked, visibleTo: viewer, limit: 50, in: db).texts.map(\.id),
                        try TextList().count(asked, visibleTo: viewer, in: db)
                    )
                }
                for (name, text, readers) in texts {
                    let isReader = readers.contains(member.id)
                    let what = "\(member.name) \(name)"
                    #expect(listed.contains(text.id) == isReader, "\(what)")
                    #expect(found.contains(text.id) == isReader, "\(what)")
                    let single = try await database.read { db in
                        try scene.store.find(text.id, visibleTo: viewer, in: db)
                    }
                    #expect((single != nil) == isReader, "\(what)")
                    let named = try? await database.read { db in
                        try scene.store.require(slug: text.slug, visibleTo: viewer, in: db)
                    }
                    #expect((named != nil) == isReader, "\(what)")
                }
                #expect(Int(count) == texts.count { $0.readers.contains(member.id) })
            }
        }
    }

    /// Row 80 of the table of desks: states, publishing at a time, embargo.
    @Test(arguments: TestDatabase.kinds) func `everybody reads what is public, published, and free of its embargo`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let (later, embargo) = (scene.now + 1000, scene.now + 2000)
            let now = try await scene.add("Now", "w", kind: .article, audience: .public)
            _ = try await scene.add("Draft", "w", kind: .article, audience: .public, isPublished: false)
            _ = try await scene.add("Inside", "w", kind: .article, audience: .team)
            _ = try await scene.add("Secret", "w", kind: .article, audience: .confidential)
            let planned = try await scene.add("Planned", "w", kind: .article, audience: .public, isPublished: false)
            let held = try await scene.add("Held", "w", kind: .article, audience: .public)
            let gone = try await scene.add("Gone", "w", kind: .article, audience: .public)
            try await database.write { db in
                try scene.store.publish(planned, from: later, by: scene.owner.id, at: scene.now, in: db)
                try scene.store.setProperties(
                    TextProperties(audience: .public, owner: scene.owner.id, embargoUntil: embargo), of: held,
                    by: scene.owner.id, at: scene.now, in: db)
                try scene.store.archive(gone, by: scene.owner.id, at: scene.now, in: db)
            }
            func titles(_ at: Milliseconds) async throws -> Set<String> {
                Set(
                    try await database.read {
                        try scene.store.publicTexts([.article], at: at, limit: 50, in: $0).map(\.title)
                    })
            }

            #expect(try await titles(scene.now) == ["Now"])
            #expect(try await titles(later) == ["Now", "Planned"])
            #expect(try await titles(embargo) == ["Now", "Planned", "Held"])
            let one = try await database.read { try scene.store.publicText(slug: now.slug, at: scene.now, in: $0) }
            #expect(one?.id == now.id)
            let none = try await database.read { try scene.store.publicText(slug: held.slug, at: scene.now, in: $0) }
            #expect(none == nil)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a key figure has a value, and is not used after its day`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            await #expect(throws: Failure(.invalid, "")) { _ = try await scene.add("Editors", "", kind: .keyFigure) }
            let figure = try await scene.add(
                "Editors", "Counted each month.", kind: .keyFigure,
                fields: [
                    "value": "280,000", "source": "stats.almanac.example", "as-of": "2026-10-01",
                    "expires": "2026-11-20",
                ])
            let viewer = try await scene.viewer(scene.reader)

            for (at, value) in [(scene.now, "280,000"), (scene.now + 5 * 86_400_000, nil)] as [(Milliseconds, String?)]
            {
                let figures = try await database.read {
                    try scene.store.figures([figure.slug], visibleTo: viewer, at: at, in: $0)
                }
                #expect(figures[figure.slug] == value)
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `words are found in every language of a text`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let text = try await scene.add("Licences of photos", "Which licence a photo may have.", kind: .article)
            _ = try await scene.add("Other", "Nothing of it.")
            try await scene.translate(text.id, "ja", by: scene.reader) { $0 == 0 ? "写真のライセンス" : "写真に付けられるもの" }
            try await scene.translate(text.id, "fr", by: scene.reader, isDraft: true) { _ in "brouillon" }
            let viewer = try await scene.viewer(scene.reader)
            for (words, count) in [
                ("licence", 1), ("写真", 1), ("subject:写真", 1), ("brouillon", 0), ("\"may have\"", 1), ("licen*", 1),
                ("licence -photo", 0), ("nothing OR licence", 2), ("language:ja", 1), ("of", 2),
            ] {
                var filter = TextFilter()
                filter.query = try SearchQuery.parse(words, now: 0)
                let asked = filter
                let found = try await database.read {
                    try TextList().page(asked, visibleTo: viewer, limit: 10, in: $0).texts
                }
                #expect(found.count == count, "\(words)")
            }
            _ = try await scene.save("Licences of photos", "Another thing.", of: text.id)
            var filter = TextFilter()
            filter.query = try SearchQuery.parse("付けられる", now: 0)
            let asked = filter
            let gone = try await database.read { try TextList().page(asked, visibleTo: viewer, limit: 9, in: $0).texts }
            #expect(gone.isEmpty, "the words of a paragraph that was removed are found no longer")
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a reader proposes, the owner accepts with thanks or says why not`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let text = try await scene.add("T", "First.\n\nSecond thing.")
            let (owner, reader) = (try await scene.viewer(scene.owner), try await scene.viewer(scene.reader))
            func propose(_ body: String) async throws -> ID {
                try await database.write { db in
                    let text = try scene.store.require(text.id, visibleTo: reader, in: db)
                    return try scene.proposals.add(
                        title: "T", body: body, comment: "better", for: text, base: 1, by: scene.reader.id,
                        at: scene.now,
                        in: db)
                }
            }
            let good = try await propose("First.\n\nSecond thing, better.")
            let bad = try await propose("First.\n\nSecond thing, worse.")
            _ = try await scene.save("T", "First!\n\nSecond thing.", of: text.id)

            await #expect(throws: Failure(.refused, "")) {
                try await database.write { try scene.proposals.accept(good, answer: "", by: reader, at: 0, in: $0) }
            }
            let saved = try await database.write {
                try scene.proposals.accept(good, answer: "Thanks", by: owner, at: scene.now + 9000, in: $0)
            }
            await #expect(throws: Failure(.conflict, "")) {
                try await database.write { try scene.proposals.accept(bad, answer: "", by: owner, at: 0, in: $0) }
            }
            await #expect(throws: Failure(.invalid, "")) {
                try await database.write { try scene.proposals.decline(bad, answer: " ", by: owner, at: 0, in: $0) }
            }
            try await database.write { try scene.proposals.decline(bad, answer: "No", by: owner, at: 0, in: $0) }

            let (version, body, all) = try await database.read {
                (
                    try scene.store.requireVersion(saved.version, of: text.id, in: $0),
                    try scene.store.body(of: text.id, in: $0), try scene.proposals.ofText(text.id, limit: 9, in: $0)
                )
            }
            #expect(version.credit == scene.reader.id)
            #expect(body == "First!\n\nSecond thing, better.")
            #expect(all.map(\.state) == [.declined, .accepted] && all.map(\.answer) == ["No", "Thanks"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a planned change happens when its time has come`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let text = try await scene.add("T", "Old words of it.")
            try await database.write { db in
                _ = try scene.proposals.add(
                    title: "T", body: "New words of it.", comment: "", for: text, base: 1, by: scene.owner.id,
                    dueAt: scene.now + 100, at: scene.now, in: db)
            }
            func run(_ at: Milliseconds) async throws -> Int {
                try await database.write { try scene.proposals.acceptDue(at: at, limit: 10, in: $0) }
            }

            #expect(try await run(scene.now + 99) == 0)
            #expect(try await run(scene.now + 100) == 1)
            #expect(try await run(scene.now + 101) == 0)
            #expect(try await database.read { try scene.store.body(of: text.id, in: $0) } == "New words of it.")
        }
    }

    /// Row 80: a figure is replaced on the day the new one holds.
    @Test(arguments: TestDatabase.kinds) func `a planned change takes the value of a key figure along`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let text = try await scene.add(
                "Articles", "Articles in all languages.", kind: .keyFigure, fields: ["value": "60", "source": "count"])
            func plan(_ fields: [String: String], _ due: Milliseconds) async throws {
                try await database.write { db in
                    _ = try scene.proposals.add(
                        title: "Articles", body: "Articles in all languages.", fields: fields, comment: "", for: text,
                        base: 1, by: scene.owner.id, dueAt: due, at: scene.now, in: db)
                }
            }
            await #expect(throws: Failure(.invalid, "")) { try await plan(["value": "60", "source": "count"], 1) }
            await #expect(throws: Failure(.invalid, "")) { try await plan(["source": "count"], 1) }
            try await plan(["value": "65", "source": "count"], scene.now + 100)
            try await plan(["value": "66", "source": "count"], scene.now + 200)

            let done = try await database.write {
                try scene.proposals.acceptDue(at: scene.now + 300, limit: 10, in: $0)
            }

            let (now, proposals) = try await database.read {
                (try scene.store.reread(text.id, in: $0), try scene.proposals.ofText(text.id, limit: 9, in: $0))
            }
            #expect(done == 2)
            #expect(now.field(.value) == "65" && now.field(.source) == "count")
            #expect(proposals.map(\.state) == [.open, .accepted], "the second meets what the first changed")
            #expect(proposals[0].dueAt == nil)
        }
    }
}
