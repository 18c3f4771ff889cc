import Base

/// Finds where the messages of an mbox begin and end. Reads the file once, through one window.
struct MboxScanner {
    /// A message: what it holds, and where the next From_ line or the end of the file is.
    struct Extent {
        var content: Range<Int>
        var next: Int
        var date: Milliseconds?
        /// Its end came from Content-Length.
        var isMeasured = false
    }

    private static let longestHeader = 64 << 10
    private static let habitSample = 4 << 20

    var window: MailboxWindow
    /// Off where the writer is known to quote, so that a sender's own Content-Length means nothing.
    var trustsLengths = true
    /// On where the writer puts no blank line before From_ lines: then a header below makes one.
    var takesUnseparated = false

    init(_ file: MailboxFile) { window = MailboxWindow(file) }

    private var size: Int { window.file.size }

    /// The message whose From_ line is at `offset`, blank lines before it aside; nil at the end.
    mutating func next(at offset: Int) throws(Failure) -> Extent? {
        guard offset <= size, offset >= 0 else {
            throw Failure(.conflict, "error-conflict", details: "mbox shorter than before")
        }
        let start = try firstText(at: offset)
        guard start < size else { return nil }
        guard let line = try fromLine(at: start) else {
            let code: Failure.Code = offset == 0 ? .invalid : .conflict
            throw Failure(code, "error-\(code.rawValue)", details: "no From_ line at byte \(start) of the mbox")
        }
        if trustsLengths, var measured = try measuredExtent(from: line.end) {
            measured.date = line.date
            return measured
        }
        var extent = try scannedExtent(from: line.end)
        extent.date = line.date
        return extent
    }

    /// Whether the file is an mbox with at least one message; false too when it cannot be read.
    mutating func beginsWithFromLine() -> Bool {
        guard let start = try? firstText(at: 0), start < size else { return false }
        return (try? fromLine(at: start)) != nil
    }

    /// Skips blank lines, and a byte order mark at the beginning of the file.
    private mutating func firstText(at offset: Int) throws(Failure) -> Int {
        var place = offset
        try window.hold(place, 3)
        if place == 0, window.holds("\u{FEFF}", at: 0) { place = 3 }
        while place < size {
            try window.hold(place, 1)
            guard window[place] == 10 || window[place] == 13 else { break }
            place += 1
        }
        return place
    }

    /// A From_ line that begins here, and where the text after it begins.
    private mutating func fromLine(at offset: Int) throws(Failure) -> (date: Milliseconds?, end: Int)? {
        let before = max(0, offset - 3)
        try window.hold(before, offset - before + FromLine.longest + 2)
        guard window.find("From ", in: offset..<min(offset + 5, window.end)) == offset else { return nil }
        let limit = min(offset + FromLine.longest + 2, window.end)
        guard let end = window.lineEnd(in: offset..<limit) ?? (limit == size ? size : nil),
            let line = FromLine(try window.bytes(offset..<end))
        else { return nil }
        return (line.date, end)
    }

    /// Reads on to the next From_ line after a blank line; that blank line belongs to neither.
    private mutating func scannedExtent(from start: Int) throws(Failure) -> Extent {
        var place = start
        while place < size {
            let before = max(0, place - 2)
            try window.hold(before, 4096)
            guard let lineFeed = window.find("\nFrom ", in: place..<window.end) else {
                if window.end == size { break }
                place = window.end - 5
                continue
            }
            if let blank = blankLine(endingAt: lineFeed, after: start) {
                if try fromLine(at: lineFeed + 1) != nil { return Extent(content: start..<blank, next: lineFeed + 1) }
            } else if takesUnseparated, try isMessage(at: lineFeed + 1) {
                return Extent(content: start..<(lineFeed + 1), next: lineFeed + 1)
            }
            place = lineFeed + 1
        }
        guard size > start else { return Extent(content: start..<start, next: size) }
        try window.hold(max(0, size - 3), 3)
        return Extent(content: start..<(blankLine(endingAt: size - 1, after: start) ?? size), next: size)
    }

