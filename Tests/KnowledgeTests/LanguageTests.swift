import Base
import TestKit
import Testing

@testable import Knowledge

/// Row 41 and rows 74 to 79 of the table of desks: many languages of one text, falling back, out of date by paragraph.
struct LanguageTests {
    @Test func `readers fall back along a chain that ends in English`() {
        let english = ["en", "en-gb", "en-us", "en-ca"]
        #expect(LanguageChain.of("pt-BR") == ["pt-br", "pt", "pt-pt"] + english)
        #expect(LanguageChain.of("pt_br") == LanguageChain.of("pt-BR"))
        #expect(LanguageChain.of("de-AT") == ["de-at", "de", "de-ch"] + english)
        #expect(LanguageChain.of("es-MX") == ["es-mx", "es-419", "es"] + english)
        #expect(LanguageChain.of("en") == english)
        #expect(LanguageChain.next.allSatisfy { !$0.value.contains($0.key) })
    }

    @Test func `another script of a language comes before another language`() {
        func chain(_ code: String) -> [String] { LanguageChain.of(code).filter { $0.prefix(2) == code.prefix(2) } }
        let (hans, hant) = (["zh-hans", "zh-cn", "zh-sg", "zh-my"], ["zh-hant", "zh-tw", "zh-hk", "zh-mo"])
        #expect(chain("zh") == ["zh"] + hans + hant)
        #expect(chain("zh-Hant") == hant + ["zh"] + hans)
        #expect(chain("zh-HK") == ["zh-hk", "zh-hant", "zh-tw", "zh-mo", "zh"] + hans)
        #expect(chain("zh-MO") == ["zh-mo", "zh-hk", "zh-hant", "zh-tw", "zh"] + hans)
        #expect(chain("zh-Hant-TW") == ["zh-hant-tw", "zh-tw", "zh-hant", "zh-hk", "zh-mo", "zh"] + hans)
        #expect(chain("sr-Latn") == ["sr-latn", "sr-el", "sr", "sr-cyrl", "sr-ec"])
        #expect(chain("sr") == ["sr", "sr-cyrl", "sr-ec", "sr-latn", "sr-el"])
        #expect(chain("uz-cyrl") == ["uz-cyrl", "uz", "uz-latn"])
        #expect(LanguageChain.of("yue").starts(with: ["yue", "yue-hant", "yue-hans", "zh-hant"]))
    }

    @Test func `a region's spelling is no other language, another script is`() {
        for (one, other) in [
            ("pt", "pt-br"), ("pt-br", "pt"), ("es-419", "es"), ("en", "en"), ("zh", "zh-hans"), ("zh-tw", "zh-hant"),
            ("zh-hk", "zh-tw"), ("sr", "sr-cyrl"), ("sr-latn", "sr-el"), ("uz", "uz-latn"), ("en-gb", "en-us"),
        ] {
            #expect(LanguageChain.isSame(one, other), "\(one) \(other)")
        }
        for (one, other) in [
            ("zh", "zh-hant"), ("zh-tw", "zh-cn"), ("sr", "sr-latn"), ("sr-ec", "sr-el"), ("uz", "uz-cyrl"),
            ("pt", "es"), ("nds", "nds-nl-x"),
        ] {
            #expect(!LanguageChain.isSame(one, other), "\(one) \(other)")
        }
        let tags = [
            "pt-BR", "uk", "zh_Hant", "simple", "", "x", "<script>", "en-aaaaaaaaaaaaaaaaaaaaaaaa", "a-b-c-d-e",
        ]
        #expect(tags.map(LanguageChain.tag) == ["pt-br", "uk", "zh-hant", "simple", nil, nil, nil, nil, nil])
    }

