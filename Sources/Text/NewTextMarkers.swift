/// Lines after which a quoted message or a signature stands.
enum NewTextMarkers {
    /// Lines that may stand between the fields of one header block (wrapped recipients).
    private static let continuations = 6

    /// Last line of a header block ("From: … Sent: … To: … Subject: …") that begins here; nil when none does.
    static func headerBlock(at start: Int, in lines: NewTextLines) -> Int? {
        guard lines[start].field != nil else { return nil }
        // A bit for each field.
        var seen: UInt8 = 0
        var last = start
        var between = 0
        for index in start..<min(lines.count, start + 30) {
            if lines[index].isQuoted { break }
            if let field = lines[index].field {
                seen |= bit(field)
                last = index
                between = 0
            } else {
                between += 1
                // A blank line ends the block once it is complete; before that it is the layout of a table.
                if between > continuations || (lines[index].isBlank && seen.nonzeroBitCount >= 3) { break }
            }
        }
        let isTitled = seen & (bit(.subject) | bit(.date)) != 0
        return seen.nonzeroBitCount >= 3 && seen & bit(.from) != 0 && isTitled ? last : nil
    }

    private static func bit(_ field: NewTextWords.Field) -> UInt8 { 1 << field.rawValue }

    /// "-----Original Message-----" and the marks of forwarding.
    static func isMessageRule(_ index: Int, in lines: NewTextLines) -> Bool {
        let first = lines[index].first
        guard first == 0x2D || first == 0x5F || first == 0x3D || first >= 0xE2 || lines[index].endsWithColon else {
            return false
        }
        guard let text = lines.normalised(index, limit: 200) else { return false }
        if NewTextWords.bare.isOne(text[...]) { return true }
        let dashes = leadingDashes(text)
        guard dashes.count >= 2 || dashes.length == text.count, dashes.length > 0 else { return false }
        var inner = text[dashes.length...]
        while let length = inner.first == 0x20 ? 1 : dash(inner) { inner = inner.dropFirst(length) }
        return NewTextWords.dashed.isPrefix(of: inner) || isDashedAttribution(inner)
    }

    /// "---- On Thu, 19 Nov 2026 … wrote ----".
    private static func isDashedAttribution(_ inner: ArraySlice<UInt8>) -> Bool {
        inner.suffix(2).elementsEqual([0x2D, 0x2D]) && inner.contains { $0 &- 0x30 < 10 }
            && NewTextWords.wrote.isWithin(inner)
    }

    /// How many dashes a line begins with, and their bytes.
    private static func leadingDashes(_ text: [UInt8]) -> (count: Int, length: Int) {
        var (count, rest) = (0, text[...])
        while let length = dash(rest) {
            count += 1
            rest = rest.dropFirst(length)
        }
        return (count, text.count - rest.count)
    }

    /// Bytes of the dash that the text begins with: `- _ =`, – — ─ or －.
    private static func dash(_ text: ArraySlice<UInt8>) -> Int? {
        guard let first = text.first else { return nil }
        if first == 0x2D || first == 0x5F || first == 0x3D { return 1 }
        guard first == 0xE2 || first == 0xEF, text.count >= 3 else { return nil }
        let (second, third) = (text[text.startIndex + 1], text[text.startIndex + 2])
        if first == 0xEF { return second == 0xBC && third == 0x8D ? 3 : nil }
        return (second == 0x80 && (third == 0x93 || third == 0x94)) || (second == 0x94 && third == 0x80) ? 3 : nil
    }

    /// A line of nothing but dashes, underscores or stars, three or more.
    static func isRule(_ index: Int, in lines: NewTextLines) -> Bool {
        // All lines but rules end here: only stars are passed over in looking for the first byte.
        let head = lines[index].first
        guard head == 0 || head == 0x2D || head == 0x5F || head == 0x3D else { return false }
        var (mark, count) = (UInt8(0), 0)
        for byte in lines.slice(index) where byte > 0x20 {
            if count == 0 { mark = byte }
            guard byte == mark else { return false }
            count += 1
        }
        return count >= 3 && (mark == 0x2D || mark == 0x5F || mark == 0x3D || mark == 0x2A)
    }

