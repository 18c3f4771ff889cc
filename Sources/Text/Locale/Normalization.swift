import CICU

/// Unicode normal forms of UTF-8 bytes by ICU.
enum Normalization {
    /// Canonical composition; the input where ICU refuses.
    static func nfc(_ bytes: [UInt8]) -> [UInt8] {
        apply(bytes) { text, length, out, capacity in cicu_nfc(text, length, out, capacity) }
    }

    /// Compatibility composition with case folded and ignorable characters removed.
    static func nfkcCasefold(_ bytes: [UInt8]) -> [UInt8] {
        apply(bytes) { text, length, out, capacity in cicu_nfkc_casefold(text, length, out, capacity) }
    }

    private typealias Form = (UnsafePointer<UInt8>?, Int32, UnsafeMutablePointer<UInt8>?, Int32) -> Int32

    private static func apply(_ bytes: [UInt8], _ form: Form) -> [UInt8] {
        guard let length = Int32(exactly: bytes.count) else { return bytes }
        var capacity = bytes.count * 2 + 16
        while true {
            var needed: Int32 = 0
            let result = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                needed = form(bytes, length, buffer.baseAddress, Int32(buffer.count))
                count = min(max(0, Int(needed)), capacity)
            }
            if needed < 0 { return bytes }
            if Int(needed) <= capacity { return result }
            capacity = Int(needed)
        }
    }
}
