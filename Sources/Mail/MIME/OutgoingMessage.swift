import Base

/// A file that goes out with a mail.
package struct OutgoingAttachment: Sendable, Equatable {
    package var filename: String
    /// `type/subtype`.
    package var contentType: String
    package var bytes: [UInt8]
    /// A mail as it came, to be shown as a mail inside this one.
    package var isOriginal: Bool

    package init(filename: String, contentType: String, bytes: [UInt8], isOriginal: Bool = false) {
        self.filename = filename
        self.contentType = contentType
        self.bytes = bytes
        self.isOriginal = isOriginal
    }
}

/// A mail to be written. There is no Bcc: hidden recipients belong to the envelope.
package struct OutgoingMessage: Sendable, Equatable {
    package var from: MailAddress
    package var to: [MailAddress]
    package var cc: [MailAddress] = []
    package var replyTo: [MailAddress] = []
    package var subject: String
    /// Milliseconds UTC; written as +0000.
    package var date: Milliseconds
    /// Message ids are without angle brackets.
    package var messageID: String
    package var inReplyTo: [String] = []
    package var references: [String] = []
    /// `auto-replied` or `auto-generated`; nil for what a person wrote.
    package var autoSubmitted: String?
    /// Plain text; any line ends.
    package var text: String
    /// The same as HTML, without `html` and `body`; made from the text when absent.
    package var html: String?
    /// BCP 47 code of the text; decides its direction.
    package var language: String?
    package var attachments: [OutgoingAttachment] = []

    package init(
        from: MailAddress, to: [MailAddress], subject: String, date: Milliseconds, messageID: String, text: String
    ) {
        self.from = from
        self.to = to
        self.subject = subject
        self.date = date
        self.messageID = messageID
        self.text = text
    }
}
