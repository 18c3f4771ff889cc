/// One answer of the protocol: code, enhanced status (RFC 3463) and a line for the peer's log.
package struct LMTPReply: Error, Sendable, Equatable {
    package let code: Int
    package let status: String
    package let text: String

    package init(_ code: Int, _ status: String, _ text: String) {
        self.code = code
        self.status = status
        self.text = text
    }

    /// True for 2xx.
    package var isPositive: Bool { code < 300 }

    /// `250 2.0.0 text` and CRLF. Whatever could end the line early is replaced.
    package var line: [UInt8] {
        var bytes = Array("\(code) ".utf8)
        if !status.isEmpty { bytes += Array("\(status) ".utf8) }
        bytes += text.utf8.prefix(400).map { (32...126).contains($0) ? $0 : UInt8(ascii: "?") }
        return bytes + [13, 10]
    }
}

extension LMTPReply {
    package static let accepted = LMTPReply(250, "2.0.0", "stored")
    package static let unknownRecipient = LMTPReply(550, "5.1.1", "no such mailbox here")
    package static let tryLater = LMTPReply(451, "4.3.0", "cannot store now, try again later")
    package static let diskFull = LMTPReply(452, "4.3.1", "no room to store now, try again later")
    package static let tooLarge = LMTPReply(552, "5.3.4", "message is larger than the limit")
    package static let badLineEnds = LMTPReply(550, "5.6.0", "lines must end with CRLF: bare CR or LF found")
    package static let tooManyRecipients = LMTPReply(
        452, "4.5.3", "too many recipients, send the rest in another transaction")
    package static let shuttingDown = LMTPReply(421, "4.3.2", "shutting down, try again later")
    package static let idle = LMTPReply(421, "4.4.2", "waited too long, closing")
    package static let tooManyConnections = LMTPReply(421, "4.7.0", "too many connections, try again later")
    package static let tooManyErrors = LMTPReply(421, "4.7.0", "too many errors, closing")

    static let ok = LMTPReply(250, "2.0.0", "ok")
    static let senderOK = LMTPReply(250, "2.1.0", "sender ok")
    static let recipientOK = LMTPReply(250, "2.1.5", "recipient ok")
    static let startBody = LMTPReply(354, "", "end with CRLF.CRLF")
    static let goodbye = LMTPReply(221, "2.0.0", "goodbye")
    static let cannotVerify = LMTPReply(252, "2.5.2", "cannot verify, send and see")
    static let unknownCommand = LMTPReply(500, "5.5.2", "unknown command")
    static let lhloOnly = LMTPReply(500, "5.5.1", "this is LMTP: say LHLO")
    static let lineTooLong = LMTPReply(500, "5.5.2", "line too long")
    static let lineBroken = LMTPReply(500, "5.5.2", "commands end with CRLF and hold no control characters")
    static let syntax = LMTPReply(501, "5.5.4", "wrong argument")
    static let badAddress = LMTPReply(501, "5.1.3", "not an address")
    static let badSender = LMTPReply(501, "5.1.7", "not an address")
    static let unknownParameter = LMTPReply(555, "5.5.4", "parameter not offered")
    static let needsUTF8 = LMTPReply(553, "5.6.7", "address needs SMTPUTF8")
    static let sayLHLO = LMTPReply(503, "5.5.1", "say LHLO first")
    static let sayMail = LMTPReply(503, "5.5.1", "say MAIL first")
    static let nestedMail = LMTPReply(503, "5.5.1", "a transaction is open already")
    static let noRecipients = LMTPReply(503, "5.5.1", "no valid recipients")
    static let chunksBegun = LMTPReply(503, "5.5.1", "BDAT has begun: BDAT or RSET")
}
