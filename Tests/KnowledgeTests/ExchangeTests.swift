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

    @Test func `wikitext has tables, and bars, brackets and templates in words stay words`() {
        let markdown = """
            | Name | What [it](https://a.example/x[1]) is |
            |:-----|---:|
            | a \\| b | {{Cite web}} and **bold** |
            | only one |

            {| is no table

            See [page [1]](https://a.example/a|b) & `a</nowiki>b`
            """

        #expect(
            Wikitext.of(markdown)
                == """
                {| class="wikitable"
                |-
                ! Name
                ! What [https://a.example/x%5B1%5D it] is
                |-
                | a <nowiki>|</nowiki> b
                | <nowiki>{{</nowiki>Cite web<nowiki>}}</nowiki> and \'\'\'bold\'\'\'
                |-
                | only one
                |\u{20}
                |}

                <nowiki>{|</nowiki> is no table

                See [https://a.example/a%7Cb page [1&#93;] &amp; <code><nowiki>a&lt;/nowiki>b</nowiki></code>
                """)
    }

    @Test func `files of Windows are read, and no letter is lost in silence`() throws {
        let source = "---\ntitle: \"Grüße\"\nkind: article\n---\n\nErste Zeile.\n\nZweite.\n"
        let windows = [0xEF, 0xBB, 0xBF] + Array(source.replacing("\n", with: "\r\n").utf8)

        let document = try MarkdownFolder.document("gruesse", ["DE.MD": windows])

        #expect(document.title == "Grüße" && document.body == "Erste Zeile.\n\nZweite." && document.language == "de")
        let latin = Array(source.unicodeScalars.map { UInt8($0.value & 0xFF) })
        #expect {
            try MarkdownFolder.document("gruesse", ["de.md": latin])
        } throws: { ($0 as? Failure)?.details.contains("gruesse/de.md is not in UTF-8") == true }
        #expect {
            try MarkdownFolder.document("x", ["README.md": Array("# Hello".utf8)])
        } throws: { ($0 as? Failure)?.details.contains("x/README.md has no front matter") == true }
        #expect(MarkdownFolder.strangers(document, ["DE.MD", "notes.txt", "Thumbs.db"]) == ["notes.txt"])
    }

    @Test(arguments: [
        ("a/b.png", "a_b.png"), ("C:\\x.png", "C__x.png"), ("con.txt", "file-con.txt"), ("LPT1", "file-LPT1"),
        ("what?.pdf", "what_.pdf"), ("dots...", "dots"), ("fr.MD", "fr.MD.file"), (".hidden", "file-.hidden"),
        ("写真.png", "写真.png"), ("Thumbs", "Thumbs"),
    ])
    func `names of files can be written on every system, and come back as they were`(name: String, safe: String) throws
    {
        #expect(MarkdownFolder.safe(name) == safe)
        var document = try MarkdownFolder.document(
            "x", ["en.md": Array("---\ntitle: T\nkind: file\n---\n\nA\n".utf8)])
        document.file = TextDocument.File(name: name, contentType: "image/png", bytes: [1, 2])
        let files = MarkdownFolder.files(of: document)
        let byName = Dictionary(
            uniqueKeysWithValues: files.map { ($0.path.split(separator: "/").last.map(String.init) ?? "", $0.bytes) })
        #expect(try MarkdownFolder.document("x", byName) == document)
    }

    @Test(arguments: [
        ("thanks-for-a-photo", "thanks-for-a-photo"), ("Thanks for a photo", "thanks-for-a-photo"), ("写真", "写真"),
        ("a\\b?", "a-b"), ("…", ""),
    ])
    func `folders of any name have a name for addresses`(folder: String, slug: String) {
        #expect(MarkdownFolder.slug(folder) == slug)
    }

    @Test(arguments: TestDatabase.kinds) func `texts of every kind in every language go out and come back the same`(
        kind: TestDatabase
    ) async throws {
        let words = [
            "en": "One | two\n\n```\n\n<!-- 1 -->\n```\n\n\\<!-- x", "ar": "مرحبا بالعالم", "de": "Grüße, „Welt“",
            "es": "¿Qué tal?", "fr": "L’été : 20 %", "hi": "नमस्ते क्या", "ja": "こんにちは、世界。", "pt-br": "Olá, ação",
            "ru": "Здравствуй, ёж", "zh": "你好，世界。",
        ]
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            for kind in TextKind.allCases {
                for (language, body) in words.sorted(by: { $0.key < $1.key }) {
                    let slug = "\(kind.rawValue)-\(language)".lowercased()
                    let source =
                        "---\ntitle: \(body.prefix(4))\nkind: \(kind.rawValue)\nfield-value: 12\n---\n\n\(body)\n"
                    var files = ["\(language).md": Array(source.utf8)]
                    for (other, words) in words where other != language && other != "en" {
                        let text =
                            "---\ntranslation-of: \(language)\n---\n\n<!-- 0 -->\n\(words)\n\n<!-- 1 -->\n\(words)\n"
                        files["\(other).md"] = Array(text.utf8)
                    }
                    let wanted = try MarkdownFolder.document(slug, files)
                    try await database.write { db in
                        let outcome = try Self.exchange(scene).take(
                            wanted, ownerElse: scene.owner.id, at: scene.now, in: db)
                        #expect(outcome == .added)
                    }
                }
            }
            let documents = try await database.read { db in
                try Self.exchange(scene).all(withConfidential: true, in: db).map {
                    try Self.exchange(scene).document(of: $0, in: db)
                }
            }
            #expect(documents.count == TextKind.allCases.count * words.count)
            for document in documents {
                let files = Dictionary(
                    uniqueKeysWithValues: MarkdownFolder.files(of: document).map {
                        ($0.path.split(separator: "/").last.map(String.init) ?? "", $0.bytes)
                    })
                #expect(try MarkdownFolder.document(document.slug, files) == document)
                #expect(document.body == words[document.language])
                let again = try await database.write {
                    try Self.exchange(scene).take(document, ownerElse: scene.owner.id, at: scene.now, in: $0)
                }
                #expect(again == .same)
            }
        }
    }
}
