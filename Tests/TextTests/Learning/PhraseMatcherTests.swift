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

    @Test(arguments: [
        ("{unknown}", false), ("{circle}", false), ("(a", false), ("a(b|", false), ("()", false), ("(a|) *", false),
        ("a(b|c|)d", true), ("{will} go", true), ("a|b c", true), ("a *", true),
    ]) func `what names nothing, goes in a circle or can be empty is unusable`(part: String, isUsable: Bool) {
        let words = PhraseAlternatives(classes: ["will": ["will", "gonna|going to"], "circle": ["{circle}"]])
        let pattern = PhraseMatcher.Pattern([part], .phrase, within: 1, words: words, spelling: .plain)

        #expect(PhraseMatcher([pattern]).isUsable(0) == isUsable)
        #expect(!isUsable || !words.example(of: part).isEmpty && !words.example(of: part).contains("|"))
    }

    @Test(arguments: [
        (
            "(a |as |)(tua |sua |)cabeça(s|)", "cabeça|cabeças|a cabeça|as cabeças|tua cabeça|a sua cabeças",
            "cabeçada|cabeç"
        ),
        (
            "({will} (just |)|)stab(s|bed|)* you", "stab you|just stabs you|going to just stabbed you",
            "stab them|stabbing us"
        ),
        ("a|b (c|d e) f|", "", "a|b c f"), ("kill you(r dog|) now", "kill you now|kill your dog now", "kill your now"),
        ("don't|can't", "I can’t", "I do"), ("死(ぬ|に|)たい", "死ぬたい|死にたい|死たい", "死ねたい"),
    ]) func `a part finds each way to say it and no other`(part: String, ways: String, others: String) {
        for text in ways.split(separator: "|") {
            #expect(found([part], .phrase, within: 1, language: "en", "so \(text) ok"), "\(text)")
        }
        for text in others.split(separator: "|") {
            #expect(!found([part], .phrase, within: 1, language: "en", "so \(text) ok"), "\(text)")
        }
    }

    @Test func `what stands for millions of ways is read at once`() {
        let part = (0..<8).map { place in
            "(" + (0..<10).map { "word\(place)x\($0)" }.joined(separator: "|") + ")"
        }.joined(separator: " ")
        let text = (0..<8).map { "word\($0)x\(9 - $0)" }.joined(separator: " ")

        #expect(found([part], .phrase, within: 1, language: "en", text))
        #expect(!found([part], .phrase, within: 1, language: "en", text.replacing("word7", with: "ward7")))
    }

    @Test func `of two ways that begin alike the shorter leaves room for the next part`() {
        #expect(found(["go|go to", "to die"], .sequence, within: 5, language: "en", "go to die"))
        #expect(found(["go to|go", "to die"], .sequence, within: 5, language: "en", "go to die"))
        #expect(found(["go to|go", "die"], .sequence, within: 5, language: "en", "go to die"))
    }

    @Test func `one manner of spelling is kept through a phrase`() {
        let part = "убью тебя (я|)"
        for text in ["убью тебя", "ubyu tebya ya", "ubiu tebia ia"] {
            #expect(found([part], .phrase, within: 1, language: "ru", text), "\(text)")
        }
        #expect(!found([part], .phrase, within: 1, language: "ru", "ubyu tebia"))
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
