import Base
import Testing

@testable import Knowledge

/// Row 40 of the table of desks: templates with variables.
struct PlaceholderTests {
    private static var values: Placeholders.Values {
        var values = Placeholders.Values(now: 1_795_000_000_000, zone: "UTC")
        values.contactName = "Karl {{ticket.number}}\nWeber"
        values.ticketNumber = "2026112100000172"
        values.figures = ["editors": "280,000"]
        return values
    }

    @Test func `known ones are filled once and what nothing is known for is told`() {
        let text = "Dear {{contact.name}}, {{ Ticket.Number }}: {{figure:editors}}, {{figure:readers}}, {{fill:reason}}"

        let filled = Placeholders.fill(text, with: Self.values, language: "en")

        #expect(
            filled.text == "Dear Karl {{ticket.number}} Weber, 2026112100000172: 280,000, {{figure:readers}}, "
                + "{{fill:reason}}")
        #expect(filled.unfilled == [Placeholder(.figure, "readers"), Placeholder(.fill, "reason")])
        #expect(
            Placeholders.unfilled(in: "still {{fill:reason}} and {{nonsense}}") == ["{{fill:reason}}", "{{nonsense}}"])
    }

    @Test(arguments: [
        ("{{{{contact.name}}}}", "{{Eve}}"), ("{{{contact.name}}}", "{Eve}"), ("{{contact.name}}}}", "Eve}}"),
        ("{{ticket.number}}{{contact.name}}", "{{contact.name}}Eve"), ("\\{{contact.name}}", "\\{{contact.name}}"),
    ]) func `values are words, whatever stands in them or around them`(text: String, expected: String) {
        var values = Placeholders.Values(now: 1, zone: "UTC")
        values.contactName = "Eve"
        values.ticketNumber = "{{contact.name}}"
        #expect(Placeholders.fill(text, with: values, language: "en").text == expected)
        values.contactName = "{{{contact.name}}} \u{202E}\r\nBcc: x@y.example <script>"
        let filled = Placeholders.fill("Dear {{contact.name}},", with: values, language: "en").text
        #expect(filled.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
        #expect(filled.hasPrefix("Dear {{{contact.name}}} "))
    }

    @Test func `days are written as the language writes them`() {
        let filled = Placeholders.fill(
            "{{date:2026-12-24}} · {{date:+7}} · {{date}}", with: Self.values, language: "de")

        #expect(filled.text == "24. Dezember 2026 · 25. November 2026 · 18. November 2026")
        #expect(filled.unfilled.isEmpty)
    }

    @Test(arguments: [
        "{{contact.nmae}}", "{{date:tomorrow}}", "{{date:2026-13-45}}", "{{fill}}", "{{figure:}}", "{{#each x}}",
        "{{contact.name:x}}", "{{ }}", "{{exec rm}}", "a {{b {{c}}",
    ]) func `one that is none of ours is refused with its words`(text: String) {
        let failure = #expect(throws: Failure.self) { try Placeholders.check(text) }
        #expect(failure?.messageKey == "placeholder-unknown")
        #expect(failure?.arguments.first.map { text.contains($0) } == true)
    }

    @Test(arguments: [
        "", "{{contact.name}}", "`{{Cite web}}`", "\\{{Cite web}}", "```\n{{Cite web}}\n```", "{ {x} }", "{{", "}} {{",
        "a {{b\nc}}", "``{{x}} ` {{y}}``", "{{date:-3}}",
    ]) func `code, escapes and lone braces are words`(text: String) throws {
        try Placeholders.check(text)
    }

    @Test(arguments: [
        "", "a{{contact.name}}b", "{{{contact.name}}}", "\\", "`", "```", "{{unknown}}{{date}}", "日本語{{date}}文",
    ]) func `the pieces of a text are the text`(text: String) {
        let again = Placeholders.pieces(of: text).map { piece in
            switch piece {
            case .words(let words): words
            case .unknown(let words): words
            case .placeholder(let placeholder): placeholder.text
            }
        }.joined()
        #expect(again == text)
    }
}
