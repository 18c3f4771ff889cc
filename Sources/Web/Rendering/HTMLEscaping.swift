/// Escapes scalar by scalar: a combining mark after a quote does not hide the quote, as it does where text is
/// compared by Character.
package enum HTMLEscaping {
    /// Text that can stand between tags and inside quoted attribute values.
    package static func escape(_ text: String) -> String {
        guard text.utf8.contains(where: { replacement(of: $0) != nil }) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 32)
        append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same to the end of HTML, as UTF-8.
    static func append(_ text: String, to html: inout [UInt8]) {
        var text = text
        text.withUTF8 { bytes in
            var written = 0
            for (at, byte) in bytes.enumerated() {
                guard let replacement = replacement(of: byte) else { continue }
                html.append(contentsOf: bytes[written..<at])
                html.append(contentsOf: replacement.utf8)
                written = at + 1
            }
            html.append(contentsOf: bytes[written...])
        }
    }

    private static func replacement(of byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        case 0: "\u{FFFD}"
        default: nil
        }
    }
}
