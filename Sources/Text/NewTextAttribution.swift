/// Lines such as "On … wrote:" above a quote, on one to four lines.
struct NewTextAttribution {
    /// Index of its last line.
    let last: Int
    /// True when it is one beyond doubt, even with no `>` after it.
    let isStrong: Bool

    private static let longest = 4

    /// The attribution that begins at this line; nil when none does.
    static func find(at start: Int, in lines: NewTextLines) -> NewTextAttribution? {
        for last in start..<min(lines.count, start + longest) {
            if lines[last].isBlank || lines[last].isQuoted { return nil }
            guard lines.endsWithColon(last) else { continue }
            // The shortest window that ends here wins, so that text above is not swallowed.
            for first in stride(from: last, through: start, by: -1) {
                if let found = judge(first...last, in: lines) { return first == start ? found : nil }
            }
            return last == start ? bare(at: start, in: lines) : nil
        }
        return oldStyle(at: start, in: lines)
    }

    private static func judge(_ range: ClosedRange<Int>, in lines: NewTextLines) -> NewTextAttribution? {
        var parts: [String] = []
        for index in range {
            guard let part = lines.normalised(index, limit: 300) else { return nil }
            parts.append(part)
        }
        let text = parts.joined(separator: " ")
        let facts = Facts(text)
        let hasVerb = NewTextWords.wrote.contains { text.contains($0) }
        let isDated = facts.hasDigit || NewTextWords.weekdays.contains { facts.plain.contains($0 + ",") }
        let hasOpener = NewTextWords.openers.contains { text.hasPrefix($0) }
        let startsLikeDate = facts.startsWithDigit || NewTextWords.weekdays.contains { text.hasPrefix($0) }
        if hasVerb && isDated && (hasOpener || startsLikeDate || startsWithName(parts)) {
            let isStrong = facts.hasAddress || facts.hasClock || (hasOpener && facts.hasYear)
            if isStrong || quoteFollows(range.upperBound, in: lines) {
                return NewTextAttribution(last: range.upperBound, isStrong: isStrong)
            }
        }
        if facts.endsWithAddress && facts.hasClock && (startsLikeDate || hasOpener) {
            return NewTextAttribution(last: range.upperBound, isStrong: true)
        }
        return nil
    }

    /// "Anna wrote:" without a date, right above a quote.
    private static func bare(at start: Int, in lines: NewTextLines) -> NewTextAttribution? {
        guard let text = lines.normalised(start, limit: 200), quoteFollows(start, in: lines) else { return nil }
        guard !startsInMiddle(text), NewTextWords.wrote.contains(where: { text.contains($0) }) else { return nil }
        return NewTextAttribution(last: start, isStrong: false)
    }

    /// A window without a date in front: one line that begins with a name, or a name above the Chinese "at".
    private static func startsWithName(_ parts: [String]) -> Bool {
        if parts.count == 1 { return !startsInMiddle(parts[0]) }
        return parts.count == 2 && ["于", "於", "在"].contains { parts[1].hasPrefix($0) } && !parts[0].hasPrefix("<")
    }

    /// Looks like the second line of a wrapped attribution.
    private static func startsInMiddle(_ text: String) -> Bool {
        text.hasPrefix("<") || text.hasPrefix("于") || text.hasPrefix("於") || text.hasPrefix("wrote") || text.hasPrefix("a écrit")
            || text.hasPrefix("ने लिखा") || text.hasPrefix("写道") || text.hasPrefix("escrib") || text.hasPrefix("escreveu")
    }

    /// "2012/4/3 Name <name@example.org>" right above a quote.
    private static func oldStyle(at start: Int, in lines: NewTextLines) -> NewTextAttribution? {
        guard lines.lastByte(start) == 0x3E, quoteFollows(start, in: lines) else { return nil }
        guard let text = lines.normalised(start, limit: 200) else { return nil }
        let facts = Facts(text)
        guard facts.startsWithDigit, facts.hasAddress else { return nil }
        return NewTextAttribution(last: start, isStrong: false)
    }

    private static func quoteFollows(_ index: Int, in lines: NewTextLines) -> Bool {
        for next in (index + 1)..<max(index + 1, min(lines.count, index + 7)) where !lines[next].isBlank {
            return lines[next].isQuoted
        }
        return false
    }
}

/// What a line says about dates and addresses; its digits are looked for outside addresses only.
private struct Facts {
    /// Without addresses.
    let plain: String
    var hasDigit = false
    var hasClock = false
    var hasYear = false
    var hasAddress = false
    var endsWithAddress = false
    var startsWithDigit = false

    init(_ text: String) {
        var plain: [Unicode.Scalar] = []
        for word in text.split(separator: " ") {
            if word.contains("@") {
                hasAddress = true
                // CJK text has no spaces: what stands after the address in angle brackets counts.
                if let end = word.lastIndex(of: ">") {
                    plain += [" "] + word[word.index(after: end)...].unicodeScalars
                }
            } else {
                plain += [" "] + word.unicodeScalars
            }
        }
        var run = 0
        for (index, scalar) in plain.enumerated() {
            let isDigit = scalar.properties.numericType == .decimal
            run = isDigit ? run + 1 : 0
            hasDigit = hasDigit || isDigit
            hasYear = hasYear || run == 4
            guard isDigit, index + 2 < plain.count else { continue }
            let isColon = [":", "：", "時", "时", "点", ".", "h"].contains(plain[index + 1])
            hasClock = hasClock || (isColon && plain[index + 2].properties.numericType == .decimal && plain[index + 1] != ".")
        }
        self.plain = String(String.UnicodeScalarView(plain))
        let ending = text.last == ":" || text.last == "：" ? text.dropLast() : text[...]
        let trimmed = ending.last == " " ? ending.dropLast() : ending
        endsWithAddress = hasAddress && trimmed.hasSuffix(">")
        startsWithDigit = text.unicodeScalars.first?.properties.numericType == .decimal
    }
}
