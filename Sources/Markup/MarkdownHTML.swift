/// Pieces as the HTML of a letter.
enum MarkdownHTML {
    static func of(_ pieces: [MarkdownPiece]) -> String {
        var out = ""
        for piece in pieces {
            if let name = piece.opens { out += opening(name, isMirrored: piece.isMirrored) }
            if let number = piece.numbersFrom {
                out += "<ol dir=\"\(piece.isMirrored ? "rtl" : "auto")\" start=\"\(number)\">\n"
            }
            if let name = piece.opensInline { out += "<\(name)>" }
            if let address = piece.address { out += "<a href=\"\(escaped(address))\">" }
            if let text = piece.text { out += escaped(text) }
            if piece.isBreak { out += "<br>\n" }
            if piece.isRule { out += "<hr>\n" }
            if let name = piece.closes { out += "</\(name)>" + (isInline(name) ? "" : "\n") }
        }
        return out
    }

    private static func opening(_ name: String, isMirrored: Bool) -> String {
        switch name {
        case "blockquote": "<blockquote type=\"cite\"" + (isMirrored ? " dir=\"rtl\">\n" : ">\n")
        case "ul", "ol": "<\(name) dir=\"\(isMirrored ? "rtl" : "auto")\">\n"
        default: "<\(name) dir=\"auto\">"
        }
    }

    private static func isInline(_ name: String) -> Bool { ["a", "em", "strong", "code"].contains(name) }

    /// Byte-wise, so that combining marks cannot hide a quote.
    private static func escaped(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x26: out += Array("&amp;".utf8)
            case 0x3C: out += Array("&lt;".utf8)
            case 0x3E: out += Array("&gt;".utf8)
            case 0x22: out += Array("&quot;".utf8)
            case 0..<0x09, 0x0B..<0x20, 0x7F: continue
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
