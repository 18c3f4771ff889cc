/// Gives each line of a body its kind, from top to bottom.
///
/// A `>` is quoted; an attribution is quoted, and so is all after it when no `>` follows; a header block or a message
/// rule
/// quotes the rest, unless the rest is itself marked by `>`; a signature lasts until the next quote or the end.
/// Blank lines go with the line above.
struct NewTextSorter {
    private let lines: NewTextLines
    private var attributions: NewTextAttributions
    private var kinds: [NewText.Segment.Kind] = []
    /// Non-blank and `>` lines from an index to the end.
    private var written: [Int]
    private var quoted: [Int]
    /// Whether a mark of a quote begins at a line, looked for once.
    private var marks: [Bool?]

    /// Lines after a mark that still make a signature.
    private static let longestSignature = 30
    private static let escapedFrom = Array(">From ".utf8)

    init(_ lines: NewTextLines) {
        self.lines = lines
        attributions = NewTextAttributions(lines)
        kinds.reserveCapacity(lines.count)
        written = Array(repeating: 0, count: lines.count + 1)
        quoted = written
        marks = Array(repeating: nil, count: lines.count)
        for index in stride(from: lines.count - 1, through: 0, by: -1) {
            written[index] = written[index + 1] + (lines[index].isBlank ? 0 : 1)
            quoted[index] = quoted[index + 1] + (lines[index].isQuoted ? 1 : 0)
        }
    }

    mutating func sort() -> [NewText.Segment.Kind] {
        while kinds.count < lines.count {
            let index = kinds.count
            let line = lines[index]
            if line.isBlank {
                kinds.append(kinds.last ?? .new)
            } else if line.isQuoted {
                kinds.append(isEscapedFrom(index) ? .new : .quoted)
            } else if !quoteMarked(at: index) {
                kinds.append(signatureBegins(at: index) || signatureLasts ? .signature : .new)
            }
        }
        return kinds
    }

    /// Takes an attribution, a header block or a message rule; false when none stands here.
    private mutating func quoteMarked(at index: Int) -> Bool {
        if let found = attributions.find(at: index) {
            take(through: found.last, .quoted)
            if !nextIsQuoted(found.last + 1) && found.isStrong { takeRest() }
            return true
        }
        if let last = NewTextMarkers.headerBlock(at: index, in: lines) {
            takeRuleAbove(index)
            take(through: last, .quoted)
            takeRest()
            return true
        }
        if NewTextMarkers.isMessageRule(index, in: lines) {
            var last = index
            for next in (index + 1)..<max(index + 1, min(lines.count, index + 4)) {
                last = NewTextMarkers.headerBlock(at: next, in: lines) ?? last
            }
            take(through: last, .quoted)
            takeRest()
            return true
        }
        return false
    }

    private mutating func take(through last: Int, _ kind: NewText.Segment.Kind) {
        while kinds.count <= last { kinds.append(kind) }
    }

    /// The rest is quoted, unless it is marked by `>` itself: then what is not marked is new.
    private mutating func takeRest() {
        let from = kinds.count
        let isMarked = nextIsQuoted(from) || quoted[from] * 2 > written[from]
        if !isMarked { take(through: lines.count - 1, .quoted) }
    }

    /// A rule and blank lines right above a header block belong to it.
    private mutating func takeRuleAbove(_ index: Int) {
        for above in stride(from: index - 1, through: max(0, index - 4), by: -1) {
            if NewTextMarkers.isRule(above, in: lines) {
                for line in above..<index { kinds[line] = .quoted }
                return
            }
            guard lines[above].isBlank else { return }
        }
    }

    private func nextIsQuoted(_ from: Int) -> Bool {
        for index in from..<max(from, min(lines.count, from + 8)) where !lines[index].isBlank {
            return lines[index].isQuoted
        }
        return false
    }

    /// A signature goes on until something else is recognised.
    private var signatureLasts: Bool { kinds.last == .signature }

    private mutating func signatureBegins(at index: Int) -> Bool {
        if NewTextMarkers.isSignatureMark(index, in: lines) {
            return linesUntilQuote(index + 1) <= Self.longestSignature
        }
        if NewTextMarkers.isListFooter(index, in: lines) { return linesUntilQuote(index + 1) <= Self.longestSignature }
        return NewTextMarkers.isSentFrom(index, in: lines) && linesUntilQuote(index + 1) <= 4
    }

    /// Written lines before the next quote, mark of a quote or end; stops counting where the answer is clear.
    private mutating func linesUntilQuote(_ from: Int) -> Int {
        var count = 0
        for index in from..<max(from, min(lines.count, from + 200)) where !lines[index].isBlank {
            if lines[index].isQuoted || count > Self.longestSignature { break }
            if isMark(index) { break }
            count += 1
        }
        return count
    }

    private mutating func isMark(_ index: Int) -> Bool {
        if let known = marks[index] { return known }
        let isMark =
            NewTextMarkers.isRule(index, in: lines) || NewTextMarkers.isMessageRule(index, in: lines)
            || NewTextMarkers.headerBlock(at: index, in: lines) != nil || attributions.find(at: index) != nil
        marks[index] = isMark
        return isMark
    }

    /// ">From " as mbox files escape it, standing alone.
    private func isEscapedFrom(_ index: Int) -> Bool {
        guard lines[index].count >= 6, lines.slice(index).starts(with: Self.escapedFrom) else { return false }
        let isAfterQuote = index > 0 && lines[index - 1].isQuoted
        let isBeforeQuote = index + 1 < lines.count && lines[index + 1].isQuoted
        return !isAfterQuote && !isBeforeQuote
    }
}
