/// GMime reads groups in address headers recursively: `a:a:a:…` would exhaust the stack. Real groups do not nest.
enum GroupLimiter {
    /// Header blocks below this size cannot nest deep enough to do harm; bytes.
    static let harmless = 4096
    static let colons = 100

    /// Blanks out colons beyond the hundredth of one field in the header block `bytes[..<end]`; true if it had to.
    static func limit(_ bytes: inout [UInt8], upTo end: Int) -> Bool {
        guard end > harmless else { return false }
        var excess: [Int] = []
        bytes.withUnsafeBufferPointer { buffer in
            var start = 0
            var count = 0
            var isAddress = false
            while start < end {
                let next = min(end, lineEnd(buffer, from: start))
                if buffer[start] != 0x20, buffer[start] != 0x09 {
                    isAddress = isAddressField(bytes[start..<next])
                    count = 0
                }
                if isAddress {
                    for index in start..<next where buffer[index] == 0x3A {
                        count += 1
                        if count > colons { excess.append(index) }
                    }
                }
                start = next
            }
        }
        for index in excess { bytes[index] = 0x20 }
        return !excess.isEmpty
    }

    private static func isAddressField(_ line: ArraySlice<UInt8>) -> Bool {
        ASCII.hasPrefix(line, "to") || ASCII.hasPrefix(line, "cc") || ASCII.hasPrefix(line, "bcc")
            || ASCII.hasPrefix(line, "from") || ASCII.hasPrefix(line, "sender") || ASCII.hasPrefix(line, "reply-to")
            || ASCII.hasPrefix(line, "resent-")
    }
}
