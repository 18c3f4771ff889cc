import Base
import Storage

/// A text that a draft was made from: a template, in the language it was inserted in.
package struct ReviewSource: Sendable, Equatable {
    /// As it was inserted, with its placeholders filled in.
    package struct Paragraph: Sendable, Equatable {
        package var words: String
        /// A second person has looked at it.
        package var isReviewed: Bool
        /// Hashes of the parts between empty lines: by them it is known in a letter, also when its words are gone.
        package var marks: [String]

        package init(words: String, isReviewed: Bool) {
            self.words = words
            self.isReviewed = isReviewed
            marks = ReviewParagraphs.split(words).map(ReviewParagraphs.mark)
        }

        /// Of a letter that left: reviewed, and the words are kept no longer.
        init(marks: [String]) {
            words = ""
            isReviewed = true
            self.marks = marks
        }
    }

    package var name: String
    package var paragraphs: [Paragraph]
    /// Members who translated it: they hear of a reader's thanks.
    package var translators: [ID]
    /// The text itself; nil where it is not kept as one.
    package var knowledge: ID?

    package init(name: String, paragraphs: [Paragraph], translators: [ID] = [], knowledge: ID? = nil) {
        self.name = name
        self.paragraphs = paragraphs
        self.translators = translators
        self.knowledge = knowledge
    }

    package init(name: String, text: String, isReviewed: Bool, translators: [ID] = []) {
        self.init(name: name, paragraphs: [Paragraph(words: text, isReviewed: isReviewed)], translators: translators)
    }

    /// Empty when the words are kept no longer.
    package var text: String { paragraphs.map(\.words).filter { !$0.isEmpty }.joined(separator: "\n\n") }
}

/// Where drafts and messages say what they were made from. Handed in by whoever keeps the texts.
package struct ReviewSources: Sendable {
    package let ofDraft: @Sendable (ID, any Connection) throws -> [ReviewSource]
    package let ofMessage: @Sendable (ID, any Connection) throws -> [ReviewSource]

    package init(
        ofDraft: @escaping @Sendable (ID, any Connection) throws -> [ReviewSource],
        ofMessage: @escaping @Sendable (ID, any Connection) throws -> [ReviewSource]
    ) {
        self.ofDraft = ofDraft
        self.ofMessage = ofMessage
    }

    /// No text is kept anywhere.
    package static let none = ReviewSources(ofDraft: { _, _ in [] }, ofMessage: { _, _ in [] })
}

/// A reply in paragraphs, the writer's own apart from what was reviewed before.
struct ReviewParagraphs: Equatable {
    struct Paragraph: Equatable {
        /// Its place in the reply, from 0.
        var position: Int
        var text: String
        /// The reviewed text it stands in unchanged; nil where it is the writer's own.
        var source: String?
    }

    let all: [Paragraph]

    init(_ text: String, sources: [ReviewSource]) {
        var known: [String: String] = [:]
        for source in sources {
            for inserted in source.paragraphs where inserted.isReviewed {
                for mark in inserted.marks { known[mark] = source.name }
            }
        }
        all = Self.split(text).enumerated().map { position, paragraph in
            Paragraph(position: position, text: paragraph, source: known[Self.mark(paragraph)])
        }
    }

    var own: [Paragraph] { all.filter { $0.source == nil } }
    var unchanged: [Paragraph] { all.filter { $0.source != nil } }

    /// Parted by empty lines.
    static func split(_ text: String) -> [String] {
        var paragraphs: [[Substring]] = [[]]
        for line in text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false) {
            if line.allSatisfy(\.isWhitespace) {
                if paragraphs.last?.isEmpty == false { paragraphs.append([]) }
            } else {
                paragraphs[paragraphs.count - 1].append(line)
            }
        }
        return paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
    }

    /// Spaces and line ends do not make a paragraph another.
    static func mark(_ text: String) -> String {
        let folded = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return String(Hex.encode(SHA256Digest.of(folded)).prefix(32))
    }
}
