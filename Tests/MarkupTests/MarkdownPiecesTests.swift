import Testing

@testable import Markup

struct MarkdownPiecesTests {
    private static let elements: Set<String> = [
        "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "em", "strong", "code", "a",
        "table", "tr", "th", "td",
    ]

    private static func html(_ text: String) -> String {
        MarkdownPieces.of(text).map { piece in
            var out = ""
            if let name = piece.opens { out += "<\(name)>" }
            if let start = piece.numbersFrom { out += "<ol start=\(start)>" }
            if let name = piece.opensInline { out += "<\(name)>" }
            if let address = piece.address { out += "<a href=\(address)>" }
            out += piece.text ?? ""
            if piece.isBreak { out += "<br>" }
            if piece.isRule { out += "<hr>" }
            if let name = piece.closes { out += "</\(name)>" }
            return out
        }.joined()
    }

    @Test func `headings, lists, emphasis, code and links become elements`() {
        #expect(
            Self.html("# One\n\n### Three\n\nA *b* **c** `d`\ne")
                == "<h2>One</h2><h3>Three</h3><p>A <em>b</em> <strong>c</strong> <code>d</code><br>e</p>")
        #expect(Self.html("3. x\n4. y\n   - z") == "<ol start=3><li>x</li><li>y<ul><li>z</li></ul></li></ol>")
        #expect(
            Self.html("> [us](https://a.example)\n\n---")
                == "<blockquote><p><a href=https://a.example>us</a></p></blockquote><hr>")
    }

    @Test func `tables have heads, rows of as many cells, and words as cells`() {
        #expect(
            Self.html("Before\n\n| a | *b* |\n|:--|--:|\n| c \\| d | `e` | f |\n| g |\n\nAfter")
                == "<p>Before</p><table><tr><th>a</th><th><em>b</em></th></tr><tr><td>c | d</td><td><code>e</code></td>"
                + "</tr><tr><td>g</td><td></td></tr></table><p>After</p>")
        #expect(Self.html("a | b\n--- | ---\nc | d").hasPrefix("<table>"))
        for none in ["a | b\n\nc | d", "```\n| a |\n|---|\n```", "| a | b |\n|---|\n", "a\n---"] {
            #expect(!Self.html(none).contains("<table>"), "\(none)")
        }
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "a <b onclick=x>b</b>", "[x](javascript:alert(1))",
        "![p](https://a.example/p.png)",
        String(repeating: "> ", count: 200) + "deep", "```\n<i>\n```", "[a](data:text/html,x)", "- [ ] <img src=x>",
        "| [x](javascript:alert(1)) | <img src=x onerror=y> |\n|---|---|\n| ![p](https://a.example/p.png) | > q |",
        "| a |\n|---|\n" + String(repeating: "| - b | # c |\n", count: 50), "|\n|-", "||||\n|-|-|-|\n|",
        "[x](JaVaScRiPt:alert(1)) [y](java&#115;cript:alert(1)) <javascript:alert(1)> [z][r]\n\n[r]: vbscript:x",
    ]) func `nothing of a text becomes an element that is not on the list`(text: String) {
        var open: [String] = []
        for piece in MarkdownPieces.of(text) {
            if let name = piece.opens ?? piece.opensInline { open.append(name) }
            if piece.numbersFrom != nil { open.append("ol") }
            if let address = piece.address {
                #expect(["https://", "http://", "mailto:"].contains { address.hasPrefix($0) })
                open.append("a")
            }
            if let name = piece.closes { #expect(open.popLast() == name) }
            #expect(open.allSatisfy { Self.elements.contains($0) })
        }
        #expect(open.isEmpty, "what opens, closes")
    }
}
