import Glibc

/// The bytes of a mail made safe for GMime: no mbox line, no NUL in the header, and for large ones bounded headers,
/// parts and nesting. Offsets of the MIME tree refer to `bytes`.
struct RawMessage {
    var bytes: [UInt8]
    var problems: [String] = []

    /// Bytes above which headers, parts and depth are counted before GMime sees them; below it GMime itself is bounded.
    static let scanThreshold = 64 * 1024

    init(_ raw: [UInt8]) {
        bytes = raw
        dropMboxLine()
        dropLeadingBlanks()
        mendLineEnds()
        endHeaderBeforeText()
        let end = RawMessage.headerEnd(of: bytes)
        if let first = bytes[..<end].firstIndex(of: 0) {
            for index in first..<end where bytes[index] == 0 { bytes[index] = 0x20 }
            problems.append("nul-in-header")
        }
        if GroupLimiter.limit(&bytes, upTo: end) { problems.append("groups-many") }
        if bytes.count > RawMessage.scanThreshold {
            var limiter = MessageLimiter()
            if let bounded = limiter.bounded(bytes) { bytes = bounded }
            problems += limiter.problems
        }
    }

    /// The index just behind the blank line that ends the header, or the count when there is none.
    static func headerEnd(of bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { buffer in
            var start = 0
            while start < buffer.count {
                let end = lineEnd(buffer, from: start)
                if end - start == 1 || (end - start == 2 && buffer[start] == 0x0D) { return end }
                start = end
            }
            return buffer.count
        }
    }

    /// The same mail with a Content-Type that names the boundary seen in the body; nil when none is seen.
    func withGuessedBoundary() -> RawMessage? {
        let bodyStart = RawMessage.headerEnd(of: bytes)
        guard let boundary = RawMessage.guessedBoundary(in: bytes[bodyStart...]) else { return nil }
        var copy = self
        var out: [UInt8] = []
        var dropping = false
        for line in bytes[..<bodyStart].split(separator: 0x0A, omittingEmptySubsequences: false) {
            let isContinuation = line.first == 0x20 || line.first == 0x09
            if !isContinuation { dropping = ASCII.hasPrefix(line, "content-type:") }
            if line.isEmpty || line.elementsEqual([0x0D]) { break }
            if !dropping { out += line + [0x0A] }
        }
        out += Array("Content-Type: multipart/mixed; boundary=\"".utf8) + boundary + Array("\"\n\n".utf8)
        copy.bytes = out + bytes[bodyStart...]
        return copy
    }

    /// A line `--something` with a `Content-` line right behind it.
    private static func guessedBoundary(in body: ArraySlice<UInt8>) -> [UInt8]? {
        var previous: ArraySlice<UInt8> = []
        for line in body.prefix(1 << 20).split(separator: 0x0A, omittingEmptySubsequences: false) {
            if ASCII.hasPrefix(line, "content-"), previous.count > 2, previous.starts(with: [0x2D, 0x2D]) {
                let name = ASCII.trimmed(previous.dropFirst(2))
                if name.count <= 200, !name.isEmpty, !name.contains(0x22), !name.contains(0x5C) { return Array(name) }
            }
            previous = line
        }
        return nil
    }

    private mutating func dropMboxLine() {
        guard ASCII.hasPrefix(bytes[...], "from "), bytes[4] == 0x20 else {
            if bytes.starts(with: Array(">From ".utf8)) { bytes.removeSubrange(..<firstLineEnd) }
            return
        }
        bytes.removeSubrange(..<firstLineEnd)
    }

    /// Blanks before the first field would make it a continuation of nothing.
    private mutating func dropLeadingBlanks() {
        guard let first = bytes.first, first == 0x20 || first == 0x09 else { return }
        let blanks = bytes.prefix { $0 == 0x20 || $0 == 0x09 }.count
        let rest = bytes[blanks...]
        let lineEnd = rest.starts(with: [0x0D, 0x0A]) ? 2 : rest.first == 0x0A ? 1 : 0
        bytes.removeSubrange(..<(blanks + lineEnd))
        problems.append("header-indented")
    }

    /// Text where the header should be, with no field behind it, is the body: the blank line between them is missing.
    private mutating func endHeaderBeforeText() {
        let end = RawMessage.headerEnd(of: bytes)
        guard end <= MessageLimiter.headerBytes else { return }
        var text: Int?
        var isInside = false
        bytes.withUnsafeBufferPointer { buffer in
            var start = 0
            while start < end {
                let next = lineEnd(buffer, from: start)
                let line = UnsafeBufferPointer(rebasing: buffer[start..<next])
                if RawMessage.isField(line) {
                    text = nil
                    isInside = true
                } else if text == nil, line[0] > 0x20 || (!isInside && (line[0] == 0x20 || line[0] == 0x09)) {
                    text = start
                }
                start = next
            }
        }
        guard let text else { return }
        bytes.insert(0x0A, at: text)
        problems.append("header-end-missing")
    }

    /// `Name:`, maybe with blanks before the colon.
    private static func isField(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        while index < line.count, line[index] > 0x20, line[index] < 0x7F, line[index] != 0x3A { index += 1 }
        guard index > 0 else { return false }
        while index < line.count, line[index] == 0x20 || line[index] == 0x09 { index += 1 }
        return index < line.count && line[index] == 0x3A
    }

    private var firstLineEnd: Int { (bytes.firstIndex(of: 0x0A) ?? bytes.count - 1) + 1 }

    /// A mail that knows no LF at all has bare CR as line ends.
    private mutating func mendLineEnds() {
        guard !bytes.contains(0x0A), bytes.contains(0x0D) else { return }
        for index in bytes.indices where bytes[index] == 0x0D { bytes[index] = 0x0A }
        problems.append("bare-cr")
    }
}

/// The index behind the line that starts at `start`.
func lineEnd(_ buffer: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard let base = buffer.baseAddress, let found = memchr(base + start, 0x0A, buffer.count - start) else {
        return buffer.count
    }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
}
