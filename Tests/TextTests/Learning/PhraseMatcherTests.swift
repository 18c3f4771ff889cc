import Testing

@testable import Text

@Suite struct PhraseMatcherTests {
    private func found(_ pattern: String, _ kind: PhraseMatcher.Kind, _ text: String) -> Bool {
        !PhraseMatcher([PhraseMatcher.Pattern(pattern, kind)]).matches(in: text).isEmpty
    }

    @Test(arguments: [
        ("kill myself", PhraseMatcher.Kind.phrase, "I will KILL  myself!", true),
        ("kill myself", .phrase, "I will not kill him myself", false),
        ("suicid", .stem, "suicidal", true), ("suicid", .word, "suicidal", false),
        ("end* my life", .phrase, "ending my life", true), ("end* my life", .phrase, "the end of my life", false),
        ("don't want to live", .phrase, "I don’t want to live", true),
        ("mettre fin à mes jours", .phrase, "METTRE FIN A MES JOURS", true),
        ("死にたい", .phrase, "もう死にたいです", true), ("死にたい", .phrase, "もう死に\nたいです", true), ("自杀", .word, "我想自杀。", true),
        ("покончить с собой", .phrase, "Я хочу покончить с собой…", true),
        ("आत्महत्या", .stem, "आत्महत्या कर लूँगा", true), ("ich bringe mich um", .phrase, "Ich bringe mich um.", true),
    ]) func `phrases are found as people write them`(
        pattern: String, kind: PhraseMatcher.Kind, text: String, isFound: Bool
    ) {
        #expect(found(pattern, kind, text) == isFound)
    }

    @Test(arguments: [
        ("to end it, my life", true), ("life, what I end", true), ("end one two three four life", false),
        ("ending lives", false), ("endless lifetime", true),
    ]) func `stems near each other are found in any order`(text: String, isFound: Bool) {
        let matcher = PhraseMatcher([PhraseMatcher.Pattern(["end", "life"], .near, within: 5)])

        #expect(!matcher.matches(in: text).isEmpty == isFound)
    }

    private func found(
        _ parts: [String], _ kind: PhraseMatcher.Kind, within: Int, language: String, _ text: String
    ) -> Bool {
        let words = PhraseAlternatives(classes: ["will": ["will", "gonna|going to"]], name: language)
        let pattern = PhraseMatcher.Pattern(
            parts, kind, within: within, words: words, spelling: PhraseSpelling(language: language))
        return !PhraseMatcher([pattern]).matches(in: text).isEmpty
    }

    @Test(arguments: [
        ("I am going to really kill you", true), ("gonna stab you", true), ("you are going to kill", false),
        ("will you kill time", false), ("i will think of it, then one day kill you", false),
        ("I WILL KIIIILL YOU", true), ("i will k1ll you", true),
    ]) func `a sequence has its parts in order, with gaps, each in several ways`(text: String, isFound: Bool) {
        #expect(found(["{will}", "kill|stab(s|bed|)", "you"], .sequence, within: 5, language: "en", text) == isFound)
    }

    @Test(arguments: [
        ("de", "ich töte dich", "ich toete dich"), ("ru", "хочу умереть", "hochu umeret"),
        ("ru", "убью тебя", "ubyu tebya"), ("hi", "जिंदगी खत्म", "ज़िन्दगी ख़त्म"),
        ("hi", "nahi jeena", "nahee jina"), ("ar", "اقتل نفسي", "وسأقتل نفسي"), ("ar", "انتحار", "بالانتحار"),
        ("ar", "أقتل نفسي", "وأقتل نفسي"), ("ar", "أنتحر", "فأنتحر"),
        ("ja", "ころす", "コロス"), ("ja", "死", "もう死"), ("zh", "自杀", "想自殺"), ("zh", "遗书", "寫了遺書"),
    ]) func `phrases are found as they are spelled where the keyboard or the school is another`(
        language: String, pattern: String, text: String
    ) {
        #expect(found([pattern], .phrase, within: 1, language: language, text))
    }

    @Test(arguments: [("{unknown}", 0), ("a(b|c|)d", 3), ("{will} go", 3), ("a|b c", 2), ("(a", 0)])
    func `alternatives are told apart`(part: String, count: Int) {
        let words = PhraseAlternatives(classes: ["will": ["will", "gonna|going to"], "circle": ["{circle}"]])

        #expect(words.all(of: part).count == count)
        #expect(words.all(of: "{circle}").isEmpty)
        #expect(words.example(of: part).isEmpty || !words.example(of: part).contains("|"))
    }

    @Test func `many phrases cost little more than few`() {
        let many = (0..<5000).map { PhraseMatcher.Pattern("phrase\($0) of words\($0 % 7)", .phrase) }
        let matcher = PhraseMatcher(many + [PhraseMatcher.Pattern("needle", .word)])
        let text = (0..<400).map { "word\($0)" }.joined(separator: " ") + " needle"

        let began = ContinuousClock.now
        for _ in 0..<20 { #expect(matcher.matches(in: text).map(\.pattern) == [5000]) }
        // Without optimisation; the bench holds the release build to its bar.
        #expect(ContinuousClock.now - began < .seconds(5))
    }
}
