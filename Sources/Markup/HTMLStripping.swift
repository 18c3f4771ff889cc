/// Text of a page too deep or too large for a tree: tags are cut out, blocks end lines.
enum HTMLStripping {
    private static let inline: Set<String> = [
        "a", "b", "i", "u", "em", "strong", "span", "font", "small", "big", "code", "sub", "sup", "abbr", "img", "",
        "s", "wbr", "o:p",
    ]

    /// Linear time.
    static func text(_ html: [UInt8]) -> String {
        var scanner = HTMLTagScanner(html)
        var out: [UInt8] = []
        var start = 0
        while let tag = scanner.next() {
            append(html[start..<max(start, tag.range.lowerBound)], to: &out)
            start = tag.range.upperBound
            if !inline.contains(tag.name) && out.last != 0x0A { out.append(0x0A) }
        }
        append(html[min(start, html.count)...], to: &out)
        return HTMLEntities.decode(String(decoding: out, as: UTF8.self)).trimmingBlanks
    }

    /// Text with its white space run together.
    private static func append(_ text: ArraySlice<UInt8>, to out: inout [UInt8]) {
        for byte in text {
            if byte > 0x20 {
                out.append(byte)
            } else if let last = out.last, last > 0x20 {
                out.append(0x20)
            }
        }
    }
}

/// The few named entities mail programs write, and all numeric ones.
enum HTMLEntities {
    private static let named: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "shy": "", "ndash": "–", "mdash": "—",
        "hellip": "…", "copy": "©", "reg": "®", "euro": "€", "laquo": "«", "raquo": "»", "lsquo": "‘", "rsquo": "’",
        "ldquo": "“",
        "rdquo": "”", "bdquo": "„", "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü",
        "szlig": "ß",
        "eacute": "é", "egrave": "è", "agrave": "à", "ccedil": "ç", "ntilde": "ñ", "bull": "•", "middot": "·",
        "zwnj": "\u{200C}",
        "zwj": "\u{200D}",
    ]

    static func decode(_ text: String) -> String {
        guard text.utf8.contains(0x26) else { return text }
        var out = ""
        var rest = text[...]
        while let start = rest.utf8.firstIndex(of: 0x26) {
            out += rest[..<start]
            let name = rest[rest.utf8.index(after: start)...].utf8.prefix(12)
            if let end = name.firstIndex(of: 0x3B), let character = character(String(rest[name.startIndex..<end])) {
                out += character
                rest = rest[rest.utf8.index(after: end)...]
            } else {
                out += "&"
                rest = rest[rest.utf8.index(after: start)...]
            }
        }
        return out + rest
    }

    private static func character(_ name: String) -> String? {
        guard name.hasPrefix("#") else { return named[name] }
        let digits = name.dropFirst()
        let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
        let value = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return value.flatMap(Unicode.Scalar.init).map { $0.value == 0 ? "\u{FFFD}" : String($0) }
    }
}

extension String {
    /// Without white space at both ends and with at most one blank line in a row.
    var trimmingBlanks: String {
        var out: [UInt8] = []
        var newlines = 0
        var isStarted = false
        for line in utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            var end = line.endIndex
            while end > line.startIndex, line[line.index(before: end)] <= 0x20 { end = line.index(before: end) }
            if end == line.startIndex {
                newlines += 1
                continue
            }
            if isStarted { out.append(contentsOf: repeatElement(0x0A, count: min(newlines, 1) + 1)) }
            out.append(contentsOf: line[..<end])
            newlines = 0
            isStarted = true
        }
        return String(decoding: out, as: UTF8.self)
    }
}
