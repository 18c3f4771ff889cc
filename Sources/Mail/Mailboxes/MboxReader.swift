import Base
import Foundation

/// Reads the messages of an mbox in order. Blocking; memory stays below some 40 MiB with the usual limit.
///
/// A From_ line counts at the start of the file or after a blank line, and when it looks like `From sender date`. The
/// blank line before it belongs to neither message. Where the writer leaves blank lines out, a header below it counts.
/// A Content-Length counts only where a From_ line or the end of the
/// file follows. One `>` is taken from lines that were quoted (`MboxRules`); line ends stay as they are.
/// A file without a From_ line at its start is `invalid`; an empty one has no messages; the last one may be cut short.
package struct MboxReader {
    /// One message of a mailbox.
    package struct Item: Sendable, Equatable {
        package enum Content: Sendable, Equatable {
            case memory([UInt8])
            /// In the spool folder; the caller removes it.
            case file(URL)
        }

        package var content: Content
        /// Bytes.
        package var size: Int
        /// When it was received; nil where the mailbox does not say.
        package var date: Milliseconds?
        /// Where reading goes on after it.
        package var endOffset: Int
    }

    private static let pieceBytes = 1 << 20

    private var scanner: MboxScanner
    private let rules: MboxRules
    private var offset: Int
    private let spool: URL
    private let limit: Int

    /// `offset` is 0 or an item's `endOffset`; messages above `limit` bytes are written into the folder `spool`.
    package init(
        url: URL, offset: Int = 0, spool: URL = FileManager.default.temporaryDirectory, limit: Int = 8 << 20
    ) throws(Failure) {
        scanner = MboxScanner(try MailboxFile(url))
        scanner.takesUnseparated = try scanner.leavesBlankLinesOut()
        rules = try MboxRules(&scanner)
        scanner.trustsLengths = rules.trustsLengths
        self.offset = offset
        self.spool = spool
        self.limit = limit
    }

    /// Bytes of the whole file, for progress.
    package var fileSize: Int { scanner.window.file.size }

    /// The next message, or nil at the end. After a failure the same call gives the same failure.
    package mutating func next() throws(Failure) -> Item? {
        guard let extent = try scanner.next(at: offset) else { return nil }
        let quoting = extent.isMeasured ? rules.measured : rules.plain
        var item = Item(content: .memory([]), size: 0, date: extent.date, endOffset: extent.next)
        if extent.content.count <= limit {
            let bytes = quoting.undone(try scanner.window.bytes(extent.content))
            item.content = .memory(bytes)
            item.size = bytes.count
        } else {
            let spooled = try spooled(extent.content, quoting)
            item.content = .file(spooled.file)
            item.size = spooled.size
        }
        offset = extent.next
        return item
    }

    /// Copies in pieces of whole lines, so that a quoted `From ` is never cut. Lines above 1 MiB are cut.
    private func spooled(_ range: Range<Int>, _ quoting: MboxQuoting) throws(Failure) -> (file: URL, size: Int) {
        let file = scanner.window.file
        var place = range.lowerBound
        var isAtLineStart = true
        return try MailboxSpool.write(to: spool) { () throws(Failure) -> [UInt8]? in
            guard place < range.upperBound else { return nil }
            var piece = try file.bytes(place..<min(place + Self.pieceBytes, range.upperBound))
            if place + piece.count < range.upperBound, let lineFeed = piece.lastIndex(of: 10) {
                piece.removeSubrange((lineFeed + 1)...)
            }
            place += piece.count
            let wasAtLineStart = isAtLineStart
            isAtLineStart = piece.last == 10
            return wasAtLineStart ? quoting.undone(piece) : quoting.undone([0] + piece).dropFirst().map { $0 }
        }
    }
}
