import Base
import Mail

/// A mail made anew from what may stay: its main headers, its text, the attachments that are left.
struct RebuiltMail: Sendable {
    var message: Message
    var addresses: [MessageAddress]
    var text: String
    var subject: String
    var attachments: [OutgoingAttachment]

    /// The bytes. Headers of strangers that must not stand in a header are repaired; at worst only the text is left.
    func bytes() throws -> [UInt8] {
        for isPlain in [false, true] {
            if let bytes = try? MessageComposer.compose(outgoing(isPlain: isPlain)) { return bytes }
        }
        throw Failure(.internal, "error-internal", details: "message \(message.id) cannot be rebuilt")
    }

    private func outgoing(isPlain: Bool) -> OutgoingMessage {
        let nobody = MailAddress(name: "", address: "redacted@invalid.invalid")
        let isAddressed = !isPlain && EmailAddress.isPlausible(message.fromAddress)
        let from = isAddressed ? MailAddress(name: Self.clean(message.fromName), address: message.fromAddress) : nobody
        let isNamed = !isPlain && !message.headerID.isEmpty
        var mail = OutgoingMessage(
            from: from, to: isPlain ? [] : parties(.to), subject: Self.clean(subject), date: message.sentAt,
            messageID: isNamed ? message.headerID : "redacted.\(message.id)@invalid.invalid", text: text)
        if !isPlain {
            mail.cc = parties(.cc)
            mail.replyTo = parties(.replyTo)
        }
        mail.language = message.language
        mail.attachments = attachments.map {
            OutgoingAttachment(
                filename: Self.clean($0.filename), contentType: isPlain ? "application/octet-stream" : $0.contentType,
                bytes: $0.bytes)
        }
        return mail
    }

    private func parties(_ role: MessageAddress.Role) -> [MailAddress] {
        addresses.filter { $0.role == role && EmailAddress.isPlausible($0.address) }.map {
            MailAddress(name: Self.clean($0.name), address: $0.address)
        }
    }

    /// Without control characters, at most 1,000 characters.
    private static func clean(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(1000) {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            scalars.append(isControl || scalar.value == 0x2028 || scalar.value == 0x2029 ? " " : scalar)
        }
        return String(scalars)
    }
}
