import Base
import CGMime
import Text

/// Raw mail to `ParsedMessage`. Never fails: what is broken is named in `problems`.
///
/// 1. The bytes are bounded (`RawMessage`), GMime reads headers and tree (`MIMEDocument`), once more with a guessed
///    boundary if a multipart has no parts.
/// 2. Body and attachments are chosen (`MessageBody`) and decoded.
/// 3. Kind, bounce and answerability are told from headers and parts (`MessageKinds`, `BounceReader`).
package enum MessageParser {
    /// Reads a whole message. Bounded time and memory; may be called from any thread.
    package static func parse(_ raw: [UInt8]) -> ParsedMessage {
        let reading = Reading(raw)
        var message = ParsedMessage()
        fillHeaders(&message, reading.document)
        let body = MessageBody(reading.document.root, of: reading.source.bytes)
        message.text = body.text
        message.html = body.html
        message.protection = body.protection
        message.attachments = body.leaves.map { measured($0, in: reading.source.bytes) }
        message.problems += reading.source.problems + reading.document.problems + body.problems
        message.problems = unique(message.problems)
        BounceReader.read(reading.document, reading.source.bytes, into: &message)
        MessageKinds.tell(reading.document.headers, reading.document.root, into: &message)
        message.newText = NewText.extract(from: Clearsigned.inner(of: message.text))
        message.language = LanguageDetector.detect(message.newText)
        return message
    }

    /// The decoded bytes of `attachments[index]` of the same raw message; nil when there is no such attachment.
    package static func attachment(_ index: Int, of raw: [UInt8]) -> [UInt8]? {
        let reading = Reading(raw)
        let body = MessageBody(reading.document.root, of: reading.source.bytes)
        guard body.leaves.indices.contains(index) else { return nil }
        switch body.leaves[index].source {
        case .part(let range, let encoding): return encoding.decode(reading.source.bytes[range])
        case .bytes(let bytes): return bytes
        }
    }

    private struct Reading {
        var source: RawMessage
        var document: MIMEDocument

        init(_ raw: [UInt8]) {
            source = RawMessage(raw)
            document = MIMEDocument(source.bytes)
            let isEmptyMultipart = document.root.isMultipart && document.root.children.isEmpty
            if isEmptyMultipart, let mended = source.withGuessedBoundary() {
                let headers = document
                document = MIMEDocument(mended.bytes)
                document.problems = headers.problems + ["boundary-missing"]
                source = mended
            }
        }
    }

    private static func fillHeaders(_ message: inout ParsedMessage, _ document: MIMEDocument) {
        let headers = document.headers
        message.from = document.from
        message.to = document.to
        message.cc = document.cc
        message.replyTo = document.replyTo
        message.subject = headers.text("subject")
        message.messageID = headers["message-id"].map { MessageIDs.own($0) } ?? ""
        message.inReplyTo = headers["in-reply-to"].map { MessageIDs.extract($0) } ?? []
        message.references = headers["references"].map { MessageIDs.extract($0) } ?? []
        message.authenticationResults = headers.authenticationResults
        if let date = headers["date"] {
            message.date = HeaderDate.parse(date)
            if message.date == nil { message.problems.append("date-unreadable") }
        }
        if headers.isFromRepeated { message.problems.append("from-repeated") }
        if let path = headers["return-path"] { message.returnPath = address(inPath: path) }
        if !message.from.contains(where: { $0.address.utf8.contains(0x40) }) {
            message.problems.append(headers["from"] == nil ? "from-missing" : "from-unreadable")
        }
    }

    private static func address(inPath value: [UInt8]) -> String {
        let inner = ASCII.trimmed(value[...]).filter { $0 != 0x3C && $0 != 0x3E && $0 > 0x20 }
        return String(decoding: inner.prefix(998), as: UTF8.self)
    }

    private static func measured(_ leaf: MessageBody.Leaf, in bytes: [UInt8]) -> ParsedAttachment {
        var value = leaf.value
        let result: (size: Int, digest: [UInt8])
        switch leaf.source {
        case .part(let range, let encoding): result = encoding.measure(bytes[range])
        case .bytes(let own): result = TransferEncoding.identity.measure(own[...])
        }
        value.size = result.size
        value.sha256 = Hex.encode(result.digest)
        return value
    }

    private static func unique(_ problems: [String]) -> [String] {
        var seen: Set<String> = []
        return problems.filter { seen.insert($0).inserted }
    }
}
