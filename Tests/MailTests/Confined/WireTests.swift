import Testing

@testable import Mail

@Suite struct WireTests {
    private var message: ParsedMessage {
        var message = ParsedMessage()
        message.from = [MailAddress(name: "Zoë", address: "zoe@example.org")]
        message.cc = [MailAddress(name: "", address: "a@example.org"), MailAddress(name: "b", address: "")]
        message.subject = "Grüße 谢谢"
        message.date = -5
        message.references = ["a@b", "c@d"]
        message.kind = .autoReply
        message.language = "zh"
        message.text = String(repeating: "x", count: 70_000)
        message.attachments = [
            ParsedAttachment(
                filename: "a.pdf", contentType: "application/pdf", size: 1 << 40, sha256: "ff", inline: true,
                label: "smime")
        ]
        message.returnPath = ""
        message.bouncedRecipients = [
            BouncedRecipient(address: "q@r", status: "5.1.1", isPermanent: true, diagnostic: "no")
        ]
        message.forbidsAutomaticAnswer = true
        message.protection = ["pgp-signed", "smime-encrypted"]
        return message
    }

    @Test func `every field survives the pipe`() {
        var writer = WireWriter()
        message.encodeWire(&writer)
        var reader = WireReader(writer.bytes)

        #expect(ParsedMessage(wire: &reader) == message)
    }

    @Test func `a cut reply is no message and no trap`() {
        var writer = WireWriter()
        var short = message
        short.text = ""
        short.encodeWire(&writer)

        for count in 0..<writer.bytes.count {
            var reader = WireReader(Array(writer.bytes[..<count]))
            #expect(ParsedMessage(wire: &reader) == nil)
        }
    }
}
