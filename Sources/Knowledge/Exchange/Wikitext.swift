import Markup

/// A text as MediaWiki's wikitext: headings, lists, links, emphasis; what wikitext would take for markup is escaped.
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

        mutating func take(_ piece: MarkdownPiece) {
            if let block = piece.opens { open(block) }
            if piece.numbersFrom != nil { lists += "#" }
            if let inline = piece.opensInline { out += inline == "strong" ? "'''" : inline == "em" ? "''" : "<code>" }
            if let address = piece.address { out += "[" + address + " " }
            if let text = piece.text {
                out += isCode ? "<nowiki>" + text.replacing("</nowiki>", with: "") + "</nowiki>" : escaped(text)
            }
            if piece.isBreak { out += "<br>" }
            if piece.isRule { out += "\n----\n" }
            if let name = piece.closes { close(name) }
        }

        private mutating func open(_ block: String) {
            switch block {
            case "h2": out += "\n== "
            case "h3": out += "\n=== "
            case "h4": out += "\n==== "
            case "ul": lists += "*"
            case "ol": lists += "#"
            case "li":
                if !out.isEmpty, !out.hasSuffix("\n") { out += "\n" }
                out += lists + " "
            case "blockquote": out += "\n<blockquote>\n"
            case "pre":
                out += "\n<pre>"
                isCode = true
            case "p" where lists.isEmpty: out += out.isEmpty || out.hasSuffix("\n\n") ? "" : "\n\n"
            default: break
            }
        }

        private mutating func close(_ name: String) {
            switch name {
            case "h2": out += " ==\n"
            case "h3": out += " ===\n"
            case "h4": out += " ====\n"
            case "ul", "ol": lists = String(lists.dropLast())
            case "blockquote": out += "\n</blockquote>\n"
            case "pre":
                out += "</pre>\n"
                isCode = false
            case "strong": out += "'''"
            case "em": out += "''"
            case "code": out += "</code>"
            case "a": out += "]"
            default: break
            }
        }

        /// Braces, brackets and signs that begin something at a line's start stand for themselves.
        private func escaped(_ text: String) -> String {
            var text = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            for mark in ["[[", "]]", "{{", "}}", "''", "~~~", "__"] {
                text = text.replacing(mark, with: "<nowiki>" + mark + "</nowiki>")
            }
            let isLineStart = out.isEmpty || out.hasSuffix("\n")
            if isLineStart, let first = text.first, "*#:;=|-! ".contains(first) { text = "<nowiki/>" + text }
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
