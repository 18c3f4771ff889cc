import Base
import Mail

/// How mail is read: in helper processes, or directly in tests.
package struct MailReader: Sendable {
    package let parse: @Sendable ([UInt8]) async throws -> ParsedMessage
    /// Decoded bytes of an attachment by its position.
    package let attachment: @Sendable (Int, [UInt8]) async throws -> [UInt8]
    /// Sanitised HTML of the body, for the sandboxed view.
    package let sanitizedHTML: @Sendable ([UInt8]) async throws -> String
    /// The words of an attachment, for the search; nil when it has none we can read.
    package let attachmentText: @Sendable (_ contentType: String, _ filename: String, [UInt8]) async -> String?

    /// A small PNG of an attachment; nil when there is none.
    package var picture: @Sendable (_ contentType: String, [UInt8]) async -> [UInt8]? = { _, _ in nil }

    package init(
        parse: @escaping @Sendable ([UInt8]) async throws -> ParsedMessage,
        attachment: @escaping @Sendable (Int, [UInt8]) async throws -> [UInt8],
        sanitizedHTML: @escaping @Sendable ([UInt8]) async throws -> String,
        attachmentText: @escaping @Sendable (String, String, [UInt8]) async -> String?
    ) {
        self.parse = parse
        self.attachment = attachment
        self.sanitizedHTML = sanitizedHTML
        self.attachmentText = attachmentText
    }
}
