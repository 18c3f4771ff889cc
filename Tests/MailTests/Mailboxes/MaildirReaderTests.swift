import Base
import Foundation
import Testing

@testable import Mail

struct MaildirReaderTests {
    private let sample: MailboxSample

    init() throws { sample = try MailboxSample() }

    @Test func `mail comes sorted by name with its flags and date`() throws {
        _ = try sample.write("B", to: "cur/1583230830.M2.host:2,FSa")
        _ = try sample.write("A", to: "new/1483230830.M1.host")
        _ = try sample.write("C", to: "cur/1683230830.M3.host,S=1:2,")
        _ = try sample.write("", to: "tmp/1683230830.M9.host")
        _ = try sample.write("", to: "cur/.hidden")

        let entries = try MailboxSample.entries(MaildirReader(url: sample.folder))

        #expect(entries.map { MailboxSample.text($0.item.content) } == ["A", "B", "C"])
        #expect(entries.map(\.name) == ["1483230830.M1.host", "1583230830.M2.host", "1683230830.M3.host,S=1"])
        #expect(entries.map(\.flags) == [[], ["F", "S", "a"], []])
        #expect(entries.map(\.item.date) == [1_483_230_830_000, 1_583_230_830_000, 1_683_230_830_000])
        #expect(entries.map(\.item.size) == [1, 1, 1])
        #expect(entries.map(\.item.endOffset) == [1, 2, 3])
    }

    @Test func `a name without seconds leaves the date to the file`() throws {
        let url = try sample.write("A", to: "cur/2020-invoice:2,S")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_583_230_830)],
            ofItemAtPath: url.path(percentEncoded: false))

        let entries = try MailboxSample.entries(MaildirReader(url: sample.folder))

        #expect(entries.map(\.item.date) == [1_583_230_830_000])
    }

    @Test func `subfolders are read where they are asked for`() throws {
        _ = try sample.write("A", to: "cur/1.a:2,")
        _ = try sample.write("B", to: ".Archive/cur/0.b:2,S")
        _ = try sample.write("C", to: ".Archive.2020/new/0.c")
        _ = try sample.write("", to: ".notes/readme")

        let plain = try MailboxSample.entries(MaildirReader(url: sample.folder))
        let all = try MailboxSample.entries(MaildirReader(url: sample.folder, includesFolders: true))

        #expect(plain.map(\.name) == ["1.a"])
        #expect(all.map(\.name) == ["1.a", ".Archive.2020/0.c", ".Archive/0.b"])
    }

    @Test func `reading goes on after every name, also when flags changed`() throws {
        let names = ["10.a", "2.b", "30.c", "4.d"].map { "cur/\($0):2," } + [".Sub/new/1.e"]
        for name in names { _ = try sample.write(name, to: name) }
        let all = try MailboxSample.entries(MaildirReader(url: sample.folder, includesFolders: true)).map(\.name)

        let old = sample.folder.appending(path: "cur/2.b:2,")
        try FileManager.default.moveItem(at: old, to: sample.folder.appending(path: "cur/2.b:2,S"))

        #expect(all == ["10.a", "2.b", "30.c", "4.d", ".Sub/1.e"])
        for (index, name) in all.enumerated() {
            let rest = try MaildirReader(url: sample.folder, after: name, includesFolders: true)
            #expect(try MailboxSample.entries(rest).map(\.name) == Array(all[(index + 1)...]))
        }
    }

    @Test func `mail that is renamed meanwhile is found, mail that is gone is passed over`() throws {
        let first = try sample.write("A", to: "new/1.a")
        let second = try sample.write("B", to: "new/2.b")
        _ = try sample.write("C", to: "new/3.c")
        let reader = try MaildirReader(url: sample.folder)

        try FileManager.default.createDirectory(
            at: sample.folder.appending(path: "cur"), withIntermediateDirectories: true)
        try FileManager.default.moveItem(at: first, to: sample.folder.appending(path: "cur/1.a:2,RS"))
        try FileManager.default.removeItem(at: second)
        let entries = try MailboxSample.entries(reader)

        #expect(entries.map { MailboxSample.text($0.item.content) } == ["A", "C"])
        #expect(entries.map(\.flags) == [["R", "S"], []])
    }

    @Test func `links and folders among the mail are passed over`() throws {
        let secret = try sample.write("secret", to: "secret")
        _ = try sample.write("A", to: "cur/1.a:2,")
        _ = try sample.write("B", to: "cur/2.folder/x")
        try FileManager.default.createSymbolicLink(
            at: sample.folder.appending(path: "cur/3.link"), withDestinationURL: secret)

        #expect(try MailboxSample.entries(MaildirReader(url: sample.folder)).map(\.name) == ["1.a"])
    }

    @Test func `a name that is no UTF-8 is read`() throws {
        _ = try sample.write("", to: "cur/0.a:2,")
        let path = Array((sample.folder.path(percentEncoded: false) + "/cur/1.").utf8) + [0xE9]
        let descriptor = open(path.map { CChar(bitPattern: $0) } + [0], O_WRONLY | O_CREAT, 0o600)
        close(descriptor)

        #expect(try MailboxSample.entries(MaildirReader(url: sample.folder)).map(\.name) == ["0.a", "1.%e9"])
    }

    @Test func `large mail is copied and the original stays`() throws {
        let text = String(repeating: "line\n", count: 500_000)
        let original = try sample.write(text, to: "cur/1.a:2,")

        let entries = try MailboxSample.entries(MaildirReader(url: sample.folder, spool: sample.folder, limit: 100))

        guard case .file(let copy)? = entries.first?.item.content else {
            Issue.record("no file")
            return
        }
        #expect(copy != original)
        #expect(try Data(contentsOf: copy) == Data(text.utf8))
        #expect(entries.first?.item.size == text.utf8.count)
    }

    @Test func `what is no maildir is a failure`() throws {
        let file = try sample.write("A")

        #expect(throws: Failure(.invalid, "")) { try MaildirReader(url: sample.folder) }
        #expect(throws: Failure(.invalid, "")) { try MaildirReader(url: file) }
        #expect(throws: Failure(.notFound, "")) { try MaildirReader(url: sample.folder.appending(path: "none")) }
        #expect(!MailSource.isMaildir(sample.folder))
        _ = try sample.write("A", to: "new/1.a")
        #expect(MailSource.isMaildir(sample.folder))
    }
}
