import Base
import Storage

/// A text that a draft was made from: a template, in the language it was inserted in.
package struct ReviewSource: Sendable, Equatable {
    package var name: String
    /// As it was inserted, with its placeholders filled in.
    package var text: String
    /// A second person has looked at it.
    package var isReviewed: Bool
    /// Members who translated it: they hear of a reader's thanks.
    package var translators: [ID]

    package init(name: String, text: String, isReviewed: Bool, translators: [ID] = []) {
        self.name = name
        self.text = text
        self.isReviewed = isReviewed
        self.translators = translators
    }
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
        for source in sources where source.isReviewed {
            for paragraph in Self.split(source.text) { known[Self.folded(paragraph)] = source.name }
        }
        all = Self.split(text).enumerated().map { position, paragraph in
            Paragraph(position: position, text: paragraph, source: known[Self.folded(paragraph)])
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
    private static func folded(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
