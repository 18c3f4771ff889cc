import Base
import Mail

/// How mail is read: in helper processes, or directly in tests.
package struct MailReader: Sendable {
    package let parse: @Sendable ([UInt8]) async throws -> ParsedMessage
    /// Decoded bytes of an attachment by its position.
    package let attachment: @Sendable (Int, [UInt8]) async throws -> [UInt8]
    /// Sanitised HTML of the body, for the sandboxed view.
    package let attachmentText: @Sendable (_ contentType: String, _ filename: String, [UInt8]) async -> String?

    package init(
        parse: @escaping @Sendable ([UInt8]) async throws -> ParsedMessage,
        attachment: @escaping @Sendable (Int, [UInt8]) async throws -> [UInt8],
        attachmentText: @escaping @Sendable (String, String, [UInt8]) async -> String?
    ) {
        self.parse = parse
        self.attachment = attachment
        self.attachmentText = attachmentText
    }
}
