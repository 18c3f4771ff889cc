/// A few words around what a query found, with the found words marked.
///
/// One walk over the text finds where the wanted terms stand (`ExcerptMatches`), the stretch with the most different
/// ones is chosen, and only the text around it is taken apart into characters and cut where a word ends.
package enum Excerpt {
    /// A stretch of the excerpt; `isMatch` when the query asked for it.
    package struct Piece: Sendable, Equatable {
        package var text: String
        package var isMatch: Bool

        package init(text: String, isMatch: Bool) {
            self.text = text
            self.isMatch = isMatch
        }
    }

    /// One character as shown: white space of any length is one space.
    private struct Cell {
        var character: Character
        var range: Range<Int>
        var isMatch = false
        var isSpace: Bool { character == " " }
    }

    /// Bytes looked at on each side for so many characters: hardly more in most texts, many more in scripts of several
    /// bytes, in letters with marks and where much is white space.
    private static func spans(_ characters: Int) -> [Int] {
        [characters + characters / 4 + 64, max(1024, characters * 8)]
    }
    /// How far a cut may move to meet the end of a word, in characters.
    private static let reach = 20

    /// At most `length` characters of `text`, white space as single spaces; its beginning when nothing matches.
    package static func make(of text: String, matching query: SearchQuery, length: Int) -> [Piece] {
        guard length > 0 else { return [] }
        var text = text
        text.makeContiguousUTF8()
        let matches = ExcerptMatches.find(query.expression.wanted, in: text)
        let best = matches.isEmpty ? 0..<0 : bestCluster(matches, in: text, length: length)
        let cells = cells(of: text, around: best, matches: ExcerptMatches.merged(matches), length: length)
        guard cells.count > length else { return pieces(cells[...]) }
        return pieces(cells[window(of: cells, around: best, length: length)])
    }

    // MARK: - Choosing

    /// From the first to the last match of the window with the most different wanted terms, then the most matches.
    private static func bestCluster(_ matches: [ExcerptMatches.Match], in text: String, length: Int) -> Range<Int> {
        let positions = positions(of: matches, in: text)
        var counts: [Int: Int] = [:]
        var best = (kinds: 0, matches: 0, range: matches[0].range)
        var end = 0
        for start in matches.indices {
            while end < matches.count, positions[end] - positions[start] < length {
                counts[matches[end].wanted, default: 0] += 1
                end += 1
            }
            if (counts.count, end - start) > (best.kinds, best.matches) {
                let upper = max(matches[start].range.upperBound, matches[end - 1].range.upperBound)
                best = (counts.count, end - start, matches[start].range.lowerBound..<upper)
            }
            counts[matches[start].wanted] = counts[matches[start].wanted].flatMap { $0 > 1 ? $0 - 1 : nil }
        }
        return best.range
    }

    /// Where each match begins, in scalars with runs of white space as one.
    private static func positions(of matches: [ExcerptMatches.Match], in text: String) -> [Int] {
        var text = text
        return text.withUTF8 { bytes in
            var positions: [Int] = []
            positions.reserveCapacity(matches.count)
            var offset = 0
            var position = 0
            var wasSpace = false
            for match in matches {
                while offset < match.range.lowerBound {
                    let byte = bytes[offset]
                    let isSpace = isSpaceByte(byte)
                    if byte & 0xC0 != 0x80, !(isSpace && wasSpace) { position += 1 }
                    wasSpace = isSpace
                    offset += 1
                }
                positions.append(position)
            }
            return positions
        }
    }

    private static func isSpaceByte(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    // MARK: - Cutting

    /// The characters before and after `best`, at least `length` of them on each side where the text has them and they
    /// are not made of very many bytes.
    private static func cells(
        of text: String, around best: Range<Int>, matches: [Range<Int>], length: Int
    ) -> [Cell] {
        let size = text.utf8.count
        var found: [Cell] = []
        for span in spans(min(length, size)) {
            let low = boundary(max(0, best.lowerBound - span), in: text)
            let high = boundary(min(size, best.upperBound + span), in: text)
            found = cells(of: text, in: low..<high, matches: matches)
            let before = found.firstIndex { $0.range.lowerBound >= best.lowerBound } ?? found.count
            let after = found.count - (found.lastIndex { $0.range.lowerBound < best.upperBound } ?? 0)
            if low == 0 || before >= length, high == size || after > length { break }
        }
        return found
    }

    private static func cells(of text: String, in part: Range<Int>, matches: [Range<Int>]) -> [Cell] {
        let low = part.lowerBound
        var cells: [Cell] = []
        var next = matches.firstIndex { $0.upperBound > low } ?? matches.count
        var offset = low
        let view = text.utf8
        let start = view.index(view.startIndex, offsetBy: low)
        cells.reserveCapacity(part.count)
        for character in text[start..<view.index(start, offsetBy: part.count)] {
            let size = character.utf8.count
            let range = offset..<offset + size
            offset = range.upperBound
            while next < matches.count, matches[next].upperBound <= range.lowerBound { next += 1 }
            let isMatch = next < matches.count && matches[next].lowerBound < range.upperBound
            // The beginning may be the rest of a character.
            if range.lowerBound == low, low > 0 { continue }
            // Unicode's tables are asked only about what is not ASCII: this runs for thousands of characters a page.
            let isSpace = size == 1 ? character.utf8.first.map(isSpaceByte) ?? false : character.isWhitespace
            if !isSpace {
                cells.append(Cell(character: character, range: range, isMatch: isMatch))
            } else if let last = cells.last, !last.isSpace {
                cells.append(Cell(character: " ", range: range, isMatch: isMatch))
            }
        }
        // The end may be the beginning of a character.
        if part.upperBound < text.utf8.count { _ = cells.popLast() }
        if let last = cells.last, last.isSpace { cells.removeLast() }
        return cells
    }

    private static func boundary(_ offset: Int, in text: String) -> Int {
        let view = text.utf8
        var offset = offset
        while offset > 0, offset < view.count, view[view.index(view.startIndex, offsetBy: offset)] & 0xC0 == 0x80 {
            offset -= 1
        }
        return offset
    }

    /// The matches in the middle, the cuts where words end, nothing wasted at the ends of the text.
    private static func window(of cells: [Cell], around best: Range<Int>, length: Int) -> Range<Int> {
        let first = cells.firstIndex { $0.range.upperBound > best.lowerBound } ?? 0
        let last = min(cells.firstIndex { $0.range.lowerBound >= best.upperBound } ?? cells.count, first + length)
        var start = max(0, first - (length - (last - first)) / 2)
        start = min(start, cells.count - length)
        if start > 0 || cells[0].range.lowerBound > 0 {
            let limit = min(first, start + reach)
            start = (start...max(start, limit)).first { isCut(cells, before: $0) } ?? start
            if start < first, cells[start].isSpace { start += 1 }
        }
        var end = min(cells.count, start + length)
        if end < cells.count {
            let limit = max(last, end - reach, start + 1)
            end = (min(limit, end)...end).last { isCut(cells, before: $0) } ?? end
        }
        if end - 1 > start, cells[end - 1].isSpace { end -= 1 }
        return start..<end
    }

    /// True where no word is cut: beside a space or sign, or a character of a script without spaces.
    private static func isCut(_ cells: [Cell], before index: Int) -> Bool {
        guard index > 0, index < cells.count else { return index == cells.count || cells[0].range.lowerBound == 0 }
        return !isSpaced(cells[index - 1]) || !isSpaced(cells[index])
    }

    private static func isSpaced(_ cell: Cell) -> Bool {
        guard let first = cell.character.unicodeScalars.first else { return false }
        return first == "'" || first == "’" || SearchWords.isSpaced(first)
    }

    private static func pieces(_ cells: ArraySlice<Cell>) -> [Piece] {
        var pieces: [Piece] = []
        for cell in cells {
            if pieces.last?.isMatch == cell.isMatch {
                pieces[pieces.count - 1].text.append(cell.character)
            } else {
                pieces.append(Piece(text: String(cell.character), isMatch: cell.isMatch))
            }
        }
        return pieces
    }
}
