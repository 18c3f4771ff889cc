/// Text of an attachment whose charset nobody told: a byte order mark, UTF-8 when it is valid, else windows-1252.
enum PlainText {
    private static let windows1252: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F, 0x90,
        0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178,
    ]

    static func decode(_ bytes: [UInt8]) -> String {
        if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes.dropFirst(2), high: 1) }
        if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes.dropFirst(2), high: 0) }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        if let text = String(validating: body, as: UTF8.self) { return text }
        let units = body.map { (0x80...0x9F).contains($0) ? windows1252[Int($0) - 0x80] : UInt16($0) }
        return String(decoding: units, as: UTF16.self)
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, high: Int) -> String {
        let start = bytes.startIndex
        let units = (0..<bytes.count / 2).map { pair in
            UInt16(bytes[start + 2 * pair + high]) << 8 | UInt16(bytes[start + 2 * pair + 1 - high])
        }
        return String(decoding: units, as: UTF16.self)
    }
}