    @Test(arguments: TestDatabase.kinds) func `who reads Portuguese misses nothing that is in Brazil's`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let text = try await scene.add("T", "One\n\nTwo")
            try await scene.translate(text.id, "pt-br", by: scene.reader) { "br \($0)" }
            for (wanted, missing) in [("pt", 0), ("pt-br", 0), ("pt-PT", 0), ("gl", 3), ("de", 3)] {
                let rendered = try await database.read {
                    try scene.store.rendered(scene.store.reread(text.id, in: $0), in: wanted, in: $0)
                }
                #expect(rendered.fallbacks == missing, "\(wanted)")
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `around what was found stand the words of its language, and no struck ones`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let text = try await scene.add("T", "One Anna\n\nTwo")
            try await scene.translate(text.id, "de", by: scene.reader) { "de Anna \($0)" }
            func words(_ language: String) async throws -> String? {
                try await database.read { try TextIndex.words(of: [(text.id, language)], in: $0)[text.id] }
            }

            #expect(try await words("en") == "One Anna\n\nTwo")
            #expect(try await words("de") == "de Anna 1\n\nde Anna 2")
            #expect(try await words("fr") == nil)
            try await database.write {
                try scene.store.strike(text.id, { $0.replacing("Anna", with: "…") }, in: $0)
            }
            #expect(try await words("en") == "One …\n\nTwo")
            #expect(try await words("de") == "de … 1\n\nde … 2")
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a change of the source makes only its paragraph outdated`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let text = try await scene.add()
            try await scene.translate(text.id, "de", by: scene.reader) { "de \($0)" }
            #expect(try await scene.states(text.id, "de") == [.translated, .translated, .translated, .translated])

            _ = try await scene.save(text.title, "Dear {{contact.name}},\n\nThank you very much.\n\nYours", of: text.id)
            #expect(try await scene.states(text.id, "de") == [.translated, .translated, .outdated, .translated])
            #expect(try await scene.progress(text.id, "de")?.outdated == 1)

            // Going back to the old words makes the translation right again.
            _ = try await scene.save(text.title, "Dear {{contact.name}},\n\nThank you.\n\nYours", of: text.id)
            #expect(try await scene.states(text.id, "de") == [.translated, .translated, .translated, .translated])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `no new translation needed, said of one paragraph, holds for that one`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let text = try await scene.add()
            try await scene.translate(text.id, "de", by: scene.reader) { "de \($0)" }
            try await scene.translate(text.id, "fr", by: scene.reader) { $0 == 2 ? "fr" : nil }
            let changed = try await scene.save(
                text.title, "Dear {{contact.name}}!\n\nThank you!\n\nYours", of: text.id)

            try await database.write { db in
                let changes = try scene.store.changes(of: changed, to: 2, in: db)
                #expect(changes.map(\.after) == ["Dear {{contact.name}}!", "Thank you!"])
                try scene.store.translations.waive(
                    changes.filter { $0.after == "Thank you!" }.map { ($0.id, $0.before, $0.after) }, of: changed,
                    by: scene.owner.id, at: scene.now, in: db)
            }

            #expect(try await scene.states(text.id, "de") == [.translated, .outdated, .translated, .translated])
            #expect(try await scene.states(text.id, "fr") == [.missing, .missing, .translated, .missing])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `what was outdated before a change without need stays outdated`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let text = try await scene.add("T", "The first words of it stay here.")
            try await scene.translate(text.id, "de", by: scene.reader) { "de \($0)" }
            _ = try await scene.save("T", "The first words of it changed here.", of: text.id)
            let third = try await scene.save("T", "The first words of it changed here!", of: text.id)

            try await database.write { db in
                try scene.store.translations.waive(
                    try scene.store.changes(of: third, to: 3, in: db).map { ($0.id, $0.before, $0.after) }, of: third,
                    by: scene.owner.id, at: scene.now, in: db)
            }

            #expect(try await scene.states(text.id, "de") == [.translated, .outdated])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `nobody reviews their own translation, but the owner of the text`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let text = try await scene.add("T", "Words")
            try await scene.translate(text.id, "de", by: scene.reader) { "de \($0)" }
            let ids = try await database.read { try scene.store.paragraphs.current(of: text.id, in: $0).map(\.id) }

            await #expect(throws: Failure(.refused, "knowledge-review-own")) {
                try await database.write { db in
                    try scene.store.translations.review(
                        ids, of: text, in: "de", by: scene.reader.id, at: scene.now, in: db)
                }
            }
            try await database.write { db in
                try scene.store.translations.review(
                    [ids[0]], of: text, in: "de", by: scene.administrator.id, at: scene.now, in: db)
            }

            #expect(try await scene.states(text.id, "de") == [.reviewed, .translated])
            // Another word, and it is to be reviewed again.
            try await scene.translate(text.id, "de", by: scene.reader, at: scene.now + 900) { "anders \($0)" }
            #expect(try await scene.states(text.id, "de") == [.translated, .translated])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `reading mixes languages by paragraph, letters are in one language`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let text = try await scene.add("T", "One thing\n\nAnother thing", language: "de")
            try await scene.translate(text.id, "pt", by: scene.reader) { $0 == 1 ? "uma" : nil }
            try await scene.translate(text.id, "en", by: scene.reader) { "en \($0)" }
            try await scene.translate(text.id, "fr", by: scene.reader, isDraft: true) { "fr \($0)" }

            let (read, letter, french, english) = try await database.read { db in
                (
                    try scene.store.rendered(text, in: "pt-BR", in: db),
                    try scene.store.rendered(text, in: "pt-BR", mixing: .oneLanguage, in: db),
                    try scene.store.rendered(text, in: "fr", in: db), try scene.store.rendered(text, in: "en", in: db)
                )
            }

            #expect(read.paragraphs.map(\.words) == ["uma", "en 2"])
            #expect(read.paragraphs.map(\.language) == ["pt", "en"])
            #expect(letter.paragraphs.map(\.words) == ["en 1", "en 2"])
            #expect(letter.title.words == "en 0")
            // A draft is shown to nobody.
            #expect(french.paragraphs.map(\.words) == ["en 1", "en 2"])
            #expect(english.isWhole && !read.isWhole && read.fallbacks == 2)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `two translators at once lose nothing`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let text = try await scene.add("T", "Words")
            let ids = try await database.read { try scene.store.paragraphs.current(of: text.id, in: $0).map(\.id) }
            try await scene.translate(text.id, "de", by: scene.reader) { "zuerst \($0)" }

            let entry = TranslationEntry(paragraph: ids[1], words: "zugleich", isDraft: false, seen: 0)
            let collisions = try await database.write { db in
                try scene.store.translations.save(
                    [entry], of: text, into: "de", by: scene.owner.id, at: scene.now + 900, in: db)
            }

            #expect(collisions == [ids[1]])
            let kept = try await database.read {
                try scene.store.translations.translations(of: text.id, into: "de", in: $0)
            }
            #expect(kept[ids[1]]?.words == "zuerst 1")
        }
    }
}
