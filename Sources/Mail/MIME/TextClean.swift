/// Texts as everything behind the parser expects them: LF, no U+0000.
enum TextClean {
    /// CRLF and CR become LF, U+0000 goes.
    static func clean(_ text: String) -> String {
        let needsWork = text.utf8.withContiguousStorageIfAvailable { holdsReturnOrNull($0) } ?? true
        if !needsWork { return text }
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        var isAfterCR = false
        for byte in text.utf8 {
            if byte == 0x0D {
                out.append(0x0A)
            } else if byte == 0x0A {
                if !isAfterCR { out.append(0x0A) }
            } else if byte != 0 {
                out.append(byte)
            }
            isAfterCR = byte == 0x0D
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Looks at all bytes without a branch, which is faster than stopping at the first one.
    private static func holdsReturnOrNull(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var found: UInt8 = 0
        for byte in bytes { found |= (byte == 0x0D ? 1 : 0) | (byte == 0 ? 1 : 0) }
        return found != 0
    }

    /// Without blank lines in front and blanks at the end.
    static func trimmed(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var end = bytes.count
        while end > 0, ASCII.isSpace(bytes[end - 1]) { end -= 1 }
        var start = 0
        for index in 0..<end {
            if bytes[index] == 0x0A { start = index + 1 } else if !ASCII.isSpace(bytes[index]) { break }
        }
        if start == 0, end == bytes.count { return text }
        return start < end ? String(decoding: bytes[start..<end], as: UTF8.self) : ""
    }

    /// For HTML text and attribute values.
    static func escaped(_ text: String) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            switch byte {
            case 0x26: out += Array("&amp;".utf8)
            case 0x3C: out += Array("&lt;".utf8)
            case 0x3E: out += Array("&gt;".utf8)
            case 0x22: out += Array("&quot;".utf8)
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
