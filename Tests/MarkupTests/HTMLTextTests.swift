import Testing

@testable import Markup

@Suite struct HTMLTextTests {
    @Test(arguments: [
        ("<p>One</p><p>Two<br>Three</p>", "One\n\nTwo\nThree"), ("a  b\n c", "a b c"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "- a\n- b\n  - c"), ("<ol start=3><li>a<li>b</ol>", "3. a\n4. b"),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a\tb\nc\td"),
        ("<a href='https://example.org/x'>here</a>", "here <https://example.org/x>"),
        ("<a href='https://example.org/'>example.org</a>", "example.org"),
        ("<a href='mailto:a@example.org'>a@example.org</a>", "a@example.org"),
        ("<a href='javascript:x()'>here</a>", "here"), ("<pre>a\n  b</pre>", "a\n  b"),
        ("&lt;b&gt; &eacute;&#x4e2d;&nbsp;x", "<b> é中 x"),
        ("<title>t</title><style>p{}</style><script>1</script>x", "x"), ("<img src=x alt='A cat'> sits", "A cat sits"),
        ("<div style='display: none'>preheader</div>Text", "Text"), ("<div style='DISPLAY:NONE'>all</div>", "all"),
        ("<blockquote>a<br>b<p>c</p></blockquote>d", "> a\n> b\n>\n> c\nd"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n> > b"), ("", ""),
        ("plain & simple", "plain & simple"),
        ("<p>\u{200B}\u{AD}x</p>", "x"), ("<select><option>a</select>b", "b"), ("a<hr>b", "a\n----------\nb"),
    ]) func `html reads as text`(html: String, text: String) {
        #expect(HTMLText.readable(html) == text)
    }

    @Test func `deep nesting is stripped instead of parsed`() {
        let html =
            String(repeating: "<div>", count: 60_000) + "core" + String(repeating: "<b x>", count: 60_000)
            + " &amp; rest"

        let time = ContinuousClock().measure { #expect(HTMLText.readable(html) == "core & rest") }

        #expect(time < .seconds(5))
    }

    @Test(arguments: [
        "<p><font size=1 a=%>", "<b %>", "<table><tr><td>", "<div a=1 b=2 %><!--", "<script>", "<a href=%><p>",
        "<li><ul>", "</p>", "<", "<!--",
        "<svg><desc>", "<select>", "<p><i><b><u>",
    ]) func `hostile html takes bounded time`(piece: String) {
        let html = (0..<4_000).map { piece.replacing("%", with: String($0)) }.joined()

        let time = ContinuousClock().measure { _ = HTMLText.readable(html) }

        #expect(time < .seconds(10), "\(piece): \(time)")
    }
}
