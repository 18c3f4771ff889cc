import Glibc

/// Cuts what would make a MIME parser slow or hungry: long headers, many headers, many parts, deep nesting.
/// It reads lines only, knows the boundaries that header blocks declare, and drops bytes, never adds any.
struct MessageLimiter {
    static let headerBytes = 1 << 20
    static let headerCount = 1000
    static let parts = 1000
    static let depth = 50

    private(set) var problems: [String] = []
    private var boundaries: [[UInt8]] = []
    private var block: [UInt8] = []
    private var headers = 0
    private var partCount = 0
    private var isInHeader = true
    private var isStopped = false

    /// The bounded message, or nil when it is within the limits already.
    mutating func bounded(_ bytes: [UInt8]) -> [UInt8]? {
        bytes.withUnsafeBufferPointer { buffer in
            var out: [UInt8]?
            var start = 0
            while start < buffer.count, !isStopped {
                let end = lineEnd(buffer, from: start)
                let keep = isInHeader ? keptOfHeaderLine(buffer, start, end) : keptOfBodyLine(buffer, start, end)
                if keep < end - start && out == nil {
                    out = []
                    out?.reserveCapacity(bytes.count)
                    out?.append(contentsOf: buffer[..<start])
                }
                out?.append(contentsOf: buffer[start..<start + keep])
                start = end
            }
            return isStopped && out == nil ? Array(buffer[..<start]) : out
        }
    }

    /// How many bytes of this line of a header block stay.
    private mutating func keptOfHeaderLine(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        let length = end - start
        if length == 1 || (length == 2 && buffer[start] == 0x0D) {
            endHeaderBlock()
            return length
        }
        let isContinuation = buffer[start] == 0x20 || buffer[start] == 0x09
        if !isContinuation { headers += 1 }
        let room = MessageLimiter.headerBytes - block.count
        if headers > MessageLimiter.headerCount || room <= 0 {
            note(headers > MessageLimiter.headerCount ? "headers-many" : "header-cut")
            return 0
        }
        let keep = min(length, room)
        if keep < length { note("header-cut") }
        block.append(contentsOf: buffer[start..<start + keep])
        return keep
    }

    private mutating func endHeaderBlock() {
        isInHeader = false
        if let boundary = MessageLimiter.declaredBoundary(block) {
            if boundaries.count >= MessageLimiter.depth {
                note("nesting-cut")
                isStopped = true
            }
            boundaries.append(boundary)
        }
        block.removeAll(keepingCapacity: true)
        headers = 0
    }

    private mutating func keptOfBodyLine(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        let length = end - start
        guard length > 2, buffer[start] == 0x2D, buffer[start + 1] == 0x2D else { return length }
        var last = end
        while last > start + 2, ASCII.isSpace(buffer[last - 1]) { last -= 1 }
        let name = UnsafeBufferPointer(rebasing: buffer[(start + 2)..<last])
        for index in boundaries.indices.reversed() {
            let boundary = boundaries[index]
            if name.count == boundary.count, name.elementsEqual(boundary) {
                boundaries.removeSubrange((index + 1)...)
                return startPart(length)
            }
            if name.count == boundary.count + 2, name.starts(with: boundary), name[name.count - 1] == 0x2D {
                boundaries.removeSubrange(index...)
                return length
            }
        }
        return length
    }

    private mutating func startPart(_ length: Int) -> Int {
        partCount += 1
        isInHeader = true
        guard partCount > MessageLimiter.parts else { return length }
        note("parts-cut")
        isStopped = true
        return 0
    }

    private mutating func note(_ problem: String) {
        if !problems.contains(problem) { problems.append(problem) }
    }

    /// The value of the boundary parameter of a header block.
    private static func declaredBoundary(_ block: [UInt8]) -> [UInt8]? {
        guard let type = ASCII.find("content-type", in: block[...]),
            let found = ASCII.find("boundary", in: block[type...])
        else { return nil }
        var rest = block[(found + 8)...].drop { ASCII.isSpace($0) || $0 == 0x2A || $0 == 0x30 }
        guard rest.first == 0x3D else { return nil }
        rest = rest.dropFirst().drop { ASCII.isSpace($0) }
        if rest.first == 0x22 { return Array(rest.dropFirst().prefix { $0 != 0x22 && $0 != 0x0A }) }
        return Array(rest.prefix { !ASCII.isSpace($0) && $0 != 0x3B })
    }
}
