/// The lines of a body as ranges of its bytes; cheap to look at again and again.
struct NewTextLines {
    struct Line {
        /// Without the newline; a carriage return stays inside.
        let range: Range<Int>
        let isBlank: Bool
        /// Begins with `>`, after white space at most.
        let isQuoted: Bool
    }

    let bytes: [UInt8]
    let lines: [Line]
    /// For each line the field of a header block it is, looked up once.
    let fields: [NewTextWords.Field?]

    init(_ text: String) {
        bytes = Array(text.utf8)
        var lines: [Line] = []
        var start = 0
        for index in bytes.indices where bytes[index] == 0x0A {
            lines.append(Self.line(start..<index, of: bytes))
            start = index + 1
        }
        lines.append(Self.line(start..<bytes.count, of: bytes))
        self.lines = lines
        fields = lines.map { [bytes] line in line.isBlank || line.isQuoted ? nil : Self.field(bytes[line.range.prefix(64)]) }
    }

    private static func field(_ head: ArraySlice<UInt8>) -> NewTextWords.Field? {
        // ":" or the full-width colon EF BC 9A.
        let colon = head.indices.first { at in
            head[at] == 0x3A || (head[at] == 0xEF && at + 2 < head.endIndex && head[at + 1] == 0xBC && head[at + 2] == 0x9A)
        }
        guard let colon else { return nil }
        return NewTextWords.fields[normalised(String(decoding: head[..<colon], as: UTF8.self))]
    }

    var count: Int { lines.count }
    subscript(_ index: Int) -> Line { lines[index] }

    /// The lines of this range as they stood, joined with newlines.
    func text(_ range: ClosedRange<Int>) -> String {
        String(decoding: bytes[lines[range.lowerBound].range.lowerBound..<lines[range.upperBound].range.upperBound], as: UTF8.self)
    }

    /// A line for comparing: lower case, without emphasis marks and direction marks, plain spaces, trimmed.
    /// Nil when it is longer than any marker is.
    func normalised(_ index: Int, limit: Int = 400) -> String? {
        let range = lines[index].range
        guard range.count <= limit else { return nil }
        return Self.normalised(String(decoding: bytes[range], as: UTF8.self))
    }

    static func normalised(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        var isSpacePending = false
        for scalar in text.lowercased().unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0D, 0x20, 0xA0, 0x202F, 0x3000:
                isSpacePending = !out.isEmpty
            case 0x2A, 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF:
                continue
            default:
                if isSpacePending { out.append(" ") }
                isSpacePending = false
                out.append(scalar == "\u{2019}" ? "'" : scalar)
            }
        }
        return String(out)
    }

    /// The last byte that is no white space or emphasis, or 0.
    func lastByte(_ index: Int) -> UInt8 {
        bytes[lines[index].range].last { $0 > 0x20 && $0 != 0x2A } ?? 0
    }

    /// Ends with `:` or the full-width colon, maybe before a direction mark.
    func endsWithColon(_ index: Int) -> Bool {
        let last = lastByte(index)
        if last == 0x3A { return true }
        guard last >= 0x80, let text = normalised(index) else { return false }
        return text.hasSuffix(":") || text.hasSuffix("：")
    }

    private static func line(_ range: Range<Int>, of bytes: [UInt8]) -> Line {
        let first = bytes[range].first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
        var isBlank = first == nil
        if first == 0xC2 {
            // A line of no-break spaces alone, as editors leave them.
            isBlank = bytes[range].allSatisfy { $0 <= 0x20 || $0 == 0xC2 || $0 == 0xA0 }
        }
        return Line(range: range, isBlank: isBlank, isQuoted: first == 0x3E)
    }
}
