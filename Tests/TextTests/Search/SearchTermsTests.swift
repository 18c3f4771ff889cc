import Testing

@testable import Text

struct SearchTermsTests {
    private func terms(_ text: String) -> String { SearchTerms.terms(of: text).joined(separator: " ") }

    @Test(arguments: [
        ("Hello, World", "hello world"),
        ("state-of-the-art l’eau can't", "state of the art l eau can t"),
        ("anna.berg@example.org", "anna berg example org"),
        ("https://example.org/wiki/Main_Page?x=1", "https example org wiki main page x 1"),
        ("[Ticket#2026112110000015]", "ticket 2026112110000015"),
        ("H2O and 3.14", "h2o and 3 14"),
        ("iPhone™ 😀 ok", "iphone ok"),
    ])
    func `words are runs of letters and digits`(text: String, expected: String) {
        #expect(terms(text) == expected)
    }

    @Test(arguments: [
        ("Café ÀÉÎ Straße", "cafe aei strasse"),
        ("Cafe\u{301}", "cafe"),
        ("İstanbul ılık", "istanbul ilik"),
        ("Łódź Ærø smørrebrød", "lodz aero smorrebrod"),
        ("ﬁne ＦＵＬＬ Ⅳ m²", "fine full iv m2"),
        ("Ἀθῆναι ΟΔΟΣ οδός", "αθηναι οδοσ οδοσ"),
        ("Ещё Ёлка йод Йод", "еще елка йод йод"),
    ])
    func `Latin, Greek and Cyrillic lose case and accents`(text: String, expected: String) {
        #expect(terms(text) == expected)
    }

    @Test func `й is one letter however it was written`() {
        #expect(terms("и\u{306}од") == "йод")
    }

    @Test(arguments: [
        ("العَرَبِيَّةُ", "العربيه"),
        ("أحمد إسلام آمن ٱلله", "احمد اسلام امن الله"),
        ("مـــرحبا", "مرحبا"),
        ("على", "علي"),
        ("کتاب فارسی", "كتاب فارسي"),
        ("مسؤول شيء", "مسؤول شيء"),
        ("٢٠٢٦ ۱۲", "2026 12"),
    ])
    func `Arabic loses vowel marks and unifies letters`(text: String, expected: String) {
        #expect(terms(text) == expected)
    }

    @Test func `Hebrew loses its points`() {
        #expect(terms("שָׁלוֹם צה״ל") == "שלום צהל")
    }

    @Test(arguments: [
        ("हिन्दी में लिखना", "हिन्दी में लिखना"),
        ("ज़रूरत ज\u{93C}रूरत जरूरत", "जरूरत जरूरत जरूरत"),
        ("हाँ हां १२", "हां हां 12"),
        ("क्\u{200D}ष", "क्ष"),
    ])
    func `Hindi keeps its vowel signs`(text: String, expected: String) {
        #expect(terms(text) == expected)
    }

    @Test(arguments: [
        ("東京都", "東京 京都"),
        ("水", "水"),
        ("ガギ ｶﾞｷﾞ か\u{3099}き", "ガギ ガギ がき"),
        ("コーヒー", "コー ーヒ ヒー"),
        ("は ば ぱ", "は ば ぱ"),
        ("iPhone手机好", "iphone 手机 机好"),
        ("你好，世界。", "你好 世界"),
    ])
    func `Chinese and Japanese give pairs`(text: String, expected: String) {
        #expect(terms(text) == expected)
    }

    @Test func `Thai, Lao, Khmer and Burmese give pairs of whole letters`() {
        #expect(terms("กินข้าว") == "กิน นข้ ข้า าว")
        #expect(!terms("ພາສາລາວ").isEmpty)
        #expect(terms("ខ្មែរ").split(separator: " ").count >= 2)
        #expect(terms("မြန်မာ").split(separator: " ").count >= 2)
    }

    @Test func `Korean goes by words, composed`() {
        #expect(terms("안녕 하세요") == "안녕 하세요")
        #expect(terms("\u{1112}\u{1161}\u{11AB}글") == "한글")
    }

    @Test func `a term is cut at 64 bytes, between characters`() {
        #expect(SearchTerms.terms(of: String(repeating: "a", count: 1000)) == [String(repeating: "a", count: 64)])
        #expect(terms(String(repeating: "я", count: 1000)) == String(repeating: "я", count: 32))
        #expect(terms("b" + String(repeating: "я", count: 1000)).utf8.count == 63)
    }

    @Test func `no term holds ASCII other than letters and digits, and folding twice changes nothing`() {
        var generator = Seeded(state: 7)
        for _ in 0..<3000 {
            var text = ""
            for _ in 0..<20 {
                let limit: UInt32 = Bool.random(using: &generator) ? 0x3100 : 0x1_FFFF
                if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &generator)) {
                    text.unicodeScalars.append(scalar)
                }
            }
            for term in SearchTerms.terms(of: text) {
                #expect(!term.isEmpty && term.utf8.count <= 64)
                #expect(term.utf8.allSatisfy { $0 >= 128 || (97...122).contains($0) || (48...57).contains($0) })
            }
        }
    }

    @Test func `long hostile text takes linear time`() {
        #expect(SearchTerms.terms(of: "a" + String(repeating: "\u{301}", count: 500_000)) == ["a"])
        #expect(SearchTerms.terms(of: "क" + String(repeating: "\u{93F}", count: 500_000)).count == 1)
    }
}

/// A small deterministic generator.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var value = state
        value ^= value >> 33
        value = value &* 0xFF51_AFD7_ED55_8CCD
        return value ^ value >> 33
    }
}
