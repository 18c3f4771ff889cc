import Foundation
import Testing

@testable import Web

@Suite struct EscapingTests {
    /// Each special character followed by a combining mark, which makes both one Character.
    static let hostile = ["<", ">", "&", "\"", "'"].map { $0 + "\u{301}" }
    static let escaped = ["&lt;", "&gt;", "&amp;", "&quot;", "&#39;"].map { $0 + "\u{301}" }

    @Test(arguments: zip(hostile, escaped)) func `a combining mark hides nothing`(text: String, expected: String) {
        #expect(Array(HTMLEscaping.escape("a" + text + "b").utf8) == Array(("a" + expected + "b").utf8))
    }

    @Test(arguments: zip(hostile, escaped))
    func `a page, its partials and its parent escape alike`(text: String, expected: String) throws {
        let renderer = try Renderer(sources: [
            "probe":
                "{{<parent}}{{$block}}1{{words}}{{>partial}}{{#list}}{{.}}{{/list}}{{/block}}{{/parent}}4{{words}}",
            "parent": "{{$block}}{{/block}}3{{words}}",
            "partial": "2{{words}}{{#list}}{{>inner}}{{/list}}",
            "inner": "5{{.}}",
        ])

        let html = renderer.render(
            Probe(words: text, list: [text]), in: .sample(), translate: Translate { key, _ in key })

        let expectedHTML = "1\(expected)2\(expected)5\(expected)\(expected)3\(expected)4\(expected)"
        #expect(html.utf8.filter { $0 != 10 } == Array(expectedHTML.utf8))
    }

    @Test func `messages and phrases are escaped too`() throws {
        let renderer = try Renderer(sources: ["probe": "{{t.key}}{{phrase}}{{frame.person.name}}"])
        let page = PhraseProbe(phrase: Phrase("other", .text("\"\u{301}")))

        let html = renderer.render(
            page, in: .sample(), translate: Translate { key, arguments in "<\u{301}" + arguments.map(\.text).joined() })

        #expect(html == "&lt;\u{301}&lt;\u{301}&quot;\u{301}Ana Sousa\n")
    }

    @Test func `every template on its own escapes what it is given`() throws {
        let sources = try Self.allTemplates()
        #expect(sources.count > 30)

        for (name, source) in sources {
            var probed = sources
            probed[name] = "{{words}}" + source
            probed["probe"] = "{{>\(name)}}"
            let html = try Renderer(sources: probed).render(
                Probe(words: Self.hostile.joined(), list: []), in: .sample(), translate: Translate { key, _ in key })

            #expect(html.contains(Self.escaped.joined()), "\(name)")
        }
    }

    @Test func `no template prints anything unescaped, and all text comes from messages`() throws {
        for (name, source) in try Self.allTemplates() {
            #expect(!source.contains("{{{") && !source.contains("{{&") && !source.contains("{{%"), "\(name)")
            let words = source.replacing(#/\{\{[^}]*\}\}/#, with: "").replacing(#/<kbd>[^<]*</kbd>/#, with: "")
                .replacing(#/<[^>]*>/#, with: "")
            let letters = words.filter { $0.isLetter }
            #expect(letters == "", "\(name)")
        }
    }

    @Test func `every message a template asks for exists in English and is explained`() throws {
        let english = try SampleMessages("en").byKey
        let explained = try SampleMessages("qqq").byKey
        for (name, source) in try Self.allTemplates() {
            for match in source.matches(of: #/\{\{t\.([a-z0-9-]+)\}\}/#) {
                #expect(english[String(match.1)] != nil, "\(name): \(match.1)")
            }
        }
        #expect(Set(english.keys) == Set(explained.keys))
    }

    private static func allTemplates() throws -> [String: String] {
        var sources: [String: String] = [:]
        let root = Repository.templates
        for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) where path.hasSuffix(".mustache") {
            let data = try Data(contentsOf: root.appendingPathComponent(path))
            sources[String(path.dropLast(9))] = String(decoding: data, as: UTF8.self)
        }
        return sources
    }
}

private struct Probe: Page {
    static let template = "probe"
    let words: String
    let list: [String]
    var title: Phrase { .verbatim("") }
}

private struct PhraseProbe: Page {
    static let template = "probe"
    let phrase: Phrase
    var title: Phrase { .verbatim("") }
}
