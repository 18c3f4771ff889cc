import Base
import Foundation
import Testing

@testable import Mail

struct MboxReaderTests {
    private let sample: MailboxSample
    private let from = MailboxSample.fromLine

    init() throws { sample = try MailboxSample() }

    @Test func `messages come without their From_ line and without the blank line after them`() throws {
        let box = try sample.write(from + "Subject: one\n\nA\n\n" + from + "Subject: two\n\nB\n\nC\n\n\n")

        let items = try MailboxSample.items(box)

        #expect(items.map { MailboxSample.text($0.content) } == ["Subject: one\n\nA\n", "Subject: two\n\nB\n\nC\n\n"])
        #expect(items.map(\.size) == [16, 20])
        #expect(items.map(\.date) == [1_583_230_830_000, 1_583_230_830_000])
    }

    @Test func `the end of the last message is its end whether a blank line follows or not`() throws {
        let mail = "Subject: one\n\nA\n"

        for end in ["", "\n"] {
            #expect(try MailboxSample.texts(sample.write(from + mail + end)) == [mail])
        }
        #expect(try MailboxSample.texts(sample.write(from + "Subject: one\n\nA")) == ["Subject: one\n\nA"])
    }

    @Test func `CRLF line ends are kept`() throws {
        let first = "Subject: one\r\n\r\nA\r\n"
        let second = "Subject: two\r\n\r\nB\r\n"
        let line = "From mina@example.org Tue Mar  3 10:20:30 2020\r\n"

        let texts = try MailboxSample.texts(sample.write(line + first + "\r\n" + line + second + "\r\n"))

        #expect(texts == [first, second])
    }

    @Test func `a From_ line counts only after a blank line and with a date`() throws {
        let text = "Subject: one\n\nHello\nFrom x Tue Mar  3 10:20:30 2020\n\nFrom here on it is easy.\n\nFrom \n"

        #expect(try MailboxSample.texts(sample.write(from + text + "\n" + from + "B: 1\n\n")) == [text, "B: 1\n"])
    }

    @Test func `a writer who leaves blank lines out is understood`() throws {
        let mails = (1...3).map { "Subject: \($0)\n\nHello\nFrom here on it is easy.\n" }

        #expect(try MailboxSample.texts(sample.write(mails.map { from + $0 }.joined())) == mails)
    }

    @Test func `mboxrd loses one mark at any depth`() throws {
        let text = "Subject: one\n\n>From a\n>>From b\n>>>From c\n> From d\nx >From e\n"
        let sent = "Subject: one\n\nFrom a\n>From b\n>>From c\n> From d\nx >From e\n"

        #expect(try MailboxSample.texts(sample.write(from + text + "\n")) == [sent])
    }

    @Test func `mboxo loses the mark of exactly one where deeper ones were quotes`() throws {
        let text = "Subject: one\n\n>From a\n>> quoted\n>>From b\n>> and on\n"
        let sent = "Subject: one\n\nFrom a\n>> quoted\n>>From b\n>> and on\n"

        #expect(try MailboxSample.texts(sample.write(from + text + "\n")) == [sent])
    }

    @Test func `the decision between mboxrd and mboxo is the same for a resumed reading`() throws {
        let quoted = from + "Subject: one\n\n>> quoted\n>>From b\n>>From b\n\n"
        let box = try sample.write(quoted + from + "Subject: two\n\n>>From c\n\n")

        #expect(try MailboxSample.texts(box, offset: quoted.utf8.count) == ["Subject: two\n\n>>From c\n"])
    }

    @Test func `Content-Length carries a message over From_ lines in its body`() throws {
        let body = "A\n\n" + from + "forwarded\n>From me\n"
        let mail = "Subject: one\nContent-Length: \(body.utf8.count)\n\n" + body

        for separator in ["", "\n"] {
            let texts = try MailboxSample.texts(sample.write(from + mail + separator + from + "Subject: two\n\nB\n"))
            #expect(texts == [mail, "Subject: two\n\nB\n"])
        }
    }