    /// Whether From_ lines with a header below stand more often right behind text than behind a blank line, in the
    /// first
    /// 4 MiB.
    mutating func leavesBlankLinesOut() throws(Failure) -> Bool {
        var (separated, unseparated) = (0, 0)
        let limit = min(size, Self.habitSample)
        var place = 0
        while place < limit {
            try window.hold(max(0, place - 2), 4096)
            guard let lineFeed = window.find("\nFrom ", in: place..<window.end) else {
                if window.end >= limit { break }
                place = window.end - 5
                continue
            }
            let isSeparated = blankLine(endingAt: lineFeed, after: 0) != nil
            if try isMessage(at: lineFeed + 1) {
                if isSeparated { separated += 1 } else { unseparated += 1 }
            }
            place = lineFeed + 1
        }
        return unseparated > separated
    }

    /// A From_ line with a header field right below.
    private mutating func isMessage(at offset: Int) throws(Failure) -> Bool {
        guard let line = try fromLine(at: offset) else { return false }
        try window.hold(line.end, 80)
        var place = line.end
        while place < min(window.end, line.end + 79), window[place] > 32, window[place] < 127, window[place] != 58 {
            place += 1
        }
        return place > line.end && place < window.end && window[place] == 58
    }

    /// Where the blank line begins whose LF is here; nil when the line is not blank.
    private func blankLine(endingAt lineFeed: Int, after start: Int) -> Int? {
        guard lineFeed >= start, lineFeed > window.start, window[lineFeed] == 10 else { return nil }
        if window[lineFeed - 1] == 10 { return lineFeed }
        guard lineFeed - 1 >= start, lineFeed - 2 >= window.start else { return nil }
        return window[lineFeed - 1] == 13 && window[lineFeed - 2] == 10 ? lineFeed - 1 : nil
    }

    /// The message by its Content-Length, if it has one and a From_ line or the end of the file follows there, after at
    /// most one blank line. A line that the length cuts off before its end is completed.
    private mutating func measuredExtent(from start: Int) throws(Failure) -> Extent? {
        guard var end = try measuredEnd(from: start) else { return nil }
        try window.hold(end - 1, 8)
        if window[end - 1] != 10, end < size {
            guard let completed = lineBreak(at: end) else { return nil }
            end = completed
        }
        for next in [end, lineBreak(at: end)] {
            guard let next else { continue }
            var isEnd = next == size
            if !isEnd { isEnd = try fromLine(at: next) != nil }
            if isEnd {
                return Extent(content: start..<end, next: next, isMeasured: true)
            }
            try window.hold(end - 1, 8)
        }
        return nil
    }

    /// What follows a line end that stands here.
    private func lineBreak(at offset: Int) -> Int? {
        guard offset < window.end else { return nil }
        if window[offset] == 10 { return offset + 1 }
        return window[offset] == 13 && offset + 1 < window.end && window[offset + 1] == 10 ? offset + 2 : nil
    }

    /// Where the last Content-Length of the header says that the body ends, if the file goes so far.
    private mutating func measuredEnd(from start: Int) throws(Failure) -> Int? {
        try window.hold(start, Self.longestHeader)
        let limit = min(window.end, start + Self.longestHeader)
        var length: Int?
        var line = start
        while line < limit, let end = window.lineEnd(in: line..<limit) {
            if window[line] == 10 || window[line] == 13 && end == line + 2 {
                guard let length, length <= size - end else { return nil }
                return end + length
            }
            if window[line] | 32 == 99, window.holds("content-length:", at: line) {
                length = Int(String(decoding: try window.bytes((line + 15)..<end), as: UTF8.self).filter { $0 > " " })
                if let found = length, found < 0 { length = nil }
            }
            line = end
        }
        return nil
    }
}
