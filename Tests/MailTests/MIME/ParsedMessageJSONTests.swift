import Foundation
import Mail
import Testing

struct ParsedMessageJSONTests {
    @Test func `the object has the keys of the contract in their order, in one line`() throws {
        let line = try MailSample.parse("plain/alternative").json(file: "a \"b\".eml")

        let keys = [
            "file", "from", "to", "cc", "replyTo", "subject", "date", "messageID", "inReplyTo", "references", "kind",
            "language",
            "text", "newText", "attachments", "problems",
        ]
        var rest = line[...]
        for key in keys {
            let found = try #require(rest.firstRange(of: "\"\(key)\":"))
            rest = rest[found.upperBound...]
        }
        #expect(!line.contains("\n"))
        #expect(line.contains("\"date\":\"2026-03-03T09:15:00.000Z\""))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["file"] as? String == "a \"b\".eml")
        let attachment = try #require((object["attachments"] as? [[String: Any]])?.first)
        #expect(Set(attachment.keys) == ["filename", "contentType", "size", "sha256", "inline"])
    }

    @Test func `control characters are escaped and absent values are null`() throws {
        var message = ParsedMessage()
        message.text = "tab\t, quote\", backslash\\, bell\u{7}, line\n, 漢字"

        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(message.json(file: "-").utf8)) as? [String: Any])

        #expect(object["text"] as? String == message.text)
        #expect(object["date"] is NSNull)
        #expect(object["language"] is NSNull)
    }
}
