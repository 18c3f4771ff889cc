import Testing

@testable import Web

@Suite struct TemplateTests {
    /// Template, and what it makes of the probe.
    static let cases = [
        ("{{words}}", "a &amp; b\n"),
        ("{{#part}}{{.name}}{{/part}}{{^part}}none{{/part}}", "inner\n"),
        ("{{#gone}}some{{/gone}}{{^gone}}none{{/gone}}", "none\n"),
        ("{{#yes}}yes{{/yes}}{{^yes}}no{{/yes}}{{#no}}yes{{/no}}{{^no}}no{{/no}}", "yesno\n"),
        ("{{#list}}<{{.}}>{{/list}}{{#empty}}x{{/empty}}{{^empty}}nothing{{/empty}}", "<1><2>nothing\n"),
        ("{{#part}}{{words}} {{part.name}} {{.words}}{{/part}}", "a &amp; b inner \n"),
        (
            "{{#side.is-left}}left{{/side.is-left}}{{#side.is-right}}right{{/side.is-right}} {{side.name}}",
            "right right\n"
        ),
        ("{{phrase}} {{t.key}} {{number}} {{yes}}", "other key 7 true\n"),
        ("1\n{{#yes}}\n2\n{{/yes}}\n{{! said to nobody }}\n3", "1\n2\n3\n"),
        ("{{<frame}}{{$content}}own{{/content}}not this{{/frame}}", "before own after usual\n\n"),
        ("{{<middle}}{{$content}}inner{{/content}}{{/middle}}", "before inner after middle\n\n\n"),
    ]

    @Test(arguments: cases) func `a template becomes what its tags say`(source: String, expected: String) throws {
        let renderer = try Renderer(sources: [
            "probe": source,
            "frame": "before {{$content}}{{/content}} after {{$end}}usual{{/end}}",
            "middle": "{{<frame}}{{$content}}middle{{/content}}{{$end}}middle{{/end}}{{/frame}}",
        ])

        let html = renderer.render(TreeProbe(), in: .sample(), translate: Translate { key, _ in key })

        #expect(html == expected)
    }

    @Test(arguments: [
        ("{{words", TemplateParser.Problem.unfinishedTag), ("{{{words}}}", .unknownTag("{words")),
        ("{{&words}}", .unknownTag("&words")), ("{{=<% %>=}}", .unknownTag("=<% %>=")), ("{{}}", .unknownTag("")),
        ("{{#a}}{{/b}}", .wrongEnd("b")), ("{{/a}}", .wrongEnd("a")), ("{{#a}}", .missingEnd("a")),
    ])
    func `what is no tag of ours is refused`(source: String, problem: TemplateParser.Problem) {
        #expect(throws: problem) { try TemplateParser.parse(source) }
    }

    @Test func `a template that brings in one which is not there is refused`() {
        #expect(throws: Renderer.Problem.self) { try Renderer(sources: ["probe": "{{#a}}{{>gone}}{{/a}}"]) }
    }
}

private struct TreeProbe: Page {
    enum Side: String, PageCase { case left, right }
    struct Part: Sendable { let name = "inner" }

    static let template = "probe"
    let words = "a & b"
    let phrase = Phrase("other")
    let number = 7
    let yes = true
    let no = false
    let part: Part? = Part()
    let gone: String? = nil
    let list = [1, 2]
    let empty: [String] = []
    let side = Side.right
    var title: Phrase { .verbatim("") }
}
