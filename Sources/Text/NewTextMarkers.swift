/// Lines after which a quoted message or a signature stands.
enum NewTextMarkers {
    /// Lines that may stand between the fields of one header block (wrapped recipients).
    private static let continuations = 6

    /// Last line of a header block ("From: … Sent: … To: … Subject: …") that begins here; nil when none does.
    static func headerBlock(at start: Int, in lines: NewTextLines) -> Int? {
        guard lines.fields[start] != nil else { return nil }
        var seen: Set<NewTextWords.Field> = []
        var last = start
        var between = 0
        for index in start..<min(lines.count, start + 30) {
            if lines[index].isQuoted { break }
            if let field = lines.fields[index] {
                seen.insert(field)
                last = index
                between = 0
            } else {
                between += 1
                // A blank line ends the block once it is complete; before that it is the layout of a table.
                if between > continuations || (lines[index].isBlank && seen.count >= 3) { break }
            }
        }
        let isBlock = seen.count >= 3 && seen.contains(.from) && (seen.contains(.subject) || seen.contains(.date))
        return isBlock ? last : nil
    }

    /// "-----Original Message-----" and the marks of forwarding.
    static func isMessageRule(_ index: Int, in lines: NewTextLines) -> Bool {
        let first = lines.bytes[lines[index].range].first { $0 > 0x20 && $0 != 0x2A } ?? 0
        guard first == 0x2D || first == 0x5F || first == 0x3D || first >= 0xE2 || lines.endsWithColon(index) else { return false }
        guard let text = lines.normalised(index, limit: 200) else { return false }
        if NewTextWords.bare.contains(text) { return true }
        let dashes: Set<Character> = ["-", "—", "–", "_", "=", "－", "─"]
        let inner = text.drop { dashes.contains($0) || $0 == " " }
        guard text.prefix(2).allSatisfy({ dashes.contains($0) }), inner.count < text.count else { return false }
        return NewTextWords.dashed.contains { inner.hasPrefix($0) }
    }

    /// A line of nothing but dashes, underscores or stars, three or more.
    static func isRule(_ index: Int, in lines: NewTextLines) -> Bool {
        let marks = lines.bytes[lines[index].range].filter { $0 > 0x20 }
        guard let first = marks.first, marks.count >= 3 else { return false }
        return (first == 0x2D || first == 0x5F || first == 0x3D || first == 0x2A) && marks.allSatisfy { $0 == first }
    }

    /// "-- " (or "--", as some programs cut it).
    static func isSignatureMark(_ index: Int, in lines: NewTextLines) -> Bool {
        let bytes = lines.bytes[lines[index].range]
        guard bytes.starts(with: [0x2D, 0x2D]) else { return false }
        return bytes.dropFirst(2).allSatisfy { $0 <= 0x20 }
    }

    /// "Sent from my telephone": a short line that is no sentence.
    static func isSentFrom(_ index: Int, in lines: NewTextLines) -> Bool {
        // Such a line stands at the end of something.
        let isAtEnd = index + 1 == lines.count || lines[index + 1].isBlank || lines[index + 1].isQuoted
        guard isAtEnd || index == 0 || lines[index - 1].isBlank else { return false }
        guard let text = lines.normalised(index, limit: 160) else { return false }
        let plain = text.trimmedBrackets
        let begins = NewTextWords.sentFrom.contains { plain.hasPrefix($0) }
        let ends = NewTextWords.sentFromEnds.contains { plain.hasSuffix($0) }
        guard begins || ends else { return false }
        if ends && !begins && !NewTextWords.devices.contains(where: { plain.contains($0) }) { return false }
        return plain.split(separator: " ").count <= 9 && !plain.contains(",") && !plain.hasSuffix("?")
    }

    /// A rule with the words of a mailing list's footer after it.
    static func isListFooter(_ index: Int, in lines: NewTextLines) -> Bool {
        guard isRule(index, in: lines), lines[index].range.count >= 10 else { return false }
        return (index + 1..<max(index + 1, min(lines.count, index + 4))).contains { next in
            guard let text = lines.normalised(next) else { return false }
            return NewTextWords.footer.contains { text.contains($0) }
        }
    }
}

extension NewTextWords {
    /// Without one of these a line that ends with "sent" is a sentence.
    static let devices = ["iphone", "ipad", "android", "samsung", "galaxy", "huawei", "xiaomi", "blackberry", "手机", "手機", "mobil", "outlook", "yahoo", "handy", "smartphone", "फ़ोन", "携帯"]
}

extension String {
    fileprivate var trimmedBrackets: String {
        var text = self[...]
        while let last = text.last, ")]>.。 ".contains(last) { text.removeLast() }
        while let first = text.first, "([<—-– ".contains(first) { text.removeFirst() }
        return String(text)
    }
}
