import Base
import Knowledge

/// A text of ours that was put into a draft, with the link kept: use, edits and outcome are counted, and it is known
/// to be stale when the text changes before the letter leaves.
package struct Insertion: Sendable, Equatable {
    /// One paragraph as it stood when it was inserted.
    package struct Paragraph: Sendable, Equatable {
        package var id: ID
        /// Of the words before they were filled in.
        package var hash: String
        /// Somebody had reviewed it in that language, or it was the source itself.
        package var isReviewed: Bool
        /// As they were put in; empty when the draft is gone.
        package var words: String
        /// When the draft is gone: hashes of what a second person stood behind, by which it is known in the letter.
        package var marks: [String] = []
    }

    package var id: ID
    package var ticket: ID
    package var draft: ID
    package var text: ID
    package var version: Int
    /// The language that was asked for, and the one that was there.
    package var wanted: String
    package var language: String
    package var paragraphs: [Paragraph]
    package var member: ID

    /// Less than this of a text left in a letter, in percent, is the writer's own.
    static let least = 20

    /// Percent of the inserted words that stand in a letter.
    func kept(in letter: String) -> Int { Self.kept(paragraphs.map(\.words).joined(separator: " "), in: letter) }

    static func kept(_ inserted: String, in letter: String) -> Int {
        let words = words(inserted)
        guard !words.isEmpty else { return 0 }
        var there = Dictionary(Self.words(letter).map { ($0, 1) }, uniquingKeysWith: +)
        let kept = words.count { word in
            guard let count = there[word], count > 0 else { return false }
            there[word] = count - 1
            return true
        }
        return 100 * kept / words.count
    }

    private static func words(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }

    static func hash(_ words: String) -> String { String(Hex.encode(SHA256Digest.of(words)).prefix(16)) }
}
