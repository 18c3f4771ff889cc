import Markup

/// A text as MediaWiki's wikitext: headings, lists, links, emphasis, tables; what wikitext would take for markup is
/// escaped.
package enum Wikitext {
    package static func of(_ rendered: RenderedText) -> String {
        rendered.paragraphs.map { of($0.words) }.joined(separator: "\n\n") + "\n"
    }

    /// Markdown to wikitext.
    package static func of(_ markdown: String) -> String {
        var writer = Writer()
        for piece in MarkdownPieces.of(markdown) { writer.take(piece) }
        return writer.finished
    }

    private struct Writer {
        private var out = ""
        /// `*` and `#` of the lists that are open.
        private var lists = ""
        private var isCode = false
        private var isTable = false
        private var isLink = false

        mutating func take(_ piece: MarkdownPiece) {
            if let block = piece.opens { open(block) }
            if piece.numbersFrom != nil { open("ol") }
            if let inline = piece.opensInline { openInline(inline) }
            if let address = piece.address {
                out += "[" + Self.address(address) + " "
                isLink = true
            }
            if let text = piece.text { out += isCode ? verbatim(text) : escaped(text) }
            if piece.isBreak { out += "<br>" }
            if piece.isRule {
                blank()
                out += "----"
            }
            if let name = piece.closes { close(name) }
        }

        /// What follows begins after an empty line.
        private mutating func blank() {
            while out.hasSuffix("\n") { out.removeLast() }
            if !out.isEmpty { out += "\n\n" }
        }

        private mutating func line() { if !out.isEmpty, !out.hasSuffix("\n") { out += "\n" } }

        private mutating func open(_ block: String) {
            switch block {
            case "ul", "ol":
                if lists.isEmpty { blank() }
                lists += block == "ul" ? "*" : "#"
            case "li":
                line()
                out += lists + " "
            case "p" where !lists.isEmpty: break
            case "table":
                blank()
                out += "{| class=\"wikitable\""
                isTable = true
            case "tr": out += "\n|-"
            case "th": out += "\n! "
            case "td": out += "\n| "
            default:
                blank()
                out += Self.openings[block] ?? ""
                isCode = block == "pre"
            }
        }

        private static let openings = [
            "h2": "== ", "h3": "=== ", "h4": "==== ", "blockquote": "<blockquote>\n", "pre": "<pre>",
        ]
        private static let closings = [
            "h2": " ==", "h3": " ===", "h4": " ====", "blockquote": "\n</blockquote>", "pre": "</pre>",
            "strong": "'''", "em": "''", "code": "</code>", "a": "]",
        ]

        private mutating func openInline(_ name: String) {
            out += name == "code" ? "<code>" : Self.closings[name] ?? ""
            if name == "code" { isCode = true }
        }

        private mutating func close(_ name: String) {
            if name == "ul" || name == "ol" { lists.removeLast() }
            if name == "pre" || name == "code" { isCode = false }
            if name == "a" { isLink = false }
            if name == "table" {
                isTable = false
                out += "\n|}"
            }
            out += Self.closings[name] ?? ""
        }

        private func verbatim(_ text: String) -> String {
            "<nowiki>" + text.replacing("&", with: "&amp;").replacing("<", with: "&lt;") + "</nowiki>"
        }

        /// What would end the link, or be read as emphasis, is written as it is in addresses.
        private static func address(_ text: String) -> String {
            var address = text
            for (mark, code) in [
                ("[", "%5B"), ("]", "%5D"), (" ", "%20"), ("''", "%27%27"), ("<", "%3C"), ("|", "%7C"),
            ] {
                address = address.replacing(mark, with: code)
            }
            return address
        }

        /// Braces, brackets and signs that begin something at a line's start stand for themselves.
        private func escaped(_ text: String) -> String {
            var text = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            if isLink { text = text.replacing("]", with: "&#93;") }
            for mark in ["[[", "]]", "{{", "}}", "''", "~~~", "__", "-{", "{|"] {
                text = text.replacing(mark, with: "<nowiki>" + mark + "</nowiki>")
            }
            if isTable { text = text.replacing("|", with: "<nowiki>|</nowiki>").replacing("!!", with: "&#33;!") }
            let isLineStart = out.isEmpty || out.hasSuffix("\n") || out.hasSuffix("<br>")
            if isLineStart, let first = text.first, "*#:;=|-! {".contains(first) { text = "<nowiki/>" + text }
            return text
        }

        var finished: String {
            var text = out
            while text.first == "\n" { text.removeFirst() }
            while text.last == "\n" { text.removeLast() }
            return text
        }
    }
}
