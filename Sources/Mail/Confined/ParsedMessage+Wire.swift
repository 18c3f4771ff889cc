import Base

/// How a parsed message crosses the pipe between a helper process and us: lengths and bytes, in the order of the
/// fields.
extension ParsedMessage {
    func encodeWire(_ writer: inout WireWriter) {
        for list in [from, to, cc, replyTo] {
            writer.write(list) {
                $0.text($1.name); $0.text($1.address)
            }
        }
        writer.text(subject)
        writer.optional(date) { $0.integer($1) }
        writer.text(messageID)
        for list in [inReplyTo, references] { writer.write(list) { $0.text($1) } }
        writer.text(kind.rawValue)
        writer.optional(language) { $0.text($1) }
        writer.text(text)
        writer.text(newText)
        writer.write(attachments) { $1.encodeWire(&$0) }
        writer.write(problems) { $0.text($1) }
        writer.text(html)
        writer.optional(returnPath) { $0.text($1) }
        writer.write(authenticationResults) { $0.text($1) }
        writer.text(listID)
        writer.write(bouncedRecipients) { $1.encodeWire(&$0) }
        writer.text(bouncedMessageID)
        writer.flag(forbidsAutomaticAnswer)
        writer.write(protection) { $0.text($1) }
    }

    /// Nil when the bytes were not written by `encodeWire`.
    init?(wire reader: inout WireReader) {
        self.init()
        from = reader.list(Self.address)
        to = reader.list(Self.address)
        cc = reader.list(Self.address)
        replyTo = reader.list(Self.address)
        subject = reader.text()
        date = reader.optional { $0.integer() }
        messageID = reader.text()
        inReplyTo = reader.list { $0.text() }
        references = reader.list { $0.text() }
        guard let kind = MessageKind(rawValue: reader.text()) else { return nil }
        self.kind = kind
        language = reader.optional { $0.text() }
        text = reader.text()
        newText = reader.text()
        attachments = reader.list { ParsedAttachment(wire: &$0) }
        problems = reader.list { $0.text() }
        html = reader.text()
        returnPath = reader.optional { $0.text() }
        authenticationResults = reader.list { $0.text() }
        listID = reader.text()
        bouncedRecipients = reader.list { BouncedRecipient(wire: &$0) }
        bouncedMessageID = reader.text()
        forbidsAutomaticAnswer = reader.flag()
        protection = reader.list { $0.text() }
        if reader.isBroken { return nil }
    }

    private static func address(_ reader: inout WireReader) -> MailAddress {
        let name = reader.text()
        return MailAddress(name: name, address: reader.text())
    }
}

extension ParsedAttachment {
    fileprivate func encodeWire(_ writer: inout WireWriter) {
        for value in [filename, contentType, sha256, contentID, label] { writer.text(value) }
        writer.integer(Int64(size))
        writer.flag(inline)
    }

    fileprivate init(wire reader: inout WireReader) {
        let (filename, contentType, sha256) = (reader.text(), reader.text(), reader.text())
        let (contentID, label) = (reader.text(), reader.text())
        let size = Int(reader.integer())
        self.init(
            filename: filename, contentType: contentType, size: size, sha256: sha256, inline: reader.flag(),
            contentID: contentID,
            label: label)
    }
}

extension BouncedRecipient {
    fileprivate func encodeWire(_ writer: inout WireWriter) {
        for value in [address, status, diagnostic] { writer.text(value) }
        writer.flag(isPermanent)
    }

    fileprivate init(wire reader: inout WireReader) {
        let (address, status, diagnostic) = (reader.text(), reader.text(), reader.text())
        self.init(address: address, status: status, isPermanent: reader.flag(), diagnostic: diagnostic)
    }
}
