import Testing

@testable import Text

@Suite struct ReadabilityTests {
    private func score(_ formula: Readability.Formula, _ language: String, _ counts: TextCounts) throws -> Double {
        try #require(Readability(counts: counts, language: language).scores.first { $0.formula == formula }).value
    }

    private var counts: TextCounts {
        var counts = TextCounts()
        (counts.sentences, counts.words, counts.syllables, counts.letters) = (4, 80, 120, 400)
        (counts.longWords, counts.polysyllables, counts.monosyllables) = (12, 8, 40)
        return counts
    }

    @Test func `each language has its own formula, as published`() throws {
        #expect(abs(try score(.flesch, "en", counts) - 59.635) < 0.001)
        #expect(abs(try score(.amstad, "de", counts) - 72.25) < 0.001)
        #expect(abs(try score(.fernandezHuerta, "es", counts) - 96.44) < 0.001)
        #expect(abs(try score(.kandelMoles, "fr", counts) - 76.3) < 0.001)
        #expect(abs(try score(.oborneva, "ru", counts) - 90.685) < 0.001)
        #expect(abs(try score(.martins, "pt-BR", counts) - 101.635) < 0.001)
        #expect(abs(try score(.lix, "sv", counts) - 35) < 0.001)
        #expect(abs(try score(.rix, "sv", counts) - 3) < 0.001)
        #expect(abs(try score(.wiener1, "de", counts) - 4.7145) < 0.001)
    }

    @Test(arguments: ["zh", "ja", "hi"])
    func `where no formula is accepted there are raw numbers and no grade`(language: String) {
        let found = Readability(counts: counts, language: language)

        #expect(found.scores.isEmpty)
        #expect(!found.features.isEmpty)
    }

    @Test func `an empty text has no number`() {
        #expect(Readability("", language: "en").main == nil)
        #expect(Readability("\n> only a quote\n", language: "en").main == nil)
    }

    @Test func `wrapped lines are one sentence, and a greeting is none`() {
        let text = """
            Dear Karl,

            thank you for the photograph of your grandfather, which
            reached us on Monday. We will look at it this week.
            """

        let counts = TextCounts(text, language: "en")

        #expect(counts.sentences == 2)
        #expect(counts.words == 22)
    }

    @Test func `Chinese and Japanese are counted in characters`() {
        let chinese = Readability("我们已经收到您的来信。谢谢您的耐心等待。", language: "zh").counts
        let japanese = Readability("写真を受け取りました。ありがとうございます。", language: "ja")

        #expect(chinese.characters == 18)
        #expect(chinese.sentences == 2)
        #expect(chinese.rareHan == 0)
        #expect(Readability("黼黻龘囹。", language: "zh").counts.rareHan == 4)
        #expect(japanese.counts.han == 4)
    }

    @Test func `Hindi shows joined consonants and vowel signs`() {
        let counts = TextCounts("विक्षनरी में प्रश्न है।", language: "hi")

        #expect(counts.sentences == 1)
        #expect(counts.conjuncts == 3)
        #expect(counts.matras == 5)
    }

    @Test func `Arabic without vowel signs is estimated by letters`() throws {
        let plain = TextCounts("كتب الولد الدرس في المدرسة.", language: "ar")
        let vowelled = TextCounts("كَتَبَ الوَلَدُ الدَّرْسَ فِي المَدْرَسَةِ.", language: "ar")

        #expect(plain.words == 5)
        #expect(plain.syllables == 19)
        #expect(vowelled.syllables != plain.syllables)
        #expect(try score(.osman, "ar", plain) < 200)
    }
}

@Suite struct SyllableTests {
    @Test func `patterns break a word where Liang's do`() throws {
        let file = "UTF-8\nLEFTHYPHENMIN 2\n% a comment\nhy3ph\nhe2n\nhena4\nhen5at\n1na\nn2at\n1tio\n2io\no2n\n"

        let patterns = try #require(HyphenationPatterns(bytes: Array(file.utf8)))

        #expect(patterns.breaks(in: "hyphenation".unicodeScalars) == 2)
        #expect(patterns.breaks(in: "hy".unicodeScalars) == 0)
        #expect(patterns.breaks(in: "tiotio".unicodeScalars) == 1)
    }

    @Test func `an encoding we do not know is refused, KOI8-R is read`() throws {
        #expect(HyphenationPatterns(bytes: Array("UTF-16\n1na\n".utf8)) == nil)
        let koi8: [UInt8] = Array("KOI8-R\n".utf8) + [0x31, 0xCD, 0xC1, 0x0A]

        let patterns = try #require(HyphenationPatterns(bytes: koi8))

        #expect(patterns.breaks(in: "мамама".unicodeScalars) == 2)
    }

    @Test func `without patterns runs of vowels count`() {
        let syllables = Syllables(language: "tlh")

        #expect(!syllables.hasPatterns)
        #expect(syllables.count("banana") == 3)
        #expect(syllables.count("hmm") == 1)
    }
}
