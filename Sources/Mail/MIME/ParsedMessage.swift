import Base

/// One address of a header, decoded. `address` is empty for a group name or an unreadable entry.
package struct MailAddress: Sendable, Equatable, Hashable, Codable {
    package var name: String
    package var address: String

    package init(name: String, address: String) {
        self.name = name
        self.address = address
    }
}

/// What a message is: decides whether a person waits for an answer.
package enum MessageKind: String, Sendable, Codable {
    case mail
    case autoReply = "auto-reply"
    case bounce
    case list
}

/// A leaf of the MIME tree that is not the shown body.
package struct ParsedAttachment: Sendable, Equatable, Codable {
    package var filename: String
    /// `type/subtype`, lower case.
    package var contentType: String
    /// Bytes after decoding.
    package var size: Int
    /// Hex of the decoded bytes.
    package var sha256: String
    package var inline: Bool
    /// Without angle brackets; empty when absent.
    package var contentID: String
    /// What it is beyond its type, for the reader: `calendar`, `tnef`, `smime`, `pgp`, `message` or empty.
    package var label: String

    package init(
        filename: String, contentType: String, size: Int, sha256: String, inline: Bool, contentID: String = "",
        label: String = ""
    ) {
        self.filename = filename
        self.contentType = contentType
        self.size = size
        self.sha256 = sha256
        self.inline = inline
        self.contentID = contentID
        self.label = label
    }
}

/// One recipient a bounce speaks of (RFC 3464, or read from a non-standard text).
package struct BouncedRecipient: Sendable, Equatable, Codable {
    package var address: String
    /// Enhanced status such as `5.1.1`; empty when unknown.
    package var status: String
    package var isPermanent: Bool
    /// What the other server said, one line; empty when unknown.
    package var diagnostic: String

    package init(address: String, status: String, isPermanent: Bool, diagnostic: String) {
        self.address = address
        self.status = status
        self.isPermanent = isPermanent
        self.diagnostic = diagnostic
    }
}

/// How Liaison reads a message. A broken one still gives a value, with `problems`.
package struct ParsedMessage: Sendable, Equatable, Codable {
    package var from: [MailAddress] = []
    package var to: [MailAddress] = []
    package var cc: [MailAddress] = []
    package var replyTo: [MailAddress] = []
    package var subject = ""
    /// Milliseconds UTC; nil when the header is absent or unreadable.
    package var date: Milliseconds?
    /// Message ids are without angle brackets.
    package var messageID = ""
    package var inReplyTo: [String] = []
    package var references: [String] = []
    package var kind: MessageKind = .mail
    /// BCP 47 code such as `de`, `pt`, `zh`; nil when the text is too short or mixed to tell.
    package var language: String?
    /// The readable body.
    package var text = ""
    /// `text` without quoted text and signature.
    package var newText = ""
    package var attachments: [ParsedAttachment] = []
    /// Short codes in English kebab-case, for example `charset-guessed`, `boundary-missing`.
    package var problems: [String] = []

    // Beyond what `inspect` prints.
    /// The decoded HTML body, unsanitised; empty when there is none. Never shown without the sanitiser.
    package var html = ""
    package var returnPath: String?
    /// Values of Authentication-Results, topmost first, unfolded.
    package var authenticationResults: [String] = []
    package var listID = ""
    package var bouncedRecipients: [BouncedRecipient] = []
    /// Message-ID of the message a bounce is about; empty when unknown.
    package var bouncedMessageID = ""
    /// True when no machine may answer (RFC 3834, Precedence, X-Auto-Response-Suppress, null sender).
    package var forbidsAutomaticAnswer = false
    /// How the message is protected: `pgp-signed`, `pgp-encrypted`, `smime-signed`, `smime-encrypted`.
    package var protection: [String] = []

    package init() {}
}
