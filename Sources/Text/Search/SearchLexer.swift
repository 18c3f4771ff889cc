import Base

/// Cuts a query into tokens. Full-width signs of Chinese and Japanese keyboards count as the ASCII ones.
struct SearchLexer {
    private enum Field: String {
        case queue, state, owner, from, to, subject, tag, language, before, after, has, `is`, priority, outcome
        case contact
    }

    private let scalars: [Unicode.Scalar]
    private let now: Milliseconds
    private var index = 0
    /// True when the last condition was a word without quotes.
    private(set) var lastIsBareWord = false

    init(_ text: String, now: Milliseconds) {
        scalars = text.unicodeScalars.filter { !Self.isDirectionMark($0) }
        self.now = now
    }

    mutating func next() throws(Failure) -> SearchParser.Token? {
        while true {
            while index < scalars.count, scalars[index].properties.isWhitespace { index += 1 }
            guard index < scalars.count else { return nil }
            let isNegated = readMinus()
            guard index < scalars.count else { return nil }
            switch scalars[index] {
            case "(", "（":
                index += 1
                return .open(isNegated: isNegated)
            case ")", "）":
                index += 1
                return .close
            case let sign where Self.closing(sign) != nil:
                let condition = SearchWords.phrase(readQuoted(), hasStar: readStar(), field: nil)
                guard let condition else { continue }
                lastIsBareWord = false
                return .condition(condition, isNegated: isNegated)
            default:
                let word = readWord()
                if word.isOr, !isNegated { return .or }
                guard let condition = try condition(word) else { continue }
                lastIsBareWord = !word.isQuoted
                return .condition(condition, isNegated: isNegated)
            }
        }
    }

    // MARK: - Reading

    /// Minus signs before a thing; with a space after them they mean nothing.
    private mutating func readMinus() -> Bool {
        var isNegated = false
        while index < scalars.count, Self.isMinus(scalars[index]) {
            isNegated.toggle()
            index += 1
        }
        return isNegated && index < scalars.count && !scalars[index].properties.isWhitespace
    }

    /// The inside of quotes, open at the end if they never close; a doubled `"` stands for one.
    private mutating func readQuoted() -> String {
        let opening = scalars[index]
        let closing = Self.closing(opening) ?? []
        index += 1
        var inside = String.UnicodeScalarView()
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            if closing.contains(scalar) {
                guard opening == "\"", index < scalars.count, scalars[index] == "\"" else { break }
                index += 1
            }
            inside.append(scalar)
        }
        return String(inside)
    }

    private mutating func readStar() -> Bool {
        guard index < scalars.count, Self.isStar(scalars[index]) else { return false }
        index += 1
        return true
    }

    private struct Word {
        var field: Field?
        var name = ""
        var value = ""
        var isQuoted = false
        var hasStar = false
        var isOr: Bool { field == nil && value == "OR" }
    }

    private mutating func readWord() -> Word {
        var word = Word()
        var read = String.UnicodeScalarView()
        while index < scalars.count, !endsWord(scalars[index]) {
            let scalar = scalars[index]
            index += 1
            if word.field == nil, scalar == ":" || scalar == "：", let field = Field(rawValue: String(read).lowercased())
            {
                word.field = field
                word.name = String(read)
                read = String.UnicodeScalarView()
                if index < scalars.count, Self.closing(scalars[index]) != nil {
                    word.isQuoted = true
                    word.value = readQuoted()
                    word.hasStar = readStar()
                    return word
                }
            } else {
                read.append(scalar)
            }
        }
        word.hasStar = read.last.map(Self.isStar) ?? false
        word.value = String(read)
        return word
    }

    /// The quotation mark inside a Hebrew abbreviation is part of it.
    private func endsWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "(", "（", ")", "）": return true
        case "\"":
            guard index > 0, index + 1 < scalars.count else { return true }
            return !Self.isHebrew(scalars[index - 1]) || !Self.isHebrew(scalars[index + 1])
        default: return scalar.properties.isWhitespace || Self.closing(scalar) != nil
        }
    }

    // MARK: - Meaning

    private func condition(_ word: Word) throws(Failure) -> SearchCondition? {
        guard let field = word.field else { return SearchWords.word(word.value, hasStar: word.hasStar, field: nil) }
        let value = SearchWords.trimmed(word.value)
        guard !value.isEmpty else { return nil }
        switch field {
        case .queue: return .queue(value)
        case .tag: return .tag(value)
        case .language: return .language(value.lowercased())
        case .owner:
            let lower = value.lowercased()
            if lower == "away" { return .isOwnerAway(now) }
            return .owner(lower == "me" || lower == "none" ? lower : value)
        case .state:
            let state = value.lowercased()
            guard SearchCondition.states.contains(state) else {
                throw Failure(.invalid, "search-state-invalid", arguments: [value])
            }
            return .state(state)
        case .before: return .before(try SearchDate.require(value, now: now))
        case .after: return .after(try SearchDate.require(value, now: now))
        case .from, .to, .subject:
            return SearchWords.phrase(value, hasStar: word.hasStar, field: SearchField(rawValue: field.rawValue))
        case .has where value.lowercased() == "attachment": return .hasAttachment
        case .has where value.lowercased() == "draft": return .hasDraft
        case .is where value.lowercased() == "unread": return .isUnread
        case .is where value.lowercased() == "snoozed": return .isSnoozed
        case .is where value.lowercased() == "scheduled": return .isScheduled
        case .is where value.lowercased() == "due": return .isDue
        case .is where value.lowercased() == "overdue": return .isOverdue(now)
        case .is where value.lowercased() == "soon": return .isSoon(now, now + SearchCondition.soon)
        case .has where value.lowercased() == "deadline": return .hasDeadline
        case .priority:
            guard let index = SearchCondition.priorities.firstIndex(of: value.lowercased()) else {
                throw Failure(.invalid, "search-priority-invalid", arguments: [value])
            }
            return .priority(index + 1)
        case .outcome:
            guard SearchCondition.outcomes.contains(value.lowercased()) else {
                throw Failure(.invalid, "search-outcome-invalid", arguments: [value])
            }
            return .outcome(value.lowercased())
        case .contact where ID(value) != nil: return .contact(ID(value) ?? 0)
        case .has, .is, .contact: return SearchWords.phrase(word.name + " " + value, hasStar: word.hasStar, field: nil)
        }
    }

    // MARK: - Signs

    private static func isMinus(_ scalar: Unicode.Scalar) -> Bool { scalar == "-" || scalar == "－" }

    private static func isStar(_ scalar: Unicode.Scalar) -> Bool { scalar == "*" || scalar == "＊" }

    private static func isHebrew(_ scalar: Unicode.Scalar) -> Bool { (0x5D0...0x5EA).contains(scalar.value) }

    /// What closes this quotation mark; nil when it is none.
    private static func closing(_ opening: Unicode.Scalar) -> [Unicode.Scalar]? {
        switch opening {
        case "\"": ["\""]
        case "＂": ["＂"]
        case "“", "„", "”", "‟": ["“", "”"]
        case "«": ["»"]
        case "「": ["」"]
        case "『": ["』"]
        default: nil
        }
    }

    private static func isDirectionMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
