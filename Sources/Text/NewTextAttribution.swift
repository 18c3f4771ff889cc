/// Lines such as "On … wrote:" above a quote, on one to four lines.
struct NewTextAttribution {
    /// Index of its last line.
    let last: Int
    /// True when it is one beyond doubt, even with no `>` after it.
    let isStrong: Bool
}

/// Finds attributions; what was found for a line that ends with a colon is kept.
struct NewTextAttributions {
    /// The shortest attribution that ends at a line.
    private struct Ending {
        let first: Int
        let isStrong: Bool
    }

    private static let longest = 4

    private let lines: NewTextLines
    private var endings: [Int: Ending?] = [:]

    init(_ lines: NewTextLines) { self.lines = lines }

    /// The attribution that begins at this line; nil when none does.
    mutating func find(at start: Int) -> NewTextAttribution? {
        for last in start..<min(lines.count, start + Self.longest) {
            if lines[last].isBlank || lines[last].isQuoted { return nil }
            guard lines[last].endsWithColon else { continue }
            // The shortest window that ends here wins, so that text above is not swallowed.
            if let found = ending(last), found.first >= start {
                return found.first == start ? NewTextAttribution(last: last, isStrong: found.isStrong) : nil
            }
            return last == start ? bare(at: start) : nil
        }
        return nil
    }

    private mutating func ending(_ last: Int) -> Ending? {
        if let known = endings[last] { return known }
        var found: Ending?
        var parts: [[UInt8]] = []
        for first in stride(from: last, through: max(0, last - Self.longest + 1), by: -1) {
            if lines[first].isBlank || lines[first].isQuoted { break }
            guard let part = lines.normalised(first, limit: 300) else { break }
            parts.insert(part, at: 0)
            if let isStrong = judge(parts, last: last) {
                found = Ending(first: first, isStrong: isStrong)
                break
            }
        }
        endings[last] = .some(found)
        return found
    }

    /// Whether these lines are an attribution, and beyond doubt; nil when they are none.
    private func judge(_ parts: [[UInt8]], last: Int) -> Bool? {
        let text = Array(parts.joined(separator: [0x20]))
        let hasVerb = NewTextWords.wrote.isWithin(text[...])
        let endsWithAddress = NewTextFacts.endsWithBracket(text)
        guard hasVerb || endsWithAddress || NewTextFacts.endsWithMailWord(text) else { return nil }
        if endsWithAddress, NewTextWords.quoting.isPrefix(of: text[...]) { return quoteFollows(last) ? false : nil }
        let facts = NewTextFacts(text)
        let hasOpener = NewTextWords.openers.isPrefix(of: text[...])
        let startsLikeDate = facts.startsWithDigit || NewTextWords.weekdays.isPrefix(of: text[...])
        if hasVerb && facts.isDated && (hasOpener || startsLikeDate || startsWithName(parts)) {
            // "I wrote on 12 May at 10:00:" tells of oneself; only a quote below makes it an attribution.
            let isStrong =
                facts.hasAddress || ((facts.hasClock || (hasOpener && facts.hasYear)) && !isOfOneself(text))
            if isStrong || quoteFollows(last) { return isStrong }
        }
        if facts.startsWithDigit, facts.hasClock, facts.hasYear, facts.endsWithMailWord { return true }
        return facts.endsWithAddress && facts.hasClock && (startsLikeDate || hasOpener) ? true : nil
    }

    private func isOfOneself(_ text: [UInt8]) -> Bool {
        NewTextWords.oneself.isPrefix(of: text[...]) || NewTextWords.wroteMyself.isWithin(text[...])
    }

    /// "Anna wrote:" without a date, right above a quote.
    private func bare(at start: Int) -> NewTextAttribution? {
        guard quoteFollows(start), let text = lines.normalised(start, limit: 200) else { return nil }
        if NewTextFacts.endsWithDay(text) { return NewTextAttribution(last: start, isStrong: false) }
        guard !NewTextWords.middles.isPrefix(of: text[...]), NewTextWords.wrote.isWithin(text[...]) else { return nil }
        return NewTextAttribution(last: start, isStrong: false)
    }

    /// A window without a date in front: one line that begins with a name, or a name above the Chinese "at".
    private func startsWithName(_ parts: [[UInt8]]) -> Bool {
        if parts.count == 1 { return !NewTextWords.middles.isPrefix(of: parts[0][...]) }
        return parts.count == 2 && NewTextWords.chineseAt.isPrefix(of: parts[1][...]) && parts[0].first != 0x3C
    }

    private func quoteFollows(_ index: Int) -> Bool {
        for next in (index + 1)..<max(index + 1, min(lines.count, index + 7)) where !lines[next].isBlank {
            return lines[next].isQuoted
        }
        return false
    }
}

