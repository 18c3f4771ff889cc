import Text

/// Whom the first line of a letter greets, and whether that is who gets it.
enum Salutation {
    /// The names in the first line; nil when it greets nobody by name.
    static func names(in checked: CheckedText) -> String? {
        guard let line = checked.lines.first(where: { !$0.trimming.isEmpty }).map({ $0.trimming }), line.count <= 90
        else { return nil }
        let words = SalutationWords.all[checked.language]
        guard let words, let called = called(line, words) else { return nil }
        let parts = called.split(whereSeparator: { $0.isWhitespace || ".·・".contains($0) }).map(String.init)
        let names = parts.filter { part in
            let folded = part.lowercased()
            return !words.titles.contains(folded) && part.contains { $0.isLetter }
        }
        guard !names.isEmpty, names.count <= 5, !names.allSatisfy({ words.general.contains($0.lowercased()) }),
            !names.contains(where: { isOfAll($0, words) })
        else { return nil }
        return names.joined(separator: " ")
    }

    /// "reader" in "Dear Wikipedia reader": whoever it greets, not by name.
    private static func isOfAll(_ part: String, _ words: SalutationWords) -> Bool {
        let folded = part.lowercased()
        if words.isUnspaced { return words.general.contains { folded.contains($0) } }
        return words.everybody.contains(folded)
            || words.everybody.contains { $0.count >= 5 && folded.contains("-") && folded.hasSuffix($0) }
    }

    /// What stands between the greeting and the comma, or before the word that follows a name.
    private static func called(_ line: String, _ words: SalutationWords) -> String? {
        let end = line.firstIndex { ",!:،，！：、.。;".contains($0) && !isAbbreviation(line, $0) }
        var head = String(line[..<(end ?? line.endIndex)])
        if let general = words.phrases.first(where: { head.lowercased().contains($0) }), !general.isEmpty { return nil }
        for follower in words.after {
            guard let range = head.firstRange(of: follower) else { continue }
            head = String(head[..<range.lowerBound])
            for opener in words.before where head.hasPrefix(opener) { head = String(head.dropFirst(opener.count)) }
            return head.trimming
        }
        let folded = head.lowercased()
        let opener = words.before.filter { folded.hasPrefix($0) }.max { $0.count < $1.count }
        guard let opener else { return nil }
        let rest = head.dropFirst(opener.count)
        guard rest.first.map({ $0.isWhitespace }) ?? false || words.isUnspaced else { return nil }
        return rest.trimming
    }

    /// "Dr." and "Mr." end no greeting.
    private static func isAbbreviation(_ line: String, _ character: Character) -> Bool {
        character == "." && !line.hasSuffix(".")
    }

    /// True when one of the names used is one of those known; also when they cannot be compared.
    static func fits(_ used: String, known: [String]) -> Bool {
        let mine = parts(used)
        let theirs = known.flatMap(parts)
        let comparable = theirs.filter { one in mine.contains { sameScript($0, one) } }
        guard !mine.isEmpty, !comparable.isEmpty else { return true }
        return mine.contains { one in
            comparable.contains { other in
                one == other || (min(one.count, other.count) >= 3 && (one.hasPrefix(other) || other.hasPrefix(one)))
                    || (isUnspaced(one) && (one.contains(other) || other.contains(one)))
            }
        }
    }

    private static func parts(_ name: String) -> [String] {
        if let first = name.unicodeScalars.first(where: { $0.properties.isAlphabetic }), isUnspaced(String(first)) {
            return [name.filter { $0.isLetter }]
        }
        return SearchTerms.terms(of: name).filter { $0.count > 1 }.map(plain)
    }

    /// Müller writes as mueller where there are no marks.
    private static func plain(_ term: String) -> String {
        term.replacing("ae", with: "a").replacing("oe", with: "o").replacing("ue", with: "u").replacing("ß", with: "ss")
    }

    private static func isUnspaced(_ text: String) -> Bool {
        text.unicodeScalars.first.map { (0x3040...0x9FFF).contains($0.value) || (0xAC00...0xD7A3).contains($0.value) }
            ?? false
    }

    private static func sameScript(_ one: String, _ other: String) -> Bool { script(one) == script(other) }

    private static func script(_ text: String) -> Int {
        switch text.unicodeScalars.first?.value ?? 0 {
        case 0..<0x370: 1
        case 0x400..<0x530: 2
        case 0x600..<0x780: 3
        case 0x900..<0x980: 4
        case 0x3040..<0x3100: 5
        case 0x3400..<0xA000: 6
        default: 7
        }
    }
}
