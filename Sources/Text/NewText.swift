/// What a person wrote anew in a mail body, apart from quotes and signature.
package enum NewText {
    /// A run of lines of one kind.
    package struct Segment: Sendable, Equatable {
        package enum Kind: String, Sendable { case new, quoted, signature }
        package var kind: Kind
        package var text: String

        package init(kind: Kind, text: String) {
            self.kind = kind
            self.text = text
        }
    }

    /// The body cut into runs of lines, in order; joined with newlines they give the body again. Linear time.
    package static func segments(of text: String) -> [Segment] {
        let lines = NewTextLines(text)
        return runs(of: lines).map { run in
            Segment(kind: run.kind, text: String(decoding: lines.bytes[run.range], as: UTF8.self))
        }
    }

    /// The new segments alone, trimmed, a blank line between them.
    package static func extract(from text: String) -> String {
        let lines = NewTextLines(text)
        var out: [UInt8] = []
        for run in runs(of: lines) where run.kind == .new {
            let part = trimmed(lines.bytes[run.range])
            if part.isEmpty { continue }
            if !out.isEmpty { out += [0x0A, 0x0A] }
            out += part
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func runs(of lines: NewTextLines) -> [(kind: Segment.Kind, range: Range<Int>)] {
        var sorter = NewTextSorter(lines)
        var kinds = sorter.sort()
        let hasNew = kinds.indices.contains { kinds[$0] == .new && !lines[$0].isBlank }
        if !hasNew {
            // A forwarded message without a word, or a body that is all quote: better too much than nothing.
            kinds = kinds.map { _ in .new }
        }
        var runs: [(kind: Segment.Kind, range: Range<Int>)] = []
        var start = 0
        for index in kinds.indices where index + 1 == kinds.count || kinds[index + 1] != kinds[index] {
            runs.append((kinds[index], lines.range(start...index)))
            start = index + 1
        }
        return runs
    }

    /// Without blank lines at both ends and without white space at the end; the first line keeps its indentation.
    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = text
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        while let end = bytes.firstIndex(of: 0x0A), bytes[..<end].allSatisfy({ $0 <= 0x20 }) {
            bytes = bytes[(end + 1)...]
        }
        return bytes
    }
}
