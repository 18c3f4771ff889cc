import Markup

/// What a helper process can be asked for; the first byte of a request.
enum HelperOperation: UInt8 {
    case parse = 1
    case attachment
    case sanitise
    case text

    /// The first byte of a reply.
    enum Status: UInt8 { case done = 0, absent }

    /// Does the work, inside the helper process. Nil when there is nothing to answer with.
    func perform(_ payload: [UInt8]) -> [UInt8]? {
        switch self {
        case .parse:
            var writer = WireWriter()
            MessageParser.parse(payload).encodeWire(&writer)
            return writer.bytes
        case .attachment:
            var reader = WireReader(payload)
            let index = reader.length()
            return MessageParser.attachment(index, of: reader.rest)
        case .sanitise:
            return Array(HTMLSanitizer.sanitize(String(decoding: payload, as: UTF8.self)).utf8)
        case .text:
            var reader = WireReader(payload)
            let isHTML = reader.flag()
            let text = PlainText.decode(reader.rest)
            return Array((isHTML ? HTMLText.readable(text) : text).utf8)
        }
    }
}
