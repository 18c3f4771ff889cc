/// The lines of a body as ranges of its bytes, with all that is told from a single look at each.
struct NewTextLines {
    struct Line {
        /// Without the newline; a carriage return stays inside.
        let start: Int
        let end: Int
        /// First and last byte that is no white space or emphasis, or 0.
        let first: UInt8
        let last: UInt8
        let isBlank: Bool
        /// Begins with `>`, after white space at most.
        let isQuoted: Bool
        /// Ends with `:` or the full-width colon, maybe before a direction mark.
        let endsWithColon: Bool
        /// What field of a header block it is.
        let field: NewTextWords.Field?

        var count: Int { end - start }
    }

    let bytes: [UInt8]
    let lines: [Line]

    init(_ text: String) {
        bytes = Array(text.utf8)
        lines = bytes.withUnsafeBufferPointer { bytes in
            var lines: [Line] = []
            lines.reserveCapacity(bytes.count / 32 + 1)
            var start = 0
            for index in bytes.indices where bytes[index] == 0x0A {
                lines.append(Self.line(start, index, of: bytes))
                start = index + 1
            }
            lines.append(Self.line(start, bytes.count, of: bytes))
            return lines
        }
    }

    var count: Int { lines.count }
    subscript(_ index: Int) -> Line { lines[index] }

    /// The bytes of one line.
    func slice(_ index: Int) -> ArraySlice<UInt8> { bytes[lines[index].start..<lines[index].end] }

    /// Where the lines of this range stand.
    func range(_ range: ClosedRange<Int>) -> Range<Int> { lines[range.lowerBound].start..<lines[range.upperBound].end }

    /// A line for comparing, see `NewTextLine.normalised`. Nil when it is longer than any marker is.
    func normalised(_ index: Int, limit: Int = 400) -> [UInt8]? {
        guard lines[index].count <= limit else { return nil }
        return slice(index).withUnsafeBufferPointer { NewTextLine.normalised($0) }
    }

    private static func line(_ start: Int, _ end: Int, of bytes: UnsafeBufferPointer<UInt8>) -> Line {
        var head = start
        while head < end, isBlank(bytes[head]) { head += 1 }
        var isBlank = head == end
        if !isBlank, bytes[head] == 0xC2 {
            // A line of no-break spaces alone, as editors leave them.
            isBlank = bytes[head..<end].allSatisfy { $0 <= 0x20 || $0 == 0xC2 || $0 == 0xA0 }
        }
        let isQuoted = head < end && bytes[head] == 0x3E
        var first: UInt8 = 0
        while head < end, first == 0 {
            if !isFaint(bytes[head]) { first = bytes[head] }
            head += 1
        }
        var tail = end
        while tail > start, isFaint(bytes[tail - 1]) { tail -= 1 }
        let last = tail > start ? bytes[tail - 1] : 0
        let endsWithColon =
            last == 0x3A
            || (last >= 0x80 && end - start <= 400
                && NewTextLine.endsWithColon(UnsafeBufferPointer(rebasing: bytes[start..<tail])))
        let field =
            isBlank || isQuoted
            ? nil : NewTextLine.field(UnsafeBufferPointer(rebasing: bytes[start..<min(end, start + 64)]))
        return Line(
            start: start, end: end, first: first, last: last, isBlank: isBlank, isQuoted: isQuoted,
            endsWithColon: endsWithColon,
            field: field)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    /// White space or emphasis.
    private static func isFaint(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == 0x2A }
}

/// Bytes of one line, prepared for comparing.
enum NewTextLine {
    /// Lower case, composed, without emphasis marks and direction marks, plain spaces and apostrophes, trimmed.
    static func normalised(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count + 8)
        var isSpacePending = false
        var hasMarks = false
        var index = 0
        while index < text.count {
            let byte = text[index]
            var length = 1
            if byte < 0x80 {
                switch byte {
                case 0x09, 0x0D, 0x20: isSpacePending = !out.isEmpty
                case 0x2A: break
                default:
                    if isSpacePending { out.append(0x20) }
                    isSpacePending = false
                    out.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
                }
            } else {
                let scalar: Unicode.Scalar
                (scalar, length) = NewTextScalars.scalar(text, index)
                switch NewTextScalarKind(scalar.value) {
                case .space: isSpacePending = !out.isEmpty
                case .invisible: break
                case .letter:
                    if isSpacePending { out.append(0x20) }
                    isSpacePending = false
                    hasMarks = appendLowercased(scalar, &out) || hasMarks
                }
            }
            index += length
        }
        return hasMarks ? Normalization.nfc(out) : out
    }

    /// True when it joins the letter before it.
    private static func appendLowercased(_ scalar: Unicode.Scalar, _ out: inout [UInt8]) -> Bool {
        if scalar == "\u{2019}" {
            out.append(0x27)
            return false
        }
        // From the Indic letters to the end of Hangul nothing has case but Georgian, Cherokee and letters nobody writes
        // mail with.
        if (0x2E80...0xA63F).contains(scalar.value) || (0xAC00...0xD7A3).contains(scalar.value) {
            out.append(contentsOf: scalar.utf8)
            return (0x302A...0x302F).contains(scalar.value) || scalar.value == 0x3099 || scalar.value == 0x309A
        }
        let properties = scalar.properties
        if properties.changesWhenLowercased {
            out.append(contentsOf: properties.lowercaseMapping.utf8)
        } else {
            out.append(contentsOf: scalar.utf8)
        }
        return properties.canonicalCombiningClass != .notReordered
    }

    /// Whether the last letter is a colon, with nothing but spaces and marks nobody sees after it.
    static func endsWithColon(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var end = text.count
        while end > 0 {
            var start = end - 1
            while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
            let value = NewTextScalars.scalar(text, start).value.value
            switch NewTextScalarKind(value) {
            case .letter: return value == 0x3A || value == 0xFF1A
            case .space, .invisible: end = start
            }
        }
        return false
    }

    /// The field of a header block whose label stands before the first colon.
    static func field(_ head: UnsafeBufferPointer<UInt8>) -> NewTextWords.Field? {
        guard let first = head.firstIndex(where: { $0 > 0x20 && $0 != 0x2A }) else { return nil }
        if head[first] < 0x80 && !NewTextWords.canBeginLabel(head[first]) { return nil }
        for at in head.indices {
            // ":" or the full-width colon EF BC 9A.
            let isColon =
                head[at] == 0x3A
                || (head[at] == 0xEF && at + 2 < head.count && head[at + 1] == 0xBC && head[at + 2] == 0x9A)
            if isColon { return NewTextWords.field(normalised(UnsafeBufferPointer(rebasing: head[..<at]))) }
        }
        return nil
    }
}

/// What a scalar counts for in comparing.
enum NewTextScalarKind {
    case letter, space, invisible

    init(_ value: UInt32) {
        switch value {
        case 0x09, 0x0D, 0x20, 0xA0, 0x202F, 0x3000: self = .space
        case 0x2A, 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF: self = .invisible
        default: self = .letter
        }
    }
}
