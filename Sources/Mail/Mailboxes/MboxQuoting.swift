import Base
import CGMime

/// How `From ` at the start of a line was kept apart from From_ lines: which lines lose one `>`.
enum MboxQuoting: Sendable {
    /// mboxrd: `>From `, `>>From `, …
    case every
    /// mboxo and mboxcl: exactly `>From `; more of them stood in the mail.
    case single
    /// mboxcl2: none; the length says where a message ends.
    case none

    /// The text as it was sent. `bytes` begin at the start of a line.
    func undone(_ bytes: [UInt8]) -> [UInt8] {
        guard self != .none else { return bytes }
        let marks = bytes.withUnsafeBytes { self.marks(in: $0) }
        guard !marks.isEmpty else { return bytes }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var place = 0
        for mark in marks {
            text += bytes[place..<mark]
            place = mark + 1
        }
        return text + bytes[place...]
    }

    /// Places of the `>` to take away.
    private func marks(in bytes: UnsafeRawBufferPointer) -> [Int] {
        guard let base = bytes.baseAddress else { return [] }
        var marks: [Int] = []
        var place = 0
        while let found = liaison_find(base + place, bytes.count - place, ">From ", 6) {
            let last = UnsafeRawPointer(found) - base
            var first = last
            while first > place, bytes[first - 1] == 62 { first -= 1 }
            if first == 0 || bytes[first - 1] == 10, self == .every || first == last { marks.append(first) }
            place = last + 6
        }
        return marks
    }
}

/// What one file's writer did; decided once, from the beginning of the file, so that every resumption decides the same.
///
/// `From mboxrd@z` at the start names the variant. Otherwise lines with two or more `>` tell: where the line before or
/// after has as many, the mail quoted an older one so, and the writer left it alone (mboxo); where not, the writer
/// added one (mboxrd, also when the two are equally many). The first 64 MiB are looked at. Messages measured by
/// Content-Length that hold a bare `From ` line (first 16 MiB) show that nothing is quoted in measured ones (mboxcl2).
struct MboxRules {
    private static let quotingSample = 64 << 20
    private static let lengthSample = 16 << 20

    var plain = MboxQuoting.every
    var measured = MboxQuoting.every
    var trustsLengths = true

    /// Reads up to 64 MiB.
    init(_ scanner: inout MboxScanner) throws(Failure) {
        try scanner.window.hold(0, 64)
        if scanner.window.find("From mboxrd@z ", in: 0..<min(64, scanner.window.end)) == 0 {
            trustsLengths = false
            return
        }
        if try Self.leavesQuotesAlone(&scanner.window) { plain = .single }
        measured = try Self.quotesNothing(&scanner) ? .none : plain
    }

    private static func leavesQuotesAlone(_ window: inout MailboxWindow) throws(Failure) -> Bool {
        let limit = min(window.file.size, quotingSample)
        var alone = 0
        var added = 0
        var place = 0
        while place < limit {
            try window.hold(max(0, place - 2048), 8192)
            guard let found = window.find(">>From ", in: place..<window.end) else {
                place = max(place + 1, window.end - 6)
                if window.end == window.file.size { break }
                continue
            }
            try window.hold(max(0, found - 2048), 8192)
            switch wasQuotedBefore(window, found) {
            case true?: alone += 1
            case false?: added += 1
            case nil: break
            }
            place = found + 7
        }
        return alone > added
    }

    /// Whether a line beside this one has as many `>`; nil when it starts no line. `found`: its last two.
    private static func wasQuotedBefore(_ window: MailboxWindow, _ found: Int) -> Bool? {
        var first = found
        while first > window.start, window[first - 1] == 62 { first -= 1 }
        guard first > window.start, window[first - 1] == 10 else { return nil }
        let depth = found - first + 2
        var before = first - 1
        while before > window.start, window[before - 1] != 10 { before -= 1 }
        let after = window.lineEnd(in: found..<window.end) ?? window.end
        return [before, after].contains { self.depth(window, at: $0) >= depth }
    }

    private static func depth(_ window: MailboxWindow, at start: Int) -> Int {
        var place = start
        var depth = 0
        while place < window.end, window[place] == 62 || window[place] == 32 {
            depth += window[place] == 62 ? 1 : 0
            place += 1
        }
        return depth
    }

    private static func quotesNothing(_ scanner: inout MboxScanner) throws(Failure) -> Bool {
        var place = 0
        while place < lengthSample, let extent = try scanner.next(at: place) {
            if extent.isMeasured, extent.content.count <= lengthSample {
                let bytes = try scanner.window.file.bytes(extent.content)
                if bytes.withUnsafeBytes({ liaison_find($0.baseAddress, $0.count, "\nFrom ", 6) }) != nil {
                    return true
                }
            }
            place = extent.next
        }
        return false
    }
}
