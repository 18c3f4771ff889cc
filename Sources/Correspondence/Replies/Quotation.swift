import Base
import Foundation
import Text

/// What an answer quotes: a line that says who wrote it and when, in the language of the person who is answered, and
/// the words behind marks. Our own reader knows the line, so that it folds with the quote.
struct Quotation: Sendable {
    /// A message key in a language, with its arguments.
    typealias Words = @Sendable (_ key: String, _ language: String, _ arguments: [String]) -> String

    /// The organisation's zone: where a member is, is nobody's business.
    let zone: TimeZone
    let words: Words

    /// "On 21 November 2026 at 14:02, Karl wrote:"
    func head(_ message: Message, language: String?) -> String {
        let language = language ?? "en"
        let name = Letter.headerName(message.fromName.isEmpty ? message.fromAddress : message.fromName)
        let day = DateText.exact(message.sentAt, language: language, zone: zone.identifier)
        return words("letter-quote-head", language, [day, name])
    }

    /// Head and marked words, at most 20,000 characters of them.
    func text(_ message: Message, language: String?) -> String {
        let lines = message.newText.prefix(20_000).split(separator: "\n", omittingEmptySubsequences: false)
        return head(message, language: language) + "\n"
            + lines.map { $0.isEmpty ? ">" : "> \($0)" }.joined(separator: "\n")
    }
}