extension NewTextWords {
    /// How the second line of a wrapped attribution begins.
    static let middles = NewTextPatterns(["<", "于", "於", "wrote", "a écrit", "ने लिखा", "写道", "escrib", "escreveu"])

    /// How the line above a quote begins that names its writer by the address alone.
    static let quoting = NewTextPatterns(["zitat von ", "quoting ", "citando ", "citation de ", "цитирую "])

    /// Who tells of their own words.
    static let oneself = NewTextPatterns([
        "i ", "we ", "ich ", "wir ", "je ", "j'", "nous ", "yo ", "nosotros ", "eu ", "nós ", "я ", "мы ", "我", "私",
        "मैं",
        "मैंने", "हमने", "أنا ", "لقد كتبت",
    ])
    static let wroteMyself = NewTextPatterns([
        " i wrote", " we wrote", "schrieb ich", "schrieben wir", "habe ich", "j'ai écrit", "nous avons écrit",
        "yo escrib",
        "eu escrev", " я писал", " я написал", "мы писали",
    ])

    static let chineseAt = NewTextPatterns(["于", "於", "在"])
}

/// What a line says about dates and addresses; its digits are looked for outside addresses only.
struct NewTextFacts {
    private(set) var isDated = false
    private(set) var hasClock = false
    private(set) var hasYear = false
    private(set) var hasAddress = false
    private(set) var endsWithAddress = false
    private(set) var endsWithMailWord = false
    private(set) var startsWithDigit = false

    init(_ text: [UInt8]) {
        var plain: [UInt8] = []
        plain.reserveCapacity(text.count + 1)
        for word in text.split(separator: 0x20) {
            plain.append(0x20)
            guard word.contains(0x40) else {
                plain.append(contentsOf: word)
                continue
            }
            hasAddress = true
            // CJK text has no spaces: what stands after the address in angle brackets counts.
            if let end = word.lastIndex(of: 0x3E) {
                plain.append(contentsOf: word[(end + 1)...])
            } else {
                plain.removeLast()
            }
        }
        let hasDigit = readDigits(of: plain)
        isDated = hasDigit || NewTextWords.weekdays.isWithin(plain[...], before: 0x2C)
        endsWithAddress = hasAddress && Self.endsWithBracket(text)
        endsWithMailWord = Self.endsWithMailWord(text)
        startsWithDigit = text.withUnsafeBufferPointer {
            !$0.isEmpty && Self.isDigit(NewTextScalars.scalar($0, 0).value)
        }
    }

    /// Ends with `>`, maybe before a space and a colon.
    static func endsWithBracket(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        if rest.last == 0x3A {
            rest.removeLast()
        } else if rest.suffix(3).elementsEqual([0xEF, 0xBC, 0x9A]) {
            rest.removeLast(3)
        }
        if rest.last == 0x20 { rest.removeLast() }
        return rest.last == 0x3E
    }

    /// Ends with `info@example.org:`.
    static func endsWithMailWord(_ text: [UInt8]) -> Bool {
        guard text.last == 0x3A, let word = text.dropLast().split(separator: 0x20).last else { return false }
        guard let at = word.firstIndex(of: 0x40) else { return false }
        return at > word.startIndex && at + 1 < word.endIndex
    }

    /// Ends with `, 2026-11-21:`, as our own first letters wrote it.
    static func endsWithDay(_ text: [UInt8]) -> Bool {
        let shape: [UInt8] = Array(", 0000-00-00:".utf8)
        return text.count > shape.count
            && zip(text.suffix(shape.count), shape).allSatisfy { $1 == 0x30 ? $0 &- 0x30 < 10 : $0 == $1 }
    }

    private mutating func readDigits(of plain: [UInt8]) -> Bool {
        plain.withUnsafeBufferPointer { plain in
            var (hasDigit, run) = (false, 0)
            // Whether the scalar before is a digit, and whether it is the mark of a clock behind one.
            var (isAfterDigit, isAfterMark) = (false, false)
            var index = 0
            while index < plain.count {
                let (scalar, length) = NewTextScalars.scalar(plain, index)
                index += length
                let isDigit = Self.isDigit(scalar)
                hasClock = hasClock || (isDigit && isAfterMark)
                isAfterMark = isAfterDigit && !isDigit && Self.isClockMark(scalar)
                isAfterDigit = isDigit
                run = isDigit ? run + 1 : 0
                hasDigit = hasDigit || isDigit
                hasYear = hasYear || run == 4
            }
            return hasDigit
        }
    }

    private static func isClockMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ":", "：", "時", "时", "点", "h": return true
        default: return false
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x80 ? scalar.value &- 0x30 < 10 : scalar.properties.numericType == .decimal
    }
}
