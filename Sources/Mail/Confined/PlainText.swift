/// Text of an attachment whose charset nobody told: a byte order mark, UTF-8 when it is valid, else what its letters
/// tell.
enum PlainText {
    static func decode(_ bytes: [UInt8]) -> String {
        if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes.dropFirst(2), high: 1) }
        if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes.dropFirst(2), high: 0) }
        return Charset.decode(bytes, label: nil).text
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, high: Int) -> String {
        let start = bytes.startIndex
        let units = (0..<bytes.count / 2).map { pair in
            UInt16(bytes[start + 2 * pair + high]) << 8 | UInt16(bytes[start + 2 * pair + 1 - high])
        }
        return String(decoding: units, as: UTF16.self)
    }
}
