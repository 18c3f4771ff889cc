import Base
import Foundation
import Testing

@testable import Mail

struct BrokenMboxTests {
    private let sample: MailboxSample
    private let from = MailboxSample.fromLine

    init() throws { sample = try MailboxSample() }

    @Test(arguments: ["", "\n", "\r\n\r\n", "\u{FEFF}"])
    func `a file of nothing has no messages`(text: String) throws {
        #expect(try MailboxSample.texts(sample.write(text)) == [])
    }

    @Test(arguments: [
        "Subject: one\n\nA\n", "From my point of view\n", "From", "\0\0\0", "F",
        "From " + String(repeating: "x", count: 9000),
    ])
    func `a file that does not begin with a From_ line is invalid`(text: String) throws {
        let box = try sample.write(text)

        #expect(throws: Failure(.invalid, "")) { try MailboxSample.texts(box) }
        #expect(!MailSource.isMbox(box))
    }

    @Test func `folders, pipes and missing files are failures`() throws {
        let pipe = sample.folder.appending(path: "pipe")
        #expect(mkfifo(pipe.path(percentEncoded: false), 0o600) == 0)

        for (url, code) in [
            (sample.folder, Failure.Code.invalid), (pipe, .invalid), (sample.folder.appending(path: "none"), .notFound),
        ] {
            #expect(throws: Failure(code, "")) { try MboxReader(url: url) }
            #expect(!MailSource.isMbox(url))
        }
    }

    @Test func `an offset beyond the end or inside a message is a conflict`() throws {
        let box = try sample.write(from + "Subject: one\n\nA\n\n" + from + "Subject: two\n\nB\n")

        for offset in [5, 60, 10_000, -1, Int.max] {
            #expect(throws: Failure(.conflict, ""), "\(offset)") { try MailboxSample.texts(box, offset: offset) }
        }
    }

    @Test func `a file cut anywhere gives what is there`() throws {
        let text = from + "Content-Length: 9\n\nA\n\nFrom B\n\n" + from + "Subject: two\n\nB\n"
        let whole = Array(text.utf8)

        for count in 0..<whole.count {
            let box = try sample.write(Array(whole[..<count]))
            if let texts = try? MailboxSample.texts(box) {
                #expect(texts.count <= 2)
                #expect(texts.allSatisfy { $0.isEmpty || text.contains($0) }, "\(count)")
            } else {
                #expect(count > 0 && count < from.utf8.count)
            }
        }
    }

    @Test func `a file that becomes shorter while it is read is a conflict`() throws {
        let mail = "Subject: one\n\n" + String(repeating: "line\n", count: 1 << 20)
        let box = try sample.write(from + mail + "\n" + from + mail)
        var reader = try MboxReader(url: box)

        truncate(box.path(percentEncoded: false), 3 << 20)

        #expect(throws: Failure(.conflict, "")) { while try reader.next() != nil {} }
    }

    @Test func `NUL bytes and broken UTF-8 are kept`() throws {
        let mail: [UInt8] = Array("Subject: one\n\n\0\0".utf8) + [255, 254, 10]

        let items = try MailboxSample.items(sample.write(Array(from.utf8) + mail + [10]))

        #expect(items.map(\.content) == [.memory(mail)])
    }

    @Test func `a megabyte of marks or of one line costs no more than its size`() throws {
        for line in [
            String(repeating: ">", count: 3 << 20) + "From \n", String(repeating: "\nFrom ", count: 300_000) + "\n",
        ] {
            let box = try sample.write(from + "Subject: one\n\n" + line)
            #expect(try MailboxSample.items(box).count == 1)
            var reader = try MboxReader(url: box, spool: sample.folder, limit: 10)
            #expect(try reader.next() != nil)
        }
    }

    @Test func `any mixture of marks, line ends and lengths is read, and the same after every message`() throws {
        let parts = [
            "\n", "\n", "\r\n", "\r", "\0", ">", "From ", "From me\n", "a", "a\n", "\n" + from, "\n" + from,
            ">>From b\n",
            "Content-Length: 3\n", "\n" + from + "Content-Length: 2\n\n",
        ]
        var seed: UInt64 = 7

        for _ in 0..<500 {
            var text = from
            for _ in 0..<30 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += parts[Int(seed >> 33) % parts.count]
            }
            let box = try sample.write(text)
            let items = try MailboxSample.items(box)
            #expect(items.last?.endOffset == text.utf8.count)
            for (index, item) in items.enumerated() {
                #expect(try MailboxSample.items(box, offset: item.endOffset) == Array(items[(index + 1)...]), "\(text)")
            }
        }
    }

    @Test func `a From_ line at the beginning makes an mbox`() throws {
        #expect(MailSource.isMbox(try sample.write(from)))
        #expect(MailSource.isMbox(try sample.write("\n\u{FEFF}" + from)) == false)
        #expect(MailSource.isMbox(try sample.write("\u{FEFF}\r\n" + from + "Subject: one\n")))
    }
}

struct FromLineTests {
    @Test(arguments: [
        "mina@example.org Tue Mar  3 10:20:30 2020", "mina@example.org Tue Mar 03 10:20:30 UTC 2020\r\n",
        "mina@example.org Tue Mar 3 12:20:30 2020 +0200", "mina@example.org Tue Mar 3 02:20:30 -0800 2020",
        "- Tue Mar  3 10:20:30 2020", "Tue Mar  3 10:20:30 2020", "1661@xxx Tue Mar 03 11:20:30 +0100 2020",
        "\"mina sander\"@example.org Tue Mar  3 10:20:30 2020 remote from host", "m Tue, 3 Mar 2020 10:20:30 GMT",
        "m Tue Mar  3 05:20:30 EST 2020", "Sun Tue Mar  3 11:20:30 MET 2020",
    ])
    func `senders, zones and orders that occur are read`(text: String) {
        #expect(FromLine(Array("From \(text)\n".utf8))?.date == 1_583_230_830_000)
    }

    @Test(arguments: [
        "", "my point of view", "mina@example.org", "m Tue Mar  3 10:20:30", "m Mar  3 10:20:30 2020",
        "m Tue Mar  3 25:20:30 2020", "m Tue Mar  3 10:20:30 2020 we met", "Monday at 10:30 in March 2020",
        "m Tue Mar 10:20:30 2020", "m Tue Mar 3 10:20:30:40 2020", "m Tue Mar 3 : 2020",
    ])
    func `text is no From_ line`(text: String) {
        #expect(FromLine(Array("From \(text)\n".utf8)) == nil)
    }

    @Test(arguments: ["mboxrd@z Thu Jan  1 00:00:00 1970", "m Tue Mar 99 10:20:30 2020", "m Tue Mar 3 10:20:30 0001"])
    func `a date that says nothing is none`(text: String) throws {
        let line = try #require(FromLine(Array("From \(text)\n".utf8)))

        #expect(line.date == nil)
    }
}
