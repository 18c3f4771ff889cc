/// Tables of Markdown as GitHub writes them: a line of heads, a line of dashes, lines of cells, parted by bars; a bar
/// inside a cell has a backslash before it. They begin after an empty line and end at the next.
struct MarkdownTable: Equatable {
    private static let mostColumns = 40

    var heads: [String]
    var rows: [[String]]

    /// A stretch of a text: a table, or whatever else.
    enum Block: Equatable {
        case table(MarkdownTable)
        case other(String)
    }

    /// The text in its order; a text without tables is one block. Inside fenced code nothing is a table.
    static func blocks(of text: String) -> [Block] {
        guard text.contains("|"), text.contains("-") else { return [.other(text)] }
        var blocks: [Block] = []
        var other: [Substring] = []
        var stretch: [Substring] = []
        var isFenced = false
        func end() {
            if let table = MarkdownTable(lines: stretch) {
                if !other.allSatisfy(\.isEmpty) { blocks.append(.other(other.joined(separator: "\n"))) }
                blocks.append(.table(table))
                other = []
            } else {
                other += stretch
            }
            stretch = []
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let marks = line.drop { $0 == " " }
            if marks.hasPrefix("```") || marks.hasPrefix("~~~") { isFenced.toggle() }
            if isFenced || !line.allSatisfy(\.isWhitespace) {
                stretch.append(line)
            } else {
                end()
                other.append(line)
            }
        }
        end()
        if !other.allSatisfy(\.isEmpty) { blocks.append(.other(other.joined(separator: "\n"))) }
        return blocks
    }

    /// Nil where the lines are no table: the second must be dashes, with as many columns as the first.
    init?(lines: [Substring]) {
        guard lines.count >= 2, lines.allSatisfy({ $0.prefix(while: { $0 == " " }).count < 4 }),
            lines[0].contains("|"), lines[1].contains("-")
        else { return nil }
        let (heads, dashes) = (Self.cells(of: lines[0]), Self.cells(of: lines[1]))
        guard heads.count == dashes.count, heads.count <= Self.mostColumns, dashes.allSatisfy(Self.isDashes) else {
            return nil
        }
        self.heads = heads
        rows = lines.dropFirst(2).map { line in
            let cells = Self.cells(of: line)
            return Array((cells + Array(repeating: "", count: max(0, heads.count - cells.count))).prefix(heads.count))
        }
    }

    private static func isDashes(_ cell: String) -> Bool {
        let inner = cell.drop { $0 == ":" }
        let dashes = inner.prefix { $0 == "-" }
        return !dashes.isEmpty && inner.dropFirst(dashes.count).allSatisfy { $0 == ":" } && cell.count < 200
    }

    private static func cells(of line: Substring) -> [String] {
        var cells = [""]
        var isEscaped = false
        for character in line {
            if isEscaped {
                cells[cells.count - 1] += character == "|" ? "|" : "\\" + String(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "|" {
                cells.append("")
            } else {
                cells[cells.count - 1].append(character)
            }
        }
        if isEscaped { cells[cells.count - 1] += "\\" }
        var trimmed = cells.map { cell in
            let start = cell.drop { $0 == " " || $0 == "\t" }
            return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
        }
        if trimmed.first == "" { trimmed.removeFirst() }
        if trimmed.count > 1, trimmed.last == "" { trimmed.removeLast() }
        return trimmed
    }

    /// `inline` makes the pieces of a cell, without a paragraph around them.
    func pieces(_ inline: (String) -> [MarkdownPiece]) -> [MarkdownPiece] {
        var pieces = [MarkdownPiece(opens: "table")]
        func add(_ cells: [String], as name: String) {
            pieces.append(MarkdownPiece(opens: "tr"))
            for cell in cells { pieces += [MarkdownPiece(opens: name)] + inline(cell) + [MarkdownPiece(closes: name)] }
            pieces.append(MarkdownPiece(closes: "tr"))
        }
        add(heads, as: "th")
        for row in rows { add(row, as: "td") }
        return pieces + [MarkdownPiece(closes: "table")]
    }
}
