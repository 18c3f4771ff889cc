/// Lines of text with quotes, lists and indentation; white space runs together as a browser does it.
struct HTMLLineWriter {
    var isPreformatted = false

    private var out: [UInt8] = []
    private var quotes = 0
    /// Newlines owed before the next text.
    private var newlines = 0
    private var isSpaceOwed = false
    private var isLineEmpty = true
    private var isCellOwed = false
    private var itemMark = ""
    private var indentation = 0

    /// No page needs more; deeper ones would cost more than their text.
    private static let deepest = 20

    /// A place in the text to look back to.
    var mark: Int { out.count }

    func text(since mark: Int) -> String { String(decoding: out[min(mark, out.count)...], as: UTF8.self) }

    mutating func write(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A where isPreformatted: breakLine()
            case 0x09, 0x20, 0xA0:
                if isPreformatted { put(" ") } else { isSpaceOwed = true }
            case 0...0x20: isSpaceOwed = !isPreformatted
            // Fillers of preheaders: soft hyphen, grapheme joiner, zero-width space, byte order mark.
            case 0xAD, 0x34F, 0x200B, 0xFEFF: continue
            default: put(scalar)
            }
        }
    }

    mutating func breakLine() {
        newlines += 1
        isLineEmpty = true
        isSpaceOwed = false
        isCellOwed = false
    }

    /// Ends the line if it has text; `blank` asks for an empty line besides.
    mutating func endLine(blank: Bool) {
        if !isLineEmpty { breakLine() }
        if blank { newlines = max(newlines, 2) }
        isSpaceOwed = false
        isCellOwed = false
    }

    mutating func rule() {
        endLine(blank: false)
        write("----------")
        endLine(blank: false)
    }

    /// Cells of one row stand on one line.
    mutating func cell() { isCellOwed = !isLineEmpty }

    mutating func beginItem(mark: String, depth: Int) {
        indentation = 2 * min(depth, Self.deepest)
        itemMark = mark
    }

    mutating func endItem() {
        itemMark = ""
        indentation = 0
    }

    mutating func indent(by width: Int) { indentation = width }

    mutating func beginQuote() {
        endLine(blank: false)
        flushNewlines()
        quotes += 1
    }

    mutating func endQuote() {
        endLine(blank: false)
        // Blank lines owed inside the quote belong to it, or to nobody.
        newlines = min(newlines, 1)
        quotes -= 1
    }

    mutating func finish() -> String {
        String(decoding: out, as: UTF8.self).trimmingBlanks
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        if isLineEmpty {
            flushNewlines()
            out.append(contentsOf: String(repeating: "> ", count: min(quotes, Self.deepest)).utf8)
            out.append(contentsOf: String(repeating: " ", count: indentation).utf8)
            out.append(contentsOf: itemMark.utf8)
            if !itemMark.isEmpty {
                indentation += itemMark.utf8.count
                itemMark = ""
            }
            isLineEmpty = false
        } else if isCellOwed {
            out.append(0x09)
        } else if isSpaceOwed {
            out.append(0x20)
        }
        isCellOwed = false
        isSpaceOwed = false
        out.append(contentsOf: UTF8.encode(scalar)!)
    }

    /// Writes the newlines owed, blank lines of a quote with its mark.
    private mutating func flushNewlines() {
        guard !out.isEmpty else {
            newlines = 0
            return
        }
        for count in 0..<min(newlines, 3) {
            if count > 0 { out.append(contentsOf: String(repeating: ">", count: min(quotes, Self.deepest)).utf8) }
            out.append(0x0A)
        }
        newlines = 0
    }
}
