import Base

/// What a mail says, apart from the traces that its way left in the header.
enum MailContent {
    /// Header fields that differ between two copies of one mail.
    private static let traces: Set<String> = [
        "return-path", "received", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-received",
        "authentication-results", "received-spf", "x-spam-status", "x-spam-score", "x-spam-level", "x-spam-flag",
        "x-spam-checker-version", "status", "x-status", "x-mozilla-status", "x-mozilla-status2", "x-keywords", "x-uid",
        "content-length", "lines", "arc-seal", "arc-message-signature", "arc-authentication-results",
        "x-google-smtp-source",
        "x-gm-message-state", "x-delivered-to", "x-virus-scanned", "x-virus-status", "dkim-signature",
    ]
    /// What servers and programs on the way note for themselves.
    private static let traceBeginnings = [
        "arc-", "x-arc-", "x-ms-exchange-", "x-microsoft-antispam", "x-forefront-", "x-spam", "x-rspamd-", "x-google-",
        "x-gm-", "x-mozilla-", "x-evolution-", "x-apple-", "x-imap", "x-account-key", "x-original", "x-rcpt-",
        "x-envelope-", "x-virus-", "x-yahoo-", "x-proofpoint-", "x-mimecast-", "x-barracuda-", "x-ovh-",
    ]

    /// SHA-256 of the mail without those fields and with LF line ends.
    static func hash(_ raw: [UInt8]) -> [UInt8] {
        var kept: [UInt8] = []
        kept.reserveCapacity(raw.count)
        var position = 0
        var isKept = true
        while position < raw.count {
            let end = raw[position...].firstIndex(of: 10) ?? raw.count
            let line = raw[position..<end]
            position = min(end + 1, raw.count)
            if line.isEmpty || line.first == 13 && line.count == 1 { break }
            if line.first != 32, line.first != 9 { isKept = !isTrace(fieldName(line)) }
            if isKept { append(line, to: &kept) }
        }
        kept.append(10)
        for byte in raw[position...] where byte != 13 { kept.append(byte) }
        return SHA256Digest.of(kept)
    }

    private static func isTrace(_ name: String) -> Bool {
        traces.contains(name) || traceBeginnings.contains { name.hasPrefix($0) }
    }

    private static func append(_ line: ArraySlice<UInt8>, to kept: inout [UInt8]) {
        kept += line.last == 13 ? line.dropLast() : line
        kept.append(10)
    }

    private static func fieldName(_ line: ArraySlice<UInt8>) -> String {
        guard let colon = line.prefix(80).firstIndex(of: 58) else { return "" }
        return String(decoding: line[line.startIndex..<colon], as: UTF8.self).lowercased()
    }
}
