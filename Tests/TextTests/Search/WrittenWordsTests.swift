import Testing

@testable import Text

struct WrittenWordsTests {
    @Test func `people read the words they wrote, not what is kept of them`() {
        let words = WrittenWords("The Lighthouse at Río Négro, the lighthouse.") { String($0.prefix(7)) }

        #expect(words.written(["negro", "lightho", "rio", "no such"], most: 4) == ["Négro", "Lighthouse", "Río"])
        #expect(words.written(["negro", "lightho"], most: 1) == ["Négro"])
    }

    @Test func `pairs of scripts without spaces are one run again`() {
        let words = WrittenWords("国立図書館の写真を使えますか。")

        #expect(words.written(["書館", "写真", "図書", "立図"], most: 2) == ["立図書館", "写真"])
    }

    @Test func `words keep their marks`() {
        #expect(WrittenWords("هل الصُّورة حرّة؟").written(SearchTerms.terms(of: "الصورة"), most: 1) == ["الصُّورة"])
        #expect(WrittenWords("क्या चित्र मुक्त है").written(SearchTerms.terms(of: "चित्र"), most: 1) == ["चित्र"])
    }
}
