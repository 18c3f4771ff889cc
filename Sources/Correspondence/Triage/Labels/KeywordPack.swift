import Text

extension KeywordPacks {
    /// A file: label and, per language, what to look for.
    struct Pack: Decodable {
        struct Entry: Decodable {
            /// One text, or the parts of a `near`, `together` or `sequence`, as `PhraseAlternatives` reads them.
            var match: [String]
            var kind: PhraseMatcher.Kind
            var why: String
            /// Words among which all parts stand.
            var within: Int?
            /// What makes the match mean something else, inside or around it: a phrase, or parts that stand together.
            var unless: [[String]]?
            /// Words before and after the match that `unless` is looked for in, too; for what speaks of a matter and
            /// not of a person.
            var around: Int?
        }

        var label: String
        /// By language and name, words that stand for each other in the entries.
        var classes: [String: [String: [String]]]?
        var languages: [String: [Entry]]
    }
}

extension KeywordPacks.Pack.Entry {
    private enum Keys: String, CodingKey { case match, kind, why, within, unless, around }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        let text = try? values.decode(String.self, forKey: .match)
        self.init(
            match: try text.map { [$0] } ?? values.decode([String].self, forKey: .match),
            kind: try values.decode(PhraseMatcher.Kind.self, forKey: .kind),
            why: try values.decode(String.self, forKey: .why),
            within: try values.decodeIfPresent(Int.self, forKey: .within),
            unless: try values.decodeIfPresent([Unless].self, forKey: .unless)?.map(\.parts),
            around: try values.decodeIfPresent(Int.self, forKey: .around))
    }

    /// One text, or parts that stand together.
    private struct Unless: Decodable {
        var parts: [String]

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            parts = try (try? value.decode(String.self)).map { [$0] } ?? value.decode([String].self)
        }
    }
}
