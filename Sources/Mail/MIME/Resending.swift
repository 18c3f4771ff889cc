import Base

/// A mail sent on as it is, to somebody else: fields of RFC 5322 section 3.6.6 in front, the rest byte for byte.
package enum Resending {
    /// A mail that has come through this many servers is going round.
    private static let mostServers = 40

    /// The bytes with `Resent-` fields. The addresses are checked as those of a letter are.
    package static func compose(
        _ raw: [UInt8], from: MailAddress, to: [MailAddress], messageID: String, at: Milliseconds
    ) throws(Failure) -> [UInt8] {
        let letter = OutgoingMessage(from: from, to: to, subject: "", date: at, messageID: messageID, text: "")
        let fields = RawFields(try MessageComposer.compose(letter))
        var out: [UInt8] = []
        for name in ["date", "from", "to", "message-id"] {
            for field in fields.named(name) { out += Array("Resent-".utf8) + field }
        }
        let own = RawFields(raw)
        var start = 0
        // The envelope's sender is ours now; what an earlier server noted of it goes.
        if let first = own.ranges.first, own.isNamed("return-path", first) { start = first.upperBound }
        return out + raw[start...]
    }

    /// The Message-IDs under which the mail was sent on before.
    package static func earlierIDs(_ raw: [UInt8]) -> [String] {
        RawFields(raw).named("resent-message-id").map { field in
            let value = field.split(separator: 0x3A, maxSplits: 1).last ?? []
            let text = String(decoding: value.filter { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self)
            return text.replacing("<", with: "").replacing(">", with: "")
        }
    }

    /// Whether it looks as if the mail went in a circle.
    package static func isGoingRound(_ raw: [UInt8]) -> Bool { RawFields(raw).named("received").count > mostServers }
}

/// The header fields of a message as bytes, with their folded lines.
private struct RawFields {
    private let bytes: [UInt8]
    private(set) var ranges: [Range<Int>] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var start = 0
        while start < bytes.count, ranges.count < 2000 {
            var end = Self.lineEnd(bytes, start)
            if bytes[start] == 0x0A || bytes[start] == 0x0D { break }
            while end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x09 { end = Self.lineEnd(bytes, end) }
            ranges.append(start..<end)
            start = end
        }
    }

    /// The whole fields with this name, in lower case, their line ends included.
    func named(_ name: String) -> [[UInt8]] { ranges.filter { isNamed(name, $0) }.map { Array(bytes[$0]) } }

    func isNamed(_ name: String, _ range: Range<Int>) -> Bool {
        let wanted = Array(name.utf8)
        guard range.count > wanted.count else { return false }
        let head = bytes[range.lowerBound..<range.lowerBound + wanted.count]
        return head.map { ASCII.lower($0) } == wanted && bytes[range.lowerBound + wanted.count] == 0x3A
    }

    private static func lineEnd(_ bytes: [UInt8], _ start: Int) -> Int {
        var at = start
        while at < bytes.count, bytes[at] != 0x0A { at += 1 }
        return min(bytes.count, at + 1)
    }
}
