/// Tells from a quick look whether a page is safe for gumbo, whose time grows worse than quadratically on deep nesting.
enum HTMLLimits {
    private static let bytes = 2 << 20
    private static let depth = 500
    private static let attributes = 400
    /// Sum over all tags of the formatting elements open at that point: gumbo opens them again in each block.
    private static let work = 2_000_000

    private static let empty: Set<String> = [
        "br", "img", "hr", "meta", "link", "input", "col", "area", "base", "embed", "param", "source", "track", "wbr",
    ]
    /// Closed by their next sibling, so that many of them open do not mean depth.
    private static let implied: Set<String> = [
        "p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot", "body", "html", "head",
    ]
    private static let formatting: Set<String> = [
        "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
    ]

    static func allow(_ html: [UInt8]) -> Bool {
        guard html.count <= bytes else { return false }
        var scanner = HTMLTagScanner(html)
        var open: [String: Int] = [:]
        var (deep, formats, spent) = (0, 0, 0)
        while let tag = scanner.next() {
            if tag.attributes > attributes { return false }
            if empty.contains(tag.name) || implied.contains(tag.name) {
                spent += tag.isEnd ? 0 : formats
            } else if !tag.isEnd {
                open[tag.name, default: 0] += 1
                deep += 1
                formats += formatting.contains(tag.name) ? 1 : 0
                spent += formats
            } else if let count = open[tag.name], count > 0 {
                open[tag.name] = count - 1
                deep -= 1
                formats -= formatting.contains(tag.name) ? 1 : 0
            }
            if deep > depth || spent > work { return false }
        }
        return true
    }
}
