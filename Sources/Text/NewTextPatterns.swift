/// A list of words to look for in normalised lines, sorted by first byte so that most places cost one look.
struct NewTextPatterns: Sendable {
    /// For each byte the words that begin with it.
    private let words: [[[UInt8]]]
    /// Whether any word begins with this byte.
    private let begins: [Bool]

    init(_ list: [String]) {
        var words = [[[UInt8]]](repeating: [], count: 256)
        for word in list { words[Int(word.utf8.first ?? 0)].append(Array(word.utf8)) }
        self.words = words
        begins = words.map { !$0.isEmpty }
    }

    func canBegin(_ byte: UInt8) -> Bool { begins[Int(byte)] }

    /// Whether one of the words is the whole text.
    func isOne(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first else { return false }
        return words[Int(first)].contains { $0.count == text.count && text.elementsEqual($0) }
    }

    /// Whether the text begins with one of the words.
    func isPrefix(of text: ArraySlice<UInt8>) -> Bool {
        text.withUnsafeBufferPointer { holds($0, at: 0) }
    }

    /// Whether the text ends with one of the words.
    func isSuffix(of text: ArraySlice<UInt8>) -> Bool {
        words.contains { list in list.contains { $0.count <= text.count && text.suffix($0.count).elementsEqual($0) } }
    }

    /// Whether one of the words stands anywhere in the text, before `after` (one of these bytes) if that is given.
    func isWithin(_ text: ArraySlice<UInt8>, before after: UInt8? = nil) -> Bool {
        text.withUnsafeBufferPointer { text in
            begins.withUnsafeBufferPointer { begins in
                for index in 0..<text.count where begins[Int(text[index])] && holds(text, at: index, before: after) {
                    return true
                }
                return false
            }
        }
    }

    private func holds(_ text: UnsafeBufferPointer<UInt8>, at start: Int, before after: UInt8? = nil) -> Bool {
        guard start < text.count else { return false }
        for word in words[Int(text[start])] where word.count <= text.count - start {
            let end = start + word.count
            let isEqual = word.withUnsafeBufferPointer { word in
                for index in 1..<max(1, word.count) where text[start + index] != word[index] { return false }
                return true
            }
            guard isEqual, NewTextScalars.isBoundary(text, end) else { continue }
            if after == nil || (end < text.count && text[end] == after) { return true }
        }
        return false
    }
}

/// Scalars of valid UTF-8.
enum NewTextScalars {
    /// The scalar that begins at this index, and its length in bytes.
    static func scalar(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> (value: Unicode.Scalar, length: Int) {
        let first = UInt32(text[index])
        if first < 0x80 { return (Unicode.Scalar(UInt8(first)), 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard index + length <= text.count else { return ("\u{FFFD}", text.count - index) }
        var value = first & (0xFF >> UInt32(length + 1))
        for next in 1..<length { value = value << 6 | UInt32(text[index + next] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }

    /// Whether a letter is over here: a mark that joins the letter before makes it another one.
    static func isBoundary(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        guard index < text.count, text[index] >= 0x80 else { return true }
        let properties = scalar(text, index).value.properties
        return !properties.isGraphemeExtend && properties.generalCategory != .spacingMark
    }

    static func append(_ scalar: Unicode.Scalar, to out: inout [UInt8]) {
        out.append(contentsOf: scalar.utf8)
    }
}
