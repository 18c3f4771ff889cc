/// Simple HTML made from plain text: paragraphs, quotes, links, and the direction of the language.
package enum OutgoingHTML {
    /// A whole document around a body.
    package static func document(body: String, language: String?) -> String {
        let attributes = attributes(language)
        return "<!DOCTYPE html>\n<html\(attributes)><head><meta charset=\"utf-8\"></head>\n<body\(attributes)>\n"
            + body + "</body></html>\n"
    }

    /// The blocks of a text without formatting, such as a signature.
    package static func fragment(_ text: String) -> String { blocks(TextClean.clean(text)) }

    /// Arabic, Hebrew, Persian, Urdu and their kin are written from right to left.
    package static func isRightToLeft(_ language: String) -> Bool {
        let primary = language.lowercased().prefix { $0 != "-" && $0 != "_" }
        return ["ar", "he", "iw", "fa", "ur", "ps", "yi", "ckb", "sd", "ug", "dv", "arz", "azb"].contains(
            String(primary))
    }

    private static func attributes(_ language: String?) -> String {
        guard let language, !language.isEmpty,
            language.utf8.allSatisfy({ ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == 0x2D })
        else { return " dir=\"auto\"" }
        return " lang=\"\(language)\" dir=\"\(isRightToLeft(language) ? "rtl" : "ltr")\""
    }

    private static func blocks(_ text: String) -> String {
        var out = ""
        var depth = 0
        var paragraph: [String] = []
        func endParagraph() {
            if !paragraph.isEmpty { out += "<p dir=\"auto\">" + paragraph.joined(separator: "<br>\n") + "</p>\n" }
            paragraph = []
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let (level, content) = unquoted(line)
            if level != depth {
                endParagraph()
                out += String(repeating: "<blockquote type=\"cite\">\n", count: max(0, level - depth))
                out += String(repeating: "</blockquote>\n", count: max(0, depth - level))
                depth = level
            }
            if content.allSatisfy({ $0 == " " || $0 == "\t" }) {
                endParagraph()
            } else {
                paragraph.append(linked(content))
            }
        }
        endParagraph()
        return out + String(repeating: "</blockquote>\n", count: depth)
    }

    /// Depth of quotation, at most 20, and the line without its marks.
    private static func unquoted(_ line: Substring) -> (Int, Substring) {
        var rest = line
        var depth = 0
        while rest.first == ">", depth < 20 {
            depth += 1
            rest = rest.dropFirst()
            if rest.first == " " { rest = rest.dropFirst() }
        }
        return (depth, rest)
    }

    private static func linked(_ line: Substring) -> String {
        var parts: [String] = []
        for word in line.split(separator: " ", omittingEmptySubsequences: false) {
            guard let start = linkStart(word) else {
                parts.append(TextClean.escaped(String(word)))
                continue
            }
            let link = word[start...]
            let tail = link.reversed().prefix { ".,;:!?)>]\"'»”’".contains($0) }.count
            let address = TextClean.escaped(String(link.dropLast(tail)))
            parts.append(
                TextClean.escaped(String(word[..<start])) + "<a href=\"\(address)\">\(address)</a>"
                    + TextClean.escaped(String(link.suffix(tail))))
        }
        return parts.joined(separator: " ")
    }

    /// Where `http://` or `https://` begins in a word, behind at most one opening mark.
    private static func linkStart(_ word: Substring) -> Substring.Index? {
        let body = word.drop { "(<[\"'«“".contains($0) }
        guard body.hasPrefix("https://") || body.hasPrefix("http://"), body.utf8.count > 10 else { return nil }
        return body.startIndex
    }
}
