/// Text that calls itself base64 and is so only at the beginning: mailing lists append their footer as it is.
enum MixedBase64 {
    /// Where the clear text begins; nil when all is base64, broken places in it included.
    static func clearText(in content: ArraySlice<UInt8>) -> Int? {
        var found: Int?
        var start = content.startIndex
        while start < content.endIndex {
            let end = content[start...].firstIndex(of: 0x0A) ?? content.endIndex
            let line = ASCII.trimmed(content[start..<end])
            if found == nil, !line.allSatisfy(isCode) {
                found = start
            } else if found != nil, line.count >= 40, line.allSatisfy(isCode) {
                return nil
            }
            start = end + 1
        }
        return found
    }

    private static func isCode(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == 0x2B || byte == 0x2F || byte == 0x3D
    }
}