    @Test func `mboxcl is unquoted when nothing bare stands in measured messages`() throws {
        let mail = "content-length: 8\n\n>From a\n"

        #expect(
            try MailboxSample.texts(sample.write(from + mail + "\n" + from + "B: 1\n")) == [
                "content-length: 8\n\nFrom a\n", "B: 1\n",
            ])
    }

    @Test func `a Content-Length that leads nowhere is not believed`() throws {
        for length in ["0", "3", "5", "100000", "-1", "9223372036854775807", "99999999999999999999", "x", ""] {
            let mail = "Content-Length: \(length)\n\nHello\n"
            let texts = try MailboxSample.texts(sample.write(from + mail + "\n" + from + "B: 1\n\nB\n"))
            #expect(texts == [mail, "B: 1\n\nB\n"], "\(length)")
        }
    }

    @Test func `reading goes on after every message`() throws {
        let mails = (1...9).map { "Subject: \($0)\n\n" + String(repeating: "line\n", count: $0 * 100) }
        let box = try sample.write(mails.map { from + $0 + "\n" }.joined())

        let items = try MailboxSample.items(box)

        #expect(items.count == 9)
        for (index, item) in items.enumerated() {
            #expect(try MailboxSample.texts(box, offset: item.endOffset) == Array(mails[(index + 1)...]))
        }
    }

    @Test func `an mbox that grew is read on from its old end`() throws {
        let first = from + "Subject: one\n\nA\n"
        let end = try MailboxSample.items(sample.write(first)).last?.endOffset ?? -1

        let grown = try sample.write(first + "\n" + from + "Subject: two\n\nB\n")

        #expect(try MailboxSample.texts(grown, offset: end) == ["Subject: two\n\nB\n"])
    }

    @Test func `messages are found wherever the pieces that are read end`() throws {
        let mails = (0..<3000).map {
            "Subject: \($0)\n\n" + String(repeating: "x", count: $0 * 7919 % 2000) + "\n>From me\n"
        }
        let box = try sample.write(mails.map { from + $0 + "\n" }.joined())

        let texts = try MailboxSample.texts(box)

        #expect(texts == mails.map { $0.replacing(">From me", with: "From me") })
    }

    @Test(arguments: -12...4)
    func `a From_ line is found across the end of the first mebibyte`(shift: Int) throws {
        let start = from + "Subject: one\n\n"
        let mail = "Subject: one\n\n" + String(repeating: "x", count: (1 << 20) + shift - start.utf8.count) + "\n"

        let texts = try MailboxSample.texts(sample.write(from + mail + "\n" + from + "B: 1\n"))

        #expect(texts == [mail, "B: 1\n"])
    }

    @Test func `a message above the limit is a file and unquoted as well`() throws {
        let mail = "Subject: big\n\n" + String(repeating: ">From x\n", count: 300_000)
        let box = try sample.write(from + mail + "\n" + from + "Subject: two\n\nB\n")

        var reader = try MboxReader(url: box, spool: sample.folder, limit: 1000)
        let big = try #require(try reader.next())
        let small = try #require(try reader.next())

        guard case .file = big.content else {
            Issue.record("in memory")
            return
        }
        let sent = mail.replacing(">From ", with: "From ")
        #expect(MailboxSample.text(big.content) == sent)
        #expect(big.size == sent.utf8.count)
        #expect(MailboxSample.text(small.content) == "Subject: two\n\nB\n")
        #expect(try reader.next() == nil)
    }

    @Test func `a spool folder that is not there is a failure and costs no message`() throws {
        let box = try sample.write(from + "Subject: one\n\nA\n")
        var reader = try MboxReader(url: box, spool: sample.folder.appending(path: "none"), limit: 1)

        #expect(throws: Failure(.notFound, "")) { try reader.next() }
        #expect(throws: Failure(.notFound, "")) { try reader.next() }
    }
}
