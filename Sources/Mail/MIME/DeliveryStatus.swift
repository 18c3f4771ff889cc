/// The machine-readable part of a delivery report (RFC 3464): one block of fields per recipient.
struct DeliveryStatus {
    private(set) var recipients: [BouncedRecipient] = []
    /// Every recipient was served.
    private(set) var hasOnlySuccess = false

    init(_ bytes: [UInt8]) {
        var served = 0
        for block in DeliveryStatus.blocks(TextClean.clean(Charset.decode(bytes, label: nil).text)) {
            let action = block["action"]?.lowercased() ?? ""
            guard let address = DeliveryStatus.address(block) else { continue }
            if ["delivered", "relayed", "expanded"].contains(action) {
                served += 1
                continue
            }
            guard recipients.count < 1000 else { break }
            recipients.append(DeliveryStatus.recipient(address, action: action, block))
        }
        hasOnlySuccess = served > 0 && recipients.isEmpty
    }

    private static func recipient(_ address: String, action: String, _ block: [String: String]) -> BouncedRecipient {
        let diagnostic = withoutType(block["diagnostic-code"] ?? "")
        let status = BounceTexts.status(in: block["status"] ?? "") ?? BounceTexts.status(in: diagnostic) ?? ""
        let isPermanent = action == "delayed" ? false : status.isEmpty ? action == "failed" : status.hasPrefix("5")
        return BouncedRecipient(address: address, status: status, isPermanent: isPermanent, diagnostic: diagnostic)
    }

    /// The address we wrote to if it is named, else the one it became.
    private static func address(_ block: [String: String]) -> String? {
        for name in ["original-recipient", "final-recipient", "x-actual-recipient"] {
            guard let value = block[name] else { continue }
            let address = withoutType(value).filter { $0 != "<" && $0 != ">" && $0 != "\"" }
            if address.contains("@") { return address }
        }
        guard let value = block["final-recipient"] else { return nil }
        let address = withoutType(value).filter { $0 != "<" && $0 != ">" }
        return address.isEmpty ? nil : address
    }

    /// `rfc822; a@b` without its first word.
    private static func withoutType(_ value: String) -> String {
        guard let mark = value.firstIndex(of: ";") else { return TextClean.trimmed(value) }
        return value[value.index(after: mark)...].drop { $0 == " " || $0 == "\t" }.description
    }

    private static func blocks(_ text: String) -> [[String: String]] {
        var blocks: [[String: String]] = []
        var block: [String: String] = [:]
        var last = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).prefix(20_000) {
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            if trimmed.isEmpty {
                if !block.isEmpty { blocks.append(block) }
                block = [:]
                last = ""
            } else if trimmed.startIndex != line.startIndex {
                if let old = block[last], old.utf8.count < 2000 { block[last] = old + " " + trimmed }
            } else if let colon = line.firstIndex(of: ":") {
                last = line[..<colon].lowercased()
                if block[last] == nil {
                    block[last] = EncodedWords.oneLine(Array(line[line.index(after: colon)...].utf8))
                }
            }
        }
        if !block.isEmpty { blocks.append(block) }
        return blocks
    }
}
