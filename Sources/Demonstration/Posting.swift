import Base
import Mail

/// Writes the mails of a tale as bytes.
struct Posting: Sendable {
    /// Where a mail goes and what it answers.
    struct Envelope: Sendable {
        var from: Correspondent
        var to: String
        var at: Milliseconds
        /// Makes the Message-ID, the same for the same seed.
        var name: String
        /// Message-IDs without angle brackets.
        var answers: String?
    }

    static func mail(_ words: Tale.Words, _ envelope: Envelope, isAutomatic: Bool) throws(Failure) -> [UInt8] {
        var message = OutgoingMessage(
            from: MailAddress(name: envelope.from.name, address: envelope.from.address),
            to: [MailAddress(name: "", address: envelope.to)], subject: words.subject, date: envelope.at,
            messageID: messageID(envelope), text: words.text)
        message.language = words.language
        if envelope.at / 1000 % 4 == 0 { message.html = html(words.text) }
        if words.isReply, let answered = envelope.answers {
            message.inReplyTo = [answered]
            message.references = [answered]
        }
        if isAutomatic { message.autoSubmitted = "auto-replied" }
        let seed = UInt64(bitPattern: envelope.at)
        switch words.file {
        case "picture":
            message.attachments = [
                OutgoingAttachment(filename: "stone.png", contentType: "image/png", bytes: Picture.png(seed: seed))
            ]
        case "text":
            message.attachments = [
                OutgoingAttachment(filename: "page.txt", contentType: "text/plain", bytes: Array(words.text.utf8))
            ]
        default: break
        }
        return try MessageComposer.compose(message)
    }

    /// As programs with a taste of their own write it.
    private static func html(_ text: String) -> String {
        let paragraphs = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").split(separator: "\n\n").map {
            "<p style=\"margin:0 0 12px\">" + $0.replacing("\n", with: "<br>") + "</p>"
        }
        return "<div style=\"font-family:Georgia,serif;color:#234\">" + paragraphs.joined()
            + "<hr style=\"border:0;border-top:1px solid #9ab\"></div>"
    }

    /// What a mail server says when there is no such mailbox (RFC 3464).
    static func bounce(_ envelope: Envelope) -> [UInt8] {
        let lines = [
            "From: MAILER-DAEMON@relay.example", "To: \(envelope.to)",
            "Subject: Undelivered Mail Returned to Sender", "Date: \(MailDate.string(envelope.at))",
            "Message-ID: <\(messageID(envelope))>", "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=\"edge\"", "", "--edge",
            "Content-Type: text/plain; charset=us-ascii", "",
            "Your message could not be delivered to <\(envelope.from.address)>: the mailbox does not exist.", "",
            "--edge", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; relay.example", "",
            "Final-Recipient: rfc822; \(envelope.from.address)", "Action: failed", "Status: 5.1.1",
            "Diagnostic-Code: smtp; 550 5.1.1 no such mailbox", "", "--edge",
            "Content-Type: text/rfc822-headers", "", "Message-ID: <\(envelope.answers ?? "")>", "", "--edge--", "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private static func messageID(_ envelope: Envelope) -> String {
        let domain = EmailAddress.parts(envelope.from.address)?.domain ?? "mail.example"
        return "\(envelope.name)@\(domain)"
    }
}

/// Dates as mails write them, in UTC.
enum MailDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func string(_ time: Milliseconds) -> String {
        let text = ISO8601.string(time)
        let month = months[(Int(text.dropFirst(5).prefix(2)) ?? 1) - 1]
        return "\(text.dropFirst(8).prefix(2)) \(month) \(text.prefix(4)) \(text.dropFirst(11).prefix(8)) +0000"
    }
}
