import Foundation
import Mail
import TestKit
import Testing

/// Broken and hostile mail: a value comes back, soon, with its problems named.
struct HostileMailTests {
    @Test func `a multipart without boundary is read by the boundary in its body`() throws {
        let raw = try MailSample.bytes("broken/no-boundary")

        let message = MessageParser.parse(raw)

        #expect(message.text == "found anyway")
        #expect(message.attachments.map(\.filename) == ["a.gif"])
        #expect(message.problems.contains("boundary-missing"))
        #expect(MessageParser.attachment(0, of: raw).map { String(decoding: $0, as: UTF8.self) } == "GIF")
    }

    @Test func `an unterminated part keeps its text, clean`() throws {
        let message = try MailSample.parse("broken/unterminated")

        #expect(message.text == "Grüße, still r\u{FFFD}(eadable")
        #expect(message.problems == ["boundary-unterminated", "encoding-broken"])
    }

    @Test func `two senders are named as a problem`() {
        let message = MailSample.parse(text: "From: a@example.org\nFrom: b@example.org\n\nx")

        #expect(message.problems == ["from-repeated"])
    }

    @Test(arguments: MailBomb.allCases)
    func `bombs are cut and named`(bomb: MailBomb) {
        let mail = bomb.mail
        let start = ProcessorTime.seconds()

        let message = MailSample.parse(text: mail)

        let spent = ProcessorTime.seconds() - start

        #expect(message.problems.contains(bomb.rawValue))
        #expect(message.attachments.count <= 1000)
        // Far above what it takes; it fails only where the work is not bounded.
        #expect(spent < 30)
    }

    @Test func `every cut and every changed byte of a mail still gives clean texts`() throws {
        var generator = MailSampleGenerator(state: 7)
        for name in ["multilingual/words", "plain/alternative", "bounces/dsn", "plain/uuencoded", "plain/flowed"] {
            let raw = try MailSample.bytes(name)
            for _ in 0..<300 {
                var changed = raw
                for _ in 0..<Int.random(in: 1...8, using: &generator) {
                    changed[Int.random(in: 0..<changed.count, using: &generator)] = UInt8.random(
                        in: 0...255, using: &generator)
                }
                changed = Array(changed.prefix(Int.random(in: 0...changed.count, using: &generator)))

                let message = MessageParser.parse(changed)

                #expect(!message.text.utf8.contains(0) && !message.text.utf8.contains(0x0D))
                #expect(!message.subject.utf8.contains(0x0A))
                for index in message.attachments.indices {
                    #expect(MessageParser.attachment(index, of: changed)?.count == message.attachments[index].size)
                }
            }
        }
    }

    @Test(.enabled(if: MailSample.corpora != nil, "LIAISON_CORPORA holds no folder mail"))
    func `every file of the corpora is read and becomes JSON`() throws {
        let folder = try #require(MailSample.corpora)
        var count = 0
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
        while let file = files?.nextObject() as? URL {
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true,
                file.pathExtension != "xz"
            else { continue }
            let line = MessageParser.parse([UInt8](try Data(contentsOf: file))).json(file: file.lastPathComponent)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object.count == 16)
            count += 1
        }
        #expect(count > 0)
    }
}

extension HostileMailTests {
    @Test(.enabled(if: MailSample.corpora != nil, "LIAISON_CORPORA holds no folder mail"))
    func `the first messages of both lists are read with sender and date`() throws {
        let folder = try #require(MailSample.corpora)
        for name in ["multilingual", "openbmc-2019-2021"] {
            let messages = try MailSample.unpacked(folder.appending(path: "lists/\(name).mbox.xz"), limit: 1000)
            #expect(messages.count > 400)
            for raw in messages {
                let message = MessageParser.parse(raw)
                #expect(!message.from.isEmpty && message.date != nil && !message.messageID.isEmpty)
            }
        }
    }
}

/// Mail made to exhaust a parser; the raw value is the problem it must be named with.
enum MailBomb: String, CaseIterable {
    case longHeader = "header-cut"
    case manyHeaders = "headers-many"
    case manyParts = "parts-cut"
    case deepParts = "nesting-cut"
    case nestedGroups = "groups-many"
    case nulInHeader = "nul-in-header"

    var mail: String {
        switch self {
        case .longHeader: return "Subject: a\n" + String(repeating: " bbbbbbbbbbbbbbbbbbb\n", count: 5_000_000) + "\nhi"
        case .manyHeaders: return String(repeating: "A: b\n", count: 1_000_000) + "\nhi"
        case .manyParts:
            return "Content-Type: multipart/mixed; boundary=b\n\n" + String(repeating: "--b\n\n", count: 1_000_000)
        case .deepParts: return (0..<10_000).map { MailBomb.opening($0) }.joined() + "\nhi\n"
        case .nestedGroups: return "To: " + String(repeating: "a:", count: 400_000) + "\n\nhi"
        case .nulInHeader: return "Subject: a\u{0}b\n\nhi"
        }
    }

    private static func opening(_ number: Int) -> String {
        "Content-Type: multipart/mixed; boundary=\"b\(number)\"\n\n--b\(number)\n"
    }
}

/// The same numbers in every run.
struct MailSampleGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
