/// Tells bounces: RFC 3464 reports, X-Failed-Recipients, and the texts of qmail, Exim, Sendmail, Exchange, Postfix.
enum BounceReader {
    /// Sets `kind`, `bouncedRecipients` and `bouncedMessageID` when the message is a bounce; else leaves all alone.
    static func read(_ document: MIMEDocument, _ bytes: [UInt8], into message: inout ParsedMessage) {
        let leaves = leaves(of: document.root)
        let content = { (node: MIMENode) in node.encoding.decode(bytes[node.range], limit: 1 << 18) }
        if let report = leaves.first(where: { $0.type.hasPrefix("message/") && $0.type.hasSuffix("delivery-status") }) {
            let status = DeliveryStatus(content(report))
            // A report of success only is no bounce.
            guard !status.hasOnlySuccess else {
                message.kind = .autoReply
                return
            }
            message.bouncedRecipients = status.recipients
            message.kind = .bounce
        } else if let failed = document.headers["x-failed-recipients"] {
            let text = message.text
            message.bouncedRecipients = addresses(in: EncodedWords.decode(failed))
                .map { BounceTexts.recipient($0, in: text) }
            message.kind = .bounce
        } else if isFromMailSystem(document, message), BounceTexts.speaksOfFailure(message.subject, message.text) {
            message.kind = .bounce
        }
        guard message.kind == .bounce else { return }
        if message.bouncedRecipients.isEmpty { message.bouncedRecipients = BounceTexts.recipients(in: message) }
        let original = leaves.first {
            ["message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"].contains($0.type)
        }
        let source = original.map(content) ?? BounceTexts.copyOfOriginal(in: message.text)
        message.bouncedMessageID = messageID(in: source)
    }

    static func isMailSystem(_ address: String) -> Bool {
        let local = address.prefix { $0 != "@" }.lowercased()
        return ["mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "mdaemon", "mail_daemon"].contains(local)
            || local.hasPrefix("microsoftexchange")
    }

    private static func isFromMailSystem(_ document: MIMEDocument, _ message: ParsedMessage) -> Bool {
        message.returnPath == "" || message.from.contains { isMailSystem($0.address) || isSystemName($0.name) }
    }

    private static func isSystemName(_ name: String) -> Bool {
        let text = name.lowercased()
        return text.holds("mail delivery s") || text.holds("mailer-daemon") || text == "system administrator"
    }

    private static func leaves(of node: MIMENode) -> [MIMENode] {
        node.isMultipart ? node.children.flatMap { leaves(of: $0) } : [node]
    }

    private static func addresses(in text: String) -> [String] {
        text.split { $0 == "," || $0 == " " || $0 == ";" }.filter { $0.utf8.contains(0x40) }.prefix(100).map(
            String.init)
    }

    /// The Message-ID field of a header block in a text.
    private static func messageID(in bytes: [UInt8]) -> String {
        var field: [UInt8]?
        for line in bytes.prefix(1 << 17).split(separator: 0x0A) {
            if let open = field {
                if line.first == 0x20 || line.first == 0x09 { field = open + line } else { break }
            } else if ASCII.hasPrefix(line, "message-id:") {
                field = Array(line.dropFirst(11))
            }
        }
        return field.map { MessageIDs.own($0) } ?? ""
    }
}
