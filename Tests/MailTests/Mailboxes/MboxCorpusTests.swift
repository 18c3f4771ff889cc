import Base
import Foundation
import TestKit
import Testing

@testable import Mail

struct MboxCorpusTests {
    private static let archive = ProcessInfo.processInfo.environment["LIAISON_CORPORA"].flatMap { root -> URL? in
        let url = URL(filePath: root).appending(path: "mail/lists/openbmc-2019-2021.mbox.xz")
        return FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) ? url : nil
    }

    @Test(.enabled(if: archive != nil, "LIAISON_CORPORA holds no mail/lists/openbmc-2019-2021.mbox.xz"))
    func `a list archive gives every message once, also in two readings`() throws {
        let sample = try MailboxSample()
        let box = try unpack(try #require(Self.archive), into: sample)

        let whole = try measure(box, from: 0)
        let rest = try measure(box, from: whole.middle)

        #expect(whole.count == 11_000)
        #expect(whole.bytes == 105_175_751)
        #expect(rest.count == 5_500)
        #expect(rest.checksum == whole.checksumAfterMiddle)
    }

    /// Count and bytes, and a checksum of the messages after the 5,500th, or of all in a shorter reading.
    private func measure(_ box: URL, from offset: Int) throws
        -> (count: Int, bytes: Int, middle: Int, checksum: Int, checksumAfterMiddle: Int)
    {
        var reader = try MboxReader(url: box, offset: offset)
        var (count, bytes, middle, checksum, later) = (0, 0, 0, 0, 0)
        while let item = try reader.next() {
            count += 1
            bytes += item.size
            let value = item.size &* 31 &+ item.endOffset
            checksum = checksum &* 31 &+ value
            if count > 5_500 { later = later &* 31 &+ value }
            if count == 5_500 { middle = item.endOffset }
            #expect(item.date == nil)
        }
        return (count, bytes, middle, checksum, later)
    }

    private func unpack(_ archive: URL, into sample: MailboxSample) throws -> URL {
        let box = try sample.write("", to: "list.mbox")
        try Unpacking.unpack(archive, into: box)
        return box
    }
}