    /// "-- " (or "--", as some programs cut it).
    static func isSignatureMark(_ index: Int, in lines: NewTextLines) -> Bool {
        guard lines[index].first == 0x2D, lines[index].count >= 2 else { return false }
        let bytes = lines.slice(index)
        return bytes[bytes.startIndex] == 0x2D && bytes[bytes.startIndex + 1] == 0x2D
            && bytes.dropFirst(2).allSatisfy { $0 <= 0x20 }
    }

    /// "Sent from my telephone": a short line that is no sentence.
    static func isSentFrom(_ index: Int, in lines: NewTextLines) -> Bool {
        // Such a line stands at the end of something.
        let isAtEnd = index + 1 == lines.count || lines[index + 1].isBlank || lines[index + 1].isQuoted
        guard isAtEnd || index == 0 || lines[index - 1].isBlank, mayBeSentFrom(lines[index], lines) else {
            return false
        }
        guard let text = lines.normalised(index, limit: 160) else { return false }
        let plain = NewTextBrackets.trimmed(text)
        let begins = NewTextWords.sentFrom.isPrefix(of: plain)
        let ends = NewTextWords.sentFromEnds.isSuffix(of: plain)
        guard begins || ends else { return false }
        if ends && !begins && !NewTextWords.devices.isWithin(plain) { return false }
        return plain.split(separator: 0x20).count <= 9 && !plain.contains(0x2C) && plain.last != 0x3F
    }

    /// A look at first and last letter, which most lines do not pass.
    private static func mayBeSentFrom(_ line: NewTextLines.Line, _ lines: NewTextLines) -> Bool {
        guard line.count <= 160 else { return false }
        let first =
            lines.bytes[line.start..<line.end].first {
                $0 > 0x20 && $0 != 0x2A && !NewTextBrackets.opening.contains($0)
            } ?? 0
        if first >= 0x80 || NewTextWords.sentFrom.canBegin((0x41...0x5A).contains(first) ? first | 0x20 : first) {
            return true
        }
        let last =
            lines.bytes[line.start..<line.end].last { $0 > 0x20 && $0 != 0x2A && !NewTextBrackets.closing.contains($0) }
            ?? 0
        // The only such end in ASCII is "gesendet".
        return last >= 0x80 || last | 0x20 == 0x74
    }

    /// A rule with the words of a mailing list's footer after it.
    static func isListFooter(_ index: Int, in lines: NewTextLines) -> Bool {
        guard isRule(index, in: lines), lines[index].count >= 10 else { return false }
        return (index + 1..<max(index + 1, min(lines.count, index + 4))).contains { next in
            guard let text = lines.normalised(next) else { return false }
            return NewTextWords.footer.isWithin(text[...])
        }
    }
}

/// Brackets, dashes and stops around a line of a telephone.
private enum NewTextBrackets {
    static let opening: Set<UInt8> = [0x20, 0x28, 0x5B, 0x3C, 0x2D]
    static let closing: Set<UInt8> = [0x20, 0x29, 0x5D, 0x3E, 0x2E]
    /// – and —, and the full stop of Chinese and Japanese.
    private static let longDashes: [[UInt8]] = [[0xE2, 0x80, 0x93], [0xE2, 0x80, 0x94]]
    private static let fullStop: [UInt8] = [0xE3, 0x80, 0x82]

    static func trimmed(_ line: [UInt8]) -> ArraySlice<UInt8> {
        var text = line[...]
        while let last = text.last {
            if closing.contains(last) {
                text.removeLast()
            } else if text.suffix(3) == fullStop[...] {
                text.removeLast(3)
            } else {
                break
            }
        }
        while let first = text.first {
            if opening.contains(first) {
                text.removeFirst()
            } else if longDashes.contains(where: { text.starts(with: $0) }) {
                text.removeFirst(3)
            } else {
                break
            }
        }
        return text
    }
}

extension NewTextWords {
    /// Without one of these a line that ends with "sent" is a sentence.
    static let devices = NewTextPatterns([
        "iphone", "ipad", "android", "samsung", "galaxy", "huawei", "xiaomi", "blackberry", "手机", "手機", "mobil",
        "outlook", "yahoo",
        "handy", "smartphone", "फ़ोन", "携帯",
    ])
}
