import Testing

@testable import Markup

struct MarkdownTests {
    static let samples: [(text: String, html: String)] = [
        ("**bold** and *slanted*", "<p dir=\"auto\"><strong>bold</strong> and <em>slanted</em></p>\n"),
        ("a\nb", "<p dir=\"auto\">a<br>\nb</p>\n"),
        ("- a\n- b", "<ul dir=\"auto\">\n<li dir=\"auto\">a</li>\n<li dir=\"auto\">b</li>\n</ul>\n"),
        ("3. a", "<ol dir=\"auto\" start=\"3\">\n<li dir=\"auto\">a</li>\n</ol>\n"),
        (
            "> q\nAn answer to it.\n> r",
            "<blockquote type=\"cite\">\n<p dir=\"auto\">q</p>\n</blockquote>\n<p dir=\"auto\">An answer to it.</p>\n"
                + "<blockquote type=\"cite\">\n<p dir=\"auto\">r</p>\n</blockquote>\n"
        ),
        ("```\n> a\nb\n```", "<pre dir=\"auto\">&gt; a\nb\n</pre>\n"),
        ("> q", "<blockquote type=\"cite\">\n<p dir=\"auto\">q</p>\n</blockquote>\n"),
        ("[x](https://a.example/?b&c)", "<p dir=\"auto\"><a href=\"https://a.example/?b&amp;c\">x</a></p>\n"),
        ("[x](javascript:alert(1))", "<p dir=\"auto\">x</p>\n"),
        ("![pic](https://a.example/p.png)", "<p dir=\"auto\">pic</p>\n"),
        (
            "see https://a.example/x_y_z.",
            "<p dir=\"auto\">see <a href=\"https://a.example/x_y_z\">https://a.example/x_y_z</a>.</p>\n"
        ),
        ("<script>alert(1)</script>", "<p dir=\"auto\">&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("a <img src=x onerror=y> b", "<p dir=\"auto\">a &lt;img src=x onerror=y&gt; b</p>\n"),
        ("Words\n--", "<p dir=\"auto\">Words<br>\n--</p>\n"),
        ("2. اذكر", "<ol dir=\"rtl\" start=\"2\">\n<li dir=\"auto\">اذكر</li>\n</ol>\n"),
        (
            "> 1 سؤال\n\n- x",
            "<blockquote type=\"cite\" dir=\"rtl\">\n<p dir=\"auto\">1 سؤال</p>\n</blockquote>\n"
                + "<ul dir=\"auto\">\n<li dir=\"auto\">x</li>\n</ul>\n"
        ),
        ("# Head", "<p dir=\"auto\"><strong>Head</strong></p>\n"),
    ]

    @Test(arguments: samples) func `light formatting becomes simple HTML and nothing more`(text: String, html: String) {
        #expect(Markdown.html(text) == html)
    }

    @Test func `the words alone have no marks`() {
        #expect(Markdown.words("Dear **Karl**,\n\n1. [see](https://a.example)\n2. *b*c\n> q") == "Dear Karl, see bc q")
    }

    @Test func `nothing anybody writes opens a tag of theirs`() {
        let pieces = ["<", ">", "\"", "'", "`", "*", "_", "[", "](", ")", "!", "\n", "&", "\u{0301}", "#", "- ", "> "]
        var seed: UInt64 = 7
        for _ in 0..<500 {
            var text = ""
            for _ in 0..<24 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(seed >> 33) % pieces.count] + (seed % 3 == 0 ? "onload=x" : "")
            }
            let html = Markdown.html(text).unicodeScalars
            let tags = html.split(separator: "<").dropFirst().map { String($0.prefix { $0 != ">" }) }
            let known = [
                "p", "/p", "br", "strong", "/strong", "em", "/em", "ul", "/ul", "ol", "/ol", "li", "/li",
                "blockquote", "/blockquote", "code", "/code", "pre", "/pre", "hr", "a", "/a",
            ]
            #expect(tags.allSatisfy { tag in known.contains(String(tag.prefix { $0 != " " })) }, "\(text)")
            #expect(tags.allSatisfy { !$0.contains("onload") || $0.hasPrefix("a href") }, "\(text)")
        }
    }

    @Test func `deep and long texts end`() {
        #expect(Markdown.html(String(repeating: "> ", count: 5000) + "x").contains("x"))
        let long = String(repeating: "*a_[", count: 40_000)
        #expect(!Markdown.html(long).isEmpty)
    }
}
