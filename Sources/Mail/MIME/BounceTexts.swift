/// Bounces that people wrote programs for before there was a standard: known words, addresses and codes in the text.
enum BounceTexts {
    /// Lower-case text scanned, bytes: what matters stands at the top.
    private static let scanned = 20_000

    static func speaksOfFailure(_ subject: String, _ text: String) -> Bool {
        let subject = subject.lowercased()
        let head = text.prefix(scanned).lowercased()
        return subjects.contains { subject.holds($0) } || openings.contains { head.holds($0) }
    }

    private static let subjects = [
        "undelivered mail returned", "mail delivery failed", "failure notice", "returned mail", "undeliverable",
        "delivery status notification", "delivery failure", "delivery failed", "non delivery", "nondeliverable",
        "mail system error", "mail delivery problem", "delivery has failed", "message not delivered", "undelivered",
        "could not be delivered", "warning: message", "mail could not be delivered", "unzustellbar", "non remis",
        "não entregue", "no se puede entregar", "недоставленное", "не доставлено", "配信不能", "退信", "تعذر التسليم",
    ]

    private static let openings = [
        "this is the qmail-send program", "i wasn't able to deliver your message",
        "could not be delivered to one or more of its recipients", "the following addresses had permanent fatal errors",
        "the following addresses had transient non-fatal errors", "----- transcript of session follows -----",
        "did not reach the following recipient", "did not reach some or all of the intended recipients",
        "delivery has failed to these recipients", "i'm sorry to have to inform you that your message could not",
        "this is the mail system at host", "message could not be delivered", "delivery to the following recipient",
        "your message could not be delivered", "this message was created automatically by mail delivery software",
        "a permanent error", "address not found", "the original message was received at",
    ]

    /// Recipients the text names before the copy of the original begins, with what is said about each: those that begin
    /// a line, else all that stand anywhere.
    static func recipients(in message: ParsedMessage) -> [BouncedRecipient] {
        let ours = Set((message.from + message.to + message.cc).map { $0.address.lowercased() })
        let notice = notice(of: message.text)
        let lines = notice.split(separator: "\n", omittingEmptySubsequences: false).prefix(400)
        let isDelay = speaksOfDelay(message.subject + "\n" + notice)
        for addresses in [{ leadingAddress($0).map { [$0] } ?? [] }, innerAddresses] as [(Substring) -> [String]] {
            var found: [BouncedRecipient] = []
            for (index, line) in lines.enumerated() {
                for address in addresses(line) where !BounceReader.isMailSystem(address) && found.count < 100 {
                    let folded = address.lowercased()
                    if ours.contains(folded) || found.contains(where: { $0.address.lowercased() == folded }) {
                        continue
                    }
                    found.append(described(address, by: lines[index...].prefix(8), isDelay: isDelay))
                }
            }
            if !found.isEmpty { return found }
        }
        return []
    }

    private static let delays = [
        "delay reason", "delayed", "has not yet been delivered", "still being retried", "will be retried",
        "still trying", "delivery attempts will continue", "temporarily unable to deliver", "will keep trying",
    ]

    /// Nothing has failed yet: the server goes on trying.
    private static func speaksOfDelay(_ text: String) -> Bool {
        let head = text.prefix(scanned).lowercased()
        return delays.contains { head.holds($0) }
    }

    /// A known failed address with the status that the text gives for it.
    static func recipient(_ address: String, in text: String) -> BouncedRecipient {
        let lines = notice(of: text).split(separator: "\n", omittingEmptySubsequences: false).prefix(400)
        let start = lines.firstIndex { $0.lowercased().contains(address.lowercased()) } ?? lines.endIndex
        return described(address, by: lines[start...].prefix(8), isDelay: speaksOfDelay(text))
    }

