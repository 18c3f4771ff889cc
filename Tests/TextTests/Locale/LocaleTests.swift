import CICU
import Testing

@testable import Text

struct LocaleTests {
    // 2026-11-21T04:30:00Z.
    private let time: Int64 = 1_795_235_400_000

    @Test(arguments: [
        ("en", "UTC", "November 21, 2026 at 4:30 AM"), ("en-GB", "UTC", "21 November 2026 at 04:30"),
        ("de", "Europe/Berlin", "21. November 2026 um 05:30"), ("fr", "UTC", "21 novembre 2026 à 04:30"),
        ("ja", "Asia/Tokyo", "2026年11月21日 13:30"), ("hi", "Asia/Kolkata", "21 नवंबर 2026 को 10:00 am बजे"),
        ("xx", "UTC", "November 21, 2026 at 04:30"),
        ("ar", "Africa/Cairo", "٢١ نوفمبر ٢٠٢٦ في ٦:٣٠ ص"),
        ("de", "No/Where", "21. November 2026 um 04:30"),
        ("en", "America/Los_Angeles", "November 20, 2026 at 8:30 PM"),
    ])
    func `a moment is written as the language does in the zone`(language: String, zone: String, text: String) {
        let written = DateText.exact(time, language: language, zone: zone)
        // ICU's releases differ in which space stands before AM.
        #expect(written.replacing("\u{202F}", with: " ") == text)
    }

    @Test func `a name too long for a zone gives the machine's form`() {
        let zone = String(repeating: "x", count: 100)
        #expect(DateText.exact(time, language: "en", zone: zone) == "2026-11-21T04:30:00.000Z")
    }

    @Test(arguments: [
        (-90, "en", "1 minute ago"), (-3 * 86_400, "en", "3 days ago"), (2 * 3600, "en", "in 2 hours"),
        (-8 * 86_400, "de", "vor 1 Woche"), (-5 * 3600, "ru", "5 часов назад"), (0, "en", "in 0 seconds"),
        (400 * 86_400, "en", "in 1 year"), (-7200, "ar", "قبل ساعتين"),
    ])
    func `a moment is told from now`(seconds: Int, language: String, text: String) {
        #expect(DateText.relative(time + Int64(seconds) * 1000, to: time, language: language) == text)
    }

    @Test(arguments: [
        ("de", "en", "German"), ("de", "de", "Deutsch"), ("ar", "ar", "العربية"), ("ja", "fr", "japonais"),
        ("zh-Hant", "en", "Traditional Chinese"), ("qxx", "en", "qxx"), ("", "en", ""), ("en us", "en", "en us"),
        ("und", "en", "und"), ("de", "xx", "German"),
        ("pt-br", "en", "Brazilian Portuguese"),
    ])
    func `languages have names`(code: String, language: String, name: String) {
        #expect(LanguageNames.name(of: code, in: language) == name)
        #expect(LanguageNames.name(of: code, in: language) == name)
    }

    @Test func `a list is joined as the language does`() {
        func list(_ items: String, _ language: String) -> String? {
            ICUText.text { cicu_format_list(language, items, Int32(items.utf8.count), $0, $1) }
        }

        #expect(list("a", "en") == "a")
        #expect(list("a\nb\nc", "en") == "a, b, and c")
        #expect(list("ä\nö", "de") == "ä und ö")
        #expect(list("", "en") == "")
        let many = (0..<300).map { "item \($0)" }.joined(separator: "\n")
        #expect(list(many, "en") == nil)
    }

    @Test func `words sort as the language does`() {
        func order(_ left: String, _ right: String, _ language: String) -> Int32 {
            cicu_compare(language, left, Int32(left.utf8.count), right, Int32(right.utf8.count))
        }

        #expect(order("Ähre", "Zaun", "de") == -1)
        #expect(order("Ähre", "Zaun", "sv") == 1)
        #expect(order("a", "a", "en") == 0)
    }

    @Test func `formatters give way and come back`() {
        let zones = (0..<14).map { "Etc/GMT-\($0)" }
        for _ in 0..<3 {
            for language in ["en-GB", "de", "fr", "es", "ru", "pt", "ja", "zh"] {
                for (hour, zone) in zones.enumerated() {
                    let text = DateText.exact(0, language: language, zone: zone)
                    #expect(text.contains("\(hour):00"), "\(language)")
                }
            }
        }
        #expect(cicu_plural_category("ru", 5) == 4)
    }

    @Test(arguments: [("ar", 6, 6), ("ru", 4, 3), ("es", 3, 2), ("ja", 1, 1), ("en", 2, 2), ("xx", 1, 1)])
    func `a language has its plural categories`(language: String, all: Int, whole: Int) {
        let rules = LanguageRules(language)

        #expect(rules.categories == all)
        #expect(rules.integerCategories == whole)
    }
}

struct SizeTextTests {
    @Test(arguments: [
        (999, "en", "999 byte"), (2_430_000, "en", "2.4 MB"), (2_430_000, "de", "2,4 MB"),
        (2_430_000, "fr", "2,4 Mo"), (12_999, "ru", "12 кБ"), (3_100_000_000, "en", "3.1 GB"),
    ])
    func `sizes are written as the language does`(bytes: Int, language: String, text: String) {
        let plain = SizeText.text(bytes, language: language).replacing("\u{a0}", with: " ").replacing(
            "\u{202f}", with: " ")
        #expect(plain == text)
    }
}
