import Base

/// The object `inspect mail --json` prints, one line, keys in a fixed order.
extension ParsedMessage {
    /// `file` is what the caller read; `language` and `date` are null when unknown.
    package func json(file: String) -> String {
        var out = JSONLine()
        out.field("file", file, isFirst: true)
        out.field("from", from)
        out.field("to", to)
        out.field("cc", cc)
        out.field("replyTo", replyTo)
        out.field("subject", subject)
        out.field("date", date.map { ISO8601.string($0) })
        out.field("messageID", messageID)
        out.field("inReplyTo", inReplyTo)
        out.field("references", references)
        out.field("kind", kind.rawValue)
        out.field("language", language)
        out.field("text", text)
        out.field("newText", newText)
        out.field("attachments", attachments)
        out.field("problems", problems)
        return out.finished()
    }
}

/// Writes JSON by hand: speed, and an order of keys that stays.
private struct JSONLine {
    private var bytes: [UInt8] = [0x7B]

    mutating func field(_ name: StaticString, _ value: String, isFirst: Bool = false) {
        key(name, isFirst: isFirst)
        string(value)
    }

    mutating func field(_ name: StaticString, _ value: String?) {
        key(name)
        if let value { string(value) } else { raw("null") }
    }

    mutating func field(_ name: StaticString, _ values: [String]) {
        key(name)
        list(values) { $0.string($1) }
    }

    mutating func field(_ name: StaticString, _ values: [MailAddress]) {
        key(name)
        list(values) { line, address in
            line.raw("{\"name\":")
            line.string(address.name)
            line.raw(",\"address\":")
            line.string(address.address)
            line.raw("}")
        }
    }

    mutating func field(_ name: StaticString, _ values: [ParsedAttachment]) {
        key(name)
        list(values) { line, attachment in
            line.raw("{\"filename\":")
            line.string(attachment.filename)
            line.raw(",\"contentType\":")
            line.string(attachment.contentType)
            line.raw(",\"size\":")
            line.bytes += Array(String(attachment.size).utf8)
            line.raw(",\"sha256\":")
            line.string(attachment.sha256)
            line.raw(attachment.inline ? ",\"inline\":true}" : ",\"inline\":false}")
        }
    }

    mutating func finished() -> String {
        bytes.append(0x7D)
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func key(_ name: StaticString, isFirst: Bool = false) {
        if !isFirst { bytes.append(0x2C) }
        bytes.append(0x22)
        raw(name)
        bytes.append(0x22)
        bytes.append(0x3A)
    }

    private mutating func raw(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func list<Element>(_ values: [Element], _ write: (inout JSONLine, Element) -> Void) {
        bytes.append(0x5B)
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            write(&self, value)
        }
        bytes.append(0x5D)
    }

    private mutating func string(_ text: String) {
        bytes.append(0x22)
        var text = text
        text.withUTF8 { text in
            // Runs without anything to escape are copied whole.
            var start = 0
            for (index, byte) in text.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
                escape(byte)
                start = index + 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
        }
        bytes.append(0x22)
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22, 0x5C:
            bytes.append(0x5C)
            bytes.append(byte)
        case 0x0A: raw("\\n")
        case 0x09: raw("\\t")
        default:
            raw("\\u00")
            bytes += Array(Hex.encode([byte]).utf8)
        }
    }
}
