import Base
package struct OutgoingMessage: Sendable {
    package struct File: Sendable {
        package var filename: String, contentType: String, bytes: [UInt8]
        package init(filename: String, contentType: String, bytes: [UInt8]) {
            self.filename = filename; self.contentType = contentType; self.bytes = bytes
        }
    }
    package var from = MailAddress(name: "", address: "")
    package var to: [MailAddress] = []
    package var cc: [MailAddress] = []
    package var replyTo: MailAddress?
    package var subject = ""
    package var date: Milliseconds = 0
    package var messageID = ""
    package var inReplyTo: [String] = []
    package var references: [String] = []
    package var autoSubmitted: String?
    package var language: String?
    package var text = ""
    package var attachments: [File] = []
    package init() {}
}
package enum MessageComposer {
    package static func compose(_ message: OutgoingMessage) throws(Failure) -> [UInt8] { [] }
}
