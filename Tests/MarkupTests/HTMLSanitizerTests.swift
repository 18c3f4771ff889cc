import Testing

@testable import Markup

@Suite struct HTMLSanitizerTests {
    static let hostile = [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><style><img src=x onerror=alert(1)></style></svg>",
        "<a href='javascript:alert(1)'>x</a>", "<a href=' java\nscript:alert(1)'>x</a>",
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>1</script>'>x</a>", "<a href='vbscript:x'>x</a>",
        "<iframe src=//evil.example></iframe>",
        "<form action=//evil.example><input name=p><button formaction=javascript:1>go</button></form>",
        "<object data=x></object><embed src=x>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<div style='position:fixed;top:0;left:0;color:red'>x</div>",
        "<p style='background:url(//evil.example/x)'>x</p>", "<p style='color:expression(alert(1))'>x</p>",
        "<p style='c\\6f lor:red'>x</p>",
        "<style>@import '//evil.example'</style>", "<link rel=stylesheet href=//evil.example>",
        "<base href=//evil.example>",
        "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<img srcset='//evil.example 1x' src='data:image/svg+xml,<svg/>'>",
        "<video poster=//evil.example><source src=x></video>", "<p title='\"\u{301}onmouseover=alert(1) x=\"'>x</p>",
        "<!--><script>1</script>-->",
        "<plaintext><script>1</script>", "<xmp><script>1</script></xmp>", "<template><script>1</script></template>",
        "<a ping=//e href=//e>x",
        "<table><a href='https://e.example'>a<tr><td><a href='https://f.example'>b</table>",
        "<p><button><div>x</div></button></p>", "<isindex>",
        "<textarea><script>1</script></textarea>", "<body background=//evil.example onload=1>x",
        "<details ontoggle=1 open>x</details>",
        "<img src=\"https://e.example/a.png\" style=\"width:1px\" width=1 height=1>", "<pre>\n\n\nx</pre>",
        "<b><i>a</b>b</i>",
        "<svg><a xlink:href='javascript:1'><text>x</text></a></svg>", "<div id=x class=y name=z>x</div>",
        "\u{0}<scr\u{0}ipt>1</script>", "  x  ",
        "<p>a<table><td>b<p>c</table>d", "<a><a href='https://e.example'><div><a>x", "<ruby>a<rt>b</ruby>",
        "<nobr>a<nobr>b", "<center><p>a<center>b",
    ]
    private static let forbidden = [
        "<script", "javascript:", "onerror=", "onload=", "<svg", "<math", "<iframe", "<form", "<input", "<button",
        "<object", "<embed", "<style",
        "<link", "<base", "<meta", "url(", "expression", "position", "srcset", "<video", "vbscript", "data:", "ping=",
        " id=", "class=", "background=",
    ]

    @Test(arguments: hostile) func `nothing hostile is left`(html: String) {
        let safe = HTMLSanitizer.sanitize(html)

        // Text and attribute values may say anything; their angle brackets and quotes are escaped.
        for word in Self.forbidden { #expect(!tags(of: safe).lowercased().contains(word), "\(safe)") }
    }

    @Test(arguments: hostile + ["<p>Hello", "<ul><li>a<li>b</ul>", "a & b < c"])
    func `sanitising again changes nothing`(html: String) {
        for text in [html, html + html, "<table><tr>" + html, "<p><b>" + html + "<p>", "<pre>\n" + html] {
            let once = HTMLSanitizer.sanitize(text)
            #expect(HTMLSanitizer.sanitize(once) == once)
        }
    }

    @Test func `what is harmless stays`() {
        let html = "<p dir=\"rtl\" lang=\"ar\">a <b>b</b><br><span style=\"color:red;font-weight:bold\">c</span></p>"

        #expect(HTMLSanitizer.sanitize(html) == html)
    }

    @Test func `links are kept at arm's length`() {
        #expect(
            HTMLSanitizer.sanitize("<a href='HTTPS://example.org/?a=1&amp;b=2' target=_top>x</a>")
                == "<a href=\"https://example.org/?a=1&amp;b=2\" rel=\"noopener noreferrer nofollow\">x</a>")
    }

    @Test func `remote pictures wait and inline pictures show`() {
        let html = "<img src='https://example.org/a.png' alt=A><img src='cid:b@c'>"
        let blocked = "<img data-remote-src=\"https://example.org/a.png\" alt=\"A\"><img src=\"cid:b@c\" alt=\"\">"

        #expect(HTMLSanitizer.sanitize(html) == blocked)
        #expect(
            HTMLSanitizer.sanitize(blocked, remoteImages: .allowed).contains("<img src=\"https://example.org/a.png\""))
    }

    @Test func `a page too deep is shown as its text`() {
        let html = String(repeating: "<div>", count: 5_000) + "a <i>b</i> &lt;script&gt;" + "<p>c"
        let safe = HTMLSanitizer.sanitize(html)

        #expect(safe == "<p>a b &lt;script&gt;<br>c</p>")
        #expect(HTMLSanitizer.sanitize(safe) == safe)
    }

    /// The tags with their attribute names, without quoted values and text.
    private func tags(of html: String) -> String {
        var out = ""
        var (isTag, isValue) = (false, false)
        for scalar in html.unicodeScalars {
            if scalar == "<" { isTag = true }
            if isTag && scalar == "\"" { isValue.toggle() }
            if isTag && !isValue { out.unicodeScalars.append(scalar) }
            if scalar == ">" && !isValue { isTag = false }
        }
        return out
    }
}
