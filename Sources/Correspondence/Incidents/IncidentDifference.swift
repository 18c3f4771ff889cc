import Text

/// Whether somebody asks something that others who wrote about the same did not ask.
enum IncidentDifference {
    private static let marks: Set<Character> = ["?", "？", "؟", "⁇"]
    private static let ends: Set<Character> = [".", "!", "。", "！", "।", "\n", "?", "？", "؟", "⁇"]
    /// So much of a question's words must stand in the other texts.
    private static let covered = 0.6
    private static let longest = 6000

    /// A question of which the others' words cover too little. Unknown, and therefore false, without others.
    static func asksElse(_ text: String, than others: [String]) -> Bool {
        guard !others.isEmpty else { return false }
        let known = Set(others.flatMap { SearchTerms.terms(of: String($0.prefix(longest))) })
        return questions(in: String(text.prefix(longest))).contains { question in
            let terms = Set(SearchTerms.terms(of: question))
            guard terms.count >= 2 else { return false }
            return Double(terms.intersection(known).count) / Double(terms.count) < covered
        }
    }

    static func questions(in text: String) -> [String] {
        var found: [String] = []
        var sentence = ""
        for character in text {
            sentence.append(character)
            guard ends.contains(character) else { continue }
            if marks.contains(character) { found.append(sentence) }
            sentence = ""
        }
        return found
    }
}
