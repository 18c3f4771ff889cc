/// Which lists and quotes are written from right to left.
enum MarkdownDirection {
    private static let blocks: Set<String> = ["ul", "ol", "blockquote"]

    /// The pieces with the direction of each list and quote, by the first letter in it or after it.
    static func said(in pieces: [MarkdownPiece]) -> [MarkdownPiece] {
        var pieces = pieces
        var isRightToLeft = false
        for index in pieces.indices.reversed() {
            if let first = pieces[index].text.flatMap(Self.isRightToLeft) { isRightToLeft = first }
            let isBlock = pieces[index].numbersFrom != nil || pieces[index].opens.map(blocks.contains) ?? false
            if isBlock, isRightToLeft { pieces[index].isMirrored = true }
        }
        return pieces
    }

    /// By its first letter; nil without one.
    private static func isRightToLeft(_ text: String) -> Bool? {
        text.unicodeScalars.first { $0.properties.isAlphabetic }.map { letter in
            switch letter.value {
            case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
            default: false
            }
        }
    }
}
