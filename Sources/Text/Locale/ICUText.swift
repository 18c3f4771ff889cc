/// Text that a function of the ICU shim writes into a buffer.
enum ICUText {
    typealias Writer = (UnsafeMutablePointer<CChar>?, Int32) -> Int32

    /// What `write` wrote; nil where ICU refuses. Calls a second time when the first buffer was too small.
    static func text(_ write: Writer) -> String? {
        var needed: Int32 = 0
        let first = written(capacity: 128, &needed, write)
        guard needed > 128 else { return needed < 0 ? nil : first }
        let capacity = needed
        let second = written(capacity: capacity, &needed, write)
        return needed < 0 || needed > capacity ? nil : second
    }

    private static func written(capacity: Int32, _ needed: inout Int32, _ write: Writer) -> String {
        var length: Int32 = 0
        let text = String(unsafeUninitializedCapacity: Int(capacity)) { buffer in
            length = buffer.withMemoryRebound(to: CChar.self) { write($0.baseAddress, capacity) }
            return (0...capacity).contains(length) ? Int(length) : 0
        }
        needed = length
        return text
    }
}
