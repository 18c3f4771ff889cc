import CICU

/// Turns what stands in a query into conditions on terms.
enum SearchWords {
    /// Words in quotes or of a field; nil when there is no term.
    static func phrase(_ text: String, hasStar: Bool, field: SearchField?) -> SearchCondition? {
        let terms = SearchTerms.terms(of: text)
        guard let last = terms.last else { return nil }
        return .terms(terms, isPrefix: hasStar || isOnePairCharacter(last), field: field)
    }

    /// A word without quotes, which may be the number of a ticket; nil when there is no term.
    static func word(_ text: String, hasStar: Bool, field: SearchField?) -> SearchCondition? {
        let condition = phrase(text, hasStar: hasStar, field: field)
        if !hasStar, case .terms(let terms, _, _) = condition, terms.count == 1, TicketNumber.isValid(terms[0]) {
            return .ticketNumber(terms[0])
        }
        return condition
    }

    /// True for one character of a script without spaces: in the index it stands at the beginning of a pair.
    static func isOnePairCharacter(_ term: String) -> Bool {
        guard let first = term.unicodeScalars.first, isPair(first) else { return false }
        return !term.unicodeScalars.dropFirst().contains(where: isPair)
    }

    /// True for a scalar of a script that separates words by spaces, and for digits.
    static func isSpaced(_ scalar: Unicode.Scalar) -> Bool { kind(scalar) == Int(CICU_WORD) }

    /// Without white space around it.
    static func trimmed(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }

    private static func isPair(_ scalar: Unicode.Scalar) -> Bool { kind(scalar) == Int(CICU_PAIR) }

    private static func kind(_ scalar: Unicode.Scalar) -> Int {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Int(CICU_FOLD_MAX)) { buffer in
            buffer.initialize(repeating: 0)
            return cicu_fold(scalar.value, buffer.baseAddress) > 0 ? Int(buffer[0] >> 24) : Int(CICU_SEPARATOR)
        }
    }
}
