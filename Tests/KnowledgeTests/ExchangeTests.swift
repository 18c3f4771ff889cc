import Base
import Foundation
import Storage
import TestKit
import Testing

@testable import Knowledge

struct ExchangeTests {
    /// A text with every kind of thing in it, in five languages.
    private static func fill(_ scene: KnowledgeScene) async throws -> ID {
        let text = try await scene.add(
            "Photos: \"how\" & why", "First {{contact.name}}\n\n```\ncode\n\n---\n```\n\n<!-- 1 -->\n\n\\<!-- 2 -->",
            kind: .article,
            audience: .confidential, teams: [scene.team.id])
        let before = text
        try await database(scene) { db in
            try scene.store.setProperties(
                TextProperties(
                    audience: .confidential, teams: [scene.team.id], owner: scene.owner.id, topic: "Фото",
                    tags: ["b", "a"], reviewAt: scene.now + 1000, embargoUntil: scene.now + 61_001), of: before,
                by: scene.owner.id, at: scene.now, in: db)
        }
        try await scene.translate(text.id, "de", by: scene.reader) { "de \($0)\n<!-- 3 -->\n\\\\<!-- 4 --> \"x\"" }
        try await scene.translate(text.id, "pt-br", by: scene.reader, isDraft: true) { $0 == 1 ? "rascunho" : nil }
        let ids = try await scene.database.read { try scene.store.paragraphs.current(of: text.id, in: $0).map(\.id) }
        try await database(scene) { db in
            try scene.store.translations.review(
                [ids[0]], of: try scene.store.reread(text.id, in: db), in: "de", by: scene.administrator.id,
                at: scene.now, in: db)
        }
        _ = try await scene.save(
            text.title, "First of all --> {{contact.name}}\n\n```\ncode\n\n---\n```\n\n<!-- 1 -->\n\n\\<!-- 2 -->",
            of: text.id)
        return text.id
    }

    private static func database(
        _ scene: KnowledgeScene, _ body: @escaping @Sendable (any Connection) throws -> Void
    ) async throws {
        try await scene.database.write { try body($0) }
    }

    private static func exchange(_ scene: KnowledgeScene) -> TextExchange {
        TextExchange(store: scene.store, members: scene.members, teams: scene.teams) { _ in [] }
    }

    @Test(arguments: TestDatabase.kinds) func `texts go out as Markdown and come into another house without loss`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let id = try await Self.fill(scene)
            let document = try await database.read { try Self.exchange(scene).document(of: id, in: $0) }
            #expect(document.translations["de"]?[1].source == "First {{contact.name}}")
            #expect(document.translations["de"]?[0].state == .reviewed)
            #expect(document.translations["pt-br"]?.first?.state == .draft)

            let files = MarkdownFolder.files(of: document)
            let byName = Dictionary(
                uniqueKeysWithValues: files.map {
                    ($0.path.split(separator: "/").last.map(String.init) ?? "", $0.bytes)
                })
            #expect(try MarkdownFolder.document(document.slug, byName) == document)

            // Once more into the same house: nothing is new.
            let again = try await database.write {
                try Self.exchange(scene).take(document, ownerElse: scene.owner.id, at: scene.now + 5000, in: $0)
            }
            #expect(again == .same)
            try await kind.with { other in
                let scene = try await KnowledgeScene(other)
                let outcomes = try await other.write { db in
                    try (0..<2).map { _ in
                        try Self.exchange(scene).take(document, ownerElse: scene.reader.id, at: scene.now, in: db)
                    }
                }
                #expect(outcomes == [.added, .same])
                let copy = try await other.read { db in
                    let id = try #require(try Self.exchange(scene).all(withConfidential: true, in: db).first)
                    return try Self.exchange(scene).document(of: id, in: db)
                }
                #expect(copy == document)
                let open = try await other.read { try Self.exchange(scene).all(withConfidential: false, in: $0) }
                #expect(open.isEmpty, "confidential texts leave only when they are asked for")
            }
        }
    }

    @Test func `a folder made by hand is read, and what is wrong is said`() throws {
        let source =
            "---\ntitle: How to write to us\nkind: article\ntags: [mail, help]\n---\n\nBy letter.\n\nOr by mail.\n"
        let french = "---\ntranslation-of: en\n---\n\n<!-- 0 -->\nNous écrire\n\n<!-- 2 -->\nOu par courriel.\n"

        let document = try MarkdownFolder.document("write", ["en.md": Array(source.utf8), "fr.md": Array(french.utf8)])

        #expect(document.title == "How to write to us" && document.tags == ["mail", "help"])
        #expect(document.body == "By letter.\n\nOr by mail.")
        #expect(document.translations["fr"]?.map(\.words) == ["Nous écrire", "Ou par courriel."])
        for wrong in ["no front matter", "---\nkind: poem\n---\n", "---\nkind: article\nstate: half\n---\n"] {
            #expect(throws: Failure.self) { try MarkdownFolder.document("x", ["en.md": Array(wrong.utf8)]) }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `messages go to translatewiki and back`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let text = try await scene.add("T", "One\n\n---\n\nTwo")
            try await scene.translate(text.id, "de", by: scene.reader) { $0 == 1 ? "Eins" : nil }
            let banana = BananaFiles(store: scene.store)
            let files = try await database.read { try banana.files(of: [text.id], in: $0) }
            #expect(files.keys.sorted() == ["de", "en", "qqq"])
            let english = try #require(
                try JSONSerialization.jsonObject(with: Data((files["en"] ?? "").utf8)) as? [String: Any])
            #expect(english.keys.count { !$0.hasPrefix("@") } == 3, "what every language has alike is left out")

            let french = (files["en"] ?? "").replacing("\"One\"", with: "\"Un\"").replacing("\"Two\"", with: "\"Deux\"")
                .replacing("\"T\"", with: "\"T fr\"").replacing("\n}\n", with: ",\n\"other-zz\": \"x\"\n}\n")
            let (count, unknown) = try await database.write {
                try banana.take(french, language: "fr", by: scene.reader.id, at: scene.now, in: $0)
            }
            #expect(count == 3 && unknown == ["other-zz"])
            #expect(try await scene.states(text.id, "fr") == [.translated, .translated, .missing, .translated])
        }
    }

    @Test func `wikitext has headings, lists and links, and nothing of the words becomes markup`() {
        let markdown =
            "## Why\n\nSome *good* **words** at [us](https://almanac.example/a).\n\n- one\n  1. deep\n- two {{x}} [[y]]\n\n`{{code}}`\n\n* * *\n\nA ''quote''"

        #expect(
            Wikitext.of(markdown)
                == """
                == Why ==

                Some ''good'' '''words''' at [https://almanac.example/a us].

                * one
                *# deep
                * two <nowiki>{{</nowiki>x<nowiki>}}</nowiki> <nowiki>[[</nowiki>y<nowiki>]]</nowiki>

                <code><nowiki>{{code}}</nowiki></code>

                ----

                A <nowiki>''</nowiki>quote<nowiki>''</nowiki>
                """)
    }
}
