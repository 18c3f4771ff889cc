import Base
import Storage

/// What is to be taken out, and what it is in each text of the ticket: the thing itself in the message it was asked
/// for, copies of it in all others. Letters quote and forward: what stays in an answer is not gone.
struct Cut: Sendable {
    let kind: Redaction.Kind
    /// The message it was asked for.
    let message: ID

    private let passage: Passage?
    private let attachment: ID?
    private var quoted: QuotedCopy?
    /// Hashes of files that go, wherever they hang.
    private var files: Set<String> = []

    init(_ scope: Redacting.Scope, of message: ID) throws(Failure) {
        self.message = message
        switch scope {
        case .passage(let text):
            guard let passage = Passage(text) else { throw Failure(.invalid, "redaction-passage-short") }
            kind = .passage
            self.passage = passage
            attachment = nil
        case .message:
            kind = .message
            passage = nil
            attachment = nil
        case .attachment(let id):
            kind = .attachment
            passage = nil
            attachment = id
        }
    }

    /// The message was read: copies of it are known by what it says and carries.
    mutating func know(_ message: Message, _ attachments: [Attachment]) {
        switch kind {
        case .passage: break
        case .message:
            quoted = QuotedCopy(message.newText)
            files = Set(attachments.map(\.sha256))
        case .attachment:
            files = Set(attachments.filter { $0.id == attachment }.map(\.sha256))
        }
        files.remove("")
    }

    /// A text of a message without it.
    func text(_ text: String, of id: ID) -> String {
        guard kind == .message, id == message else { return copy(text) }
        return text.isEmpty ? "" : Passage.mark
    }

    /// A text beside the messages, or of another message, without it.
    func copy(_ text: String) -> String {
        passage?.removed(from: text).text ?? quoted?.removed(from: text) ?? text
    }

    /// A subject or a file's name: only words that were chosen are taken out of them.
    func name(_ name: String) -> String { passage?.removed(from: name).text ?? name }

    func takes(_ attachment: Attachment, of id: ID) -> Bool {
        (kind == .message && id == message) || attachment.id == self.attachment || takes(file: attachment.sha256)
    }

    /// By the hash of the file, in hexadecimal digits.
    func takes(file: String) -> Bool { files.contains(file) }

    func stands(in each: Message, _ attachments: [Attachment]) -> Bool {
        if kind == .message, each.id == message { return true }
        return attachments.contains { takes($0, of: each.id) || name($0.filename) != $0.filename }
            || copy(each.text) != each.text || copy(each.newText) != each.newText || name(each.subject) != each.subject
    }
}

/// Finds what other texts took over from a message: its paragraphs wherever they stand, and quoted lines of it.
struct QuotedCopy: Sendable {
    /// A paragraph of fewer letters is no copy but a greeting.
    private static let shortestParagraph = 20
    private static let shortestLine = 3
    private static let mostParagraphs = 400
    /// Lines that were wrapped anew are looked for in texts up to this many bytes.
    private static let mostWrapped = 20_000

    private let paragraphs: [Passage]
    private let lines: Set<String>
    private let whole: String

    init(_ text: String) {
        let texts = ReviewParagraphs.split(text).filter { $0.unicodeScalars.count >= Self.shortestParagraph }
        paragraphs = texts.prefix(Self.mostParagraphs).compactMap { Passage($0) }
        lines = Set(text.split(whereSeparator: \.isNewline).map(Self.plain))
        whole = text.utf8.count <= Self.mostWrapped ? Self.plain(text[...]) : ""
    }

    func removed(from text: String) -> String {
        let rest = paragraphs.reduce(text) { $1.removed(from: $0).text }
        guard rest.contains(">") else { return rest }
        return rest.split(separator: "\n", omittingEmptySubsequences: false).map(line).joined(separator: "\n")
    }

    /// A quoted line of it keeps its signs and loses its words.
    private func line(_ line: Substring) -> String {
        let words = line.drop { $0.isWhitespace || $0 == ">" }
        guard line[..<words.startIndex].contains(">") else { return String(line) }
        let plain = Self.plain(words)
        guard plain.count >= Self.shortestLine, lines.contains(plain) || whole.contains(plain) else {
            return String(line)
        }
        return String(line[..<words.startIndex]) + Passage.mark
    }

    private static func plain(_ text: Substring) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
