import Foundation

/// Finds the end of a body, takes out stuffed dots and notices bare CR and LF. Pure; any cut of the input gives the
/// same.
struct LMTPBodyScanner: Sendable {
    /// Where in a line the next byte stands. Only `lineStart`, reached over CRLF, can begin the final dot.
    private enum Place: Sendable {
        case lineStart, afterDot, afterDotCR, inLine, afterCR
    }

    /// False for BDAT, where length alone ends the body.
    private let hasDots: Bool
    private var place: Place
    private(set) var hasBareCR = false
    private(set) var hasBareLF = false

    init(hasDots: Bool) {
        self.hasDots = hasDots
        place = hasDots ? .lineStart : .inLine
    }

    /// Appends the content of `bytes` to `out`; returns how many bytes were used and whether the final dot was found.
    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) -> (used: Int, isComplete: Bool) {
        var next = 0
        var runStart = 0
        while next < bytes.count {
            switch place {
            case .lineStart:
                place = .inLine
                if bytes[next] == 0x2E {
                    out += bytes[runStart..<next]
                    next += 1
                    runStart = next
                    place = .afterDot
                }
            case .afterDot:
                place = .inLine
                if bytes[next] == 0x0D {
                    next += 1
                    runStart = next
                    place = .afterDotCR
                }
            case .afterDotCR:
                if bytes[next] == 0x0A { return (next + 1, true) }
                hasBareCR = true
                place = .inLine
            case .afterCR:
                if bytes[next] == 0x0A {
                    next += 1
                    place = hasDots ? .lineStart : .inLine
                } else {
                    hasBareCR = true
                    place = .inLine
                }
            case .inLine:
                next = scanLine(bytes, from: next)
            }
        }
        out += bytes[runStart..<next]
        return (next, false)
    }

    /// To be called when BDAT's last byte was scanned: a CR may still wait for its LF.
    mutating func finish() {
        if place == .afterCR { hasBareCR = true }
    }

    /// From inside a line to behind its LF or to the end of the bytes.
    private mutating func scanLine(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let lineFeed = Self.find(0x0A, in: bytes, from: start, to: bytes.count)
        let end = lineFeed ?? bytes.count
        guard let carriageReturn = Self.find(0x0D, in: bytes, from: start, to: end) else {
            // A line that ends in LF alone does not count as a line: what follows can never be the final dot.
            if lineFeed != nil { hasBareLF = true }
            return lineFeed == nil ? end : end + 1
        }
        if carriageReturn < end - 1 {
            hasBareCR = true
            return carriageReturn + 1
        }
        place = .afterCR
        return end
    }

    private static func find(_ byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from: Int, to: Int) -> Int? {
        guard from < to, let base = bytes.baseAddress else { return nil }
        guard let hit = memchr(base + from, Int32(byte), to - from) else { return nil }
        return UnsafeRawPointer(base).distance(to: UnsafeRawPointer(hit))
    }
}