    /// `5.1.1` in a text, or the class of a reply code such as 550 as `5.0.0`.
    static func status(in text: String) -> String? {
        let bytes = Array(text.utf8.prefix(4000))
        for start in bytes.indices where isStart(bytes, start) {
            let word = bytes[start...].prefix { ASCII.isDigit($0) || $0 == 0x2E }
            let parts = word.split(separator: 0x2E)
            if parts.count == 3, parts[0].count == 1, parts.allSatisfy({ $0.count <= 3 }) {
                return parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
            }
        }
        for start in bytes.indices where isStart(bytes, start) {
            let word = bytes[start...].prefix { ASCII.isDigit($0) }
            let isAlone = start + word.count == bytes.count || ![0x2E, 0x3A].contains(bytes[start + word.count])
            if word.count == 3, isAlone { return "\(word.first == 0x35 ? 5 : 4).0.0" }
        }
        return nil
    }

    private static func isStart(_ bytes: [UInt8], _ index: Int) -> Bool {
        guard bytes[index] == 0x34 || bytes[index] == 0x35 else { return false }
        return index == 0
            || !(ASCII.isDigit(bytes[index - 1]) || ASCII.isLetter(bytes[index - 1]) || bytes[index - 1] == 0x2E)
    }

    /// `isDelay`: the notice as a whole says so; a status of class 5 beside the address goes before that.
    private static func described(
        _ address: String, by lines: ArraySlice<Substring>, isDelay: Bool
    ) -> BouncedRecipient {
        var parts: [String] = []
        for (index, line) in lines.enumerated() {
            if line.allSatisfy({ $0 == " " || $0 == "\t" }) {
                if index > 1 || parts.count > 1 { break }
                continue
            }
            if index > 0, leadingAddress(line) != nil { break }
            parts.append(TextClean.trimmed(String(line)).trimmingBlanks)
        }
        let whole = parts.joined(separator: " ")
        let status = status(in: whole) ?? ""
        let isDelayed = speaksOfDelay(whole) || (isDelay && !status.hasPrefix("5"))
        let diagnostic = String(decoding: Array(whole.utf8.prefix(1000)), as: UTF8.self)
        return BouncedRecipient(
            address: address, status: status, isPermanent: !status.hasPrefix("4") && !isDelayed, diagnostic: diagnostic)
    }

    /// An address that opens a line: `<a@b>:`, `a@b`, `'a@b' on …`, `   a@b`.
    private static func leadingAddress(_ line: Substring) -> String? {
        let body = line.drop { $0 == " " || $0 == "\t" || $0 == "<" || $0 == "'" || $0 == "\"" }
        let word = body.prefix { !$0.isWhitespace && !"<>'\",;()".contains($0) }
        let address = word.hasSuffix(":") ? word.dropLast() : word
        guard let at = address.firstIndex(of: "@"), at != address.startIndex, address.utf8.count <= 320 else {
            return nil
        }
        let domain = address[address.index(after: at)...]
        let isWord = domain.contains(".") && !domain.contains("@") && domain.last != "."
        guard isWord, !address.contains(where: { "：（）、，".contains($0) }) else { return nil }
        return String(address)
    }

    /// Addresses anywhere in a line: `收件人：a@b`, `Failed address: <a@b>`.
    private static func innerAddresses(_ line: Substring) -> [String] {
        line.split { $0.isWhitespace || "<>'\",;()[]:：（）".contains($0) }.compactMap(leadingAddress)
    }

    private static let copyMarks = [
        "--- Below this line is a copy of the message", "------ This is a copy of the message",
        "--- Original message follows",
        "----- Original message -----", "----- Unsent message follows -----", "----- Message header follows -----",
        "----- Original message follows -----", "------ This is a copy of your message",
        "--- Undelivered message follows",
    ]

    /// The text before the copy of the original.
    private static func notice(of text: String) -> Substring {
        let head = text.prefix(scanned)
        let ends = copyMarks.compactMap { head.firstRange(of: $0)?.lowerBound }
        return ends.min().map { head[..<$0] } ?? head
    }

    /// The copy of the original that stands in the text, or all of the text.
    static func copyOfOriginal(in text: String) -> [UInt8] {
        let head = text.prefix(200_000)
        let start = copyMarks.compactMap { head.firstRange(of: $0)?.upperBound }.min()
        return Array((start.map { head[$0...] } ?? head).utf8)
    }
}

extension String {
    fileprivate var trimmingBlanks: String { String(drop { $0 == " " || $0 == "\t" }) }
}
