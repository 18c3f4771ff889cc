import CICU

/// A text in pieces: words, and what stands between them (ICU, UAX #29). Together they are the text again.
package enum WordBreaks {
    package struct Piece: Equatable, Sendable {
        package let text: String
        /// Whether it is a word or number, not space or punctuation.
        package let isWord: Bool
    }

    /// `locale` is a BCP 47 tag; it matters where words stand without spaces.
    package static func pieces(_ text: String, locale: String = "") -> [Piece] {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count < Int(Int32.max) else { return [] }
        var ends = [Int32](repeating: 0, count: bytes.count)
        var statuses = ends
        let count = cicu_word_breaks(
            bytes, Int32(bytes.count), locale, &ends, &statuses, Int32(bytes.count))
        guard count >= 0 else { return [Piece(text: text, isWord: true)] }
        var start = 0
        return (0..<Int(count)).map { index in
            let end = Int(ends[index])
            defer { start = end }
            return Piece(text: String(decoding: bytes[start..<end], as: UTF8.self), isWord: statuses[index] >= 100)
        }
    }
}
