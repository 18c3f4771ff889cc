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
        var sorter = NewTextSorter(lines)
        var kinds = sorter.sort()
        let hasNew = kinds.indices.contains { kinds[$0] == .new && !lines[$0].isBlank }
        if !hasNew {
            // A forwarded message without a word, or a body that is all quote: better too much than nothing.
            kinds = kinds.map { _ in .new }
        }
        var segments: [Segment] = []
        var start = 0
        for index in kinds.indices where index + 1 == kinds.count || kinds[index + 1] != kinds[index] {
            segments.append(Segment(kind: kinds[index], text: lines.text(start...index)))
            start = index + 1
        }
        return segments
    }

    /// The new segments alone, trimmed, a blank line between them.
    package static func extract(from text: String) -> String {
        let parts = segments(of: text).filter { $0.kind == .new }.map { trimmed($0.text) }
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// Without blank lines at both ends and without white space at the end; the first line keeps its indentation.
    private static func trimmed(_ text: String) -> String {
        var bytes = Array(text.utf8)[...]
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        while let end = bytes.firstIndex(of: 0x0A), bytes[..<end].allSatisfy({ $0 <= 0x20 }) {
            bytes = bytes[(end + 1)...]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
