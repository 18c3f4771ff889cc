import Base
import Foundation
import Testing

@testable import Text

struct NamedDateTests {
    struct Sentence: Decodable, Sendable, CustomTestStringConvertible {
        var text: String
        /// `2026-11-20 17:00`, with a zone behind it where one is named; empty where nothing may be proposed.
        var date: String
        var testDescription: String { text }
    }

    /// A Wednesday, 11:00 in Berlin.
    private static let sent = ISO8601.startOfDay("2026-11-18").map { $0 + 10 * 3_600_000 } ?? 0
    private static let zone = TimeZone(identifier: "Europe/Berlin") ?? .gmt

    private static func found(_ text: String, _ language: String) -> String {
        NamedDate.find(in: text, language: language, sentAt: sent, zone: zone).map {
            "\($0.day) \($0.time)" + ($0.zone.isEmpty ? "" : " " + $0.zone)
        } ?? ""
    }

    @Test(arguments: [
        ("en", "We need your comment by Friday 5 pm.", "2026-11-20 17:00"),
        ("en", "Could you reply by tomorrow noon EST?", "2026-11-19 12:00 America/New_York"),
        ("en", "We go to print on 2026-12-03 at 18:00 UTC.", "2026-12-03 18:00 UTC"),
        ("en", "Deadline 2026-12-03 12:00 America/New_York", "2026-12-03 12:00 America/New_York"),
        ("en", "by 25/12/2026 please", "2026-12-25 17:00"),
        ("en", "I need an answer within 24 hours.", "2026-11-19 11:00"),
        ("de", "Bitte bis 3.12.2026, 9:30 Uhr", "2026-12-03 09:30"),
        ("de", "Wir bräuchten das bis 17 Uhr MEZ.", "2026-11-18 17:00 Europe/Berlin"),
        ("fr", "Il me faudrait une réponse avant vendredi 17 h.", "2026-11-20 17:00"),
        ("es", "Necesito su respuesta antes del viernes a las 5 de la tarde.", "2026-11-20 17:00"),
        ("pt", "Preciso de resposta até sexta-feira às 17h.", "2026-11-20 17:00"),
        ("ru", "Прошу ответить до пятницы, 17:00 по Москве.", "2026-11-20 17:00 Europe/Moscow"),
        ("ar", "أرجو الرد قبل يوم الجمعة الساعة ٥ مساءً.", "2026-11-20 17:00"),
        ("hi", "कृपया शुक्रवार शाम 5 बजे तक उत्तर दें।", "2026-11-20 17:00"),
        ("ja", "明日中にお返事をいただけますか。", "2026-11-19 17:00"),
        ("ja", "締め切りは 2026/12/03 です", "2026-12-03 17:00"),
        ("zh", "请在周五下午5点之前答复。", "2026-11-20 17:00"),
    ]) func `a deadline is read as people name it`(language: String, text: String, date: String) {
        #expect(Self.found(text, language) == date)
    }

    @Test(arguments: [
        "on 03/12/2026 or so", "in 2020-01-01 it was", "version 1.2.3", "call 0049/30/123456", "2026-02-30", "no date",
        "I wrote to you last Friday.", "The bridge was built in May 1911.", "On Monday I saw your page.",
        "The article has 24 hours of history.", "I read it 3 days ago.", "",
    ]) func `what may be misread, is past or is no deadline is not proposed`(text: String) {
        #expect(Self.found(text, "en") == "")
    }

    @Test func `a day is counted in the zone that is named, over midnight and over the change of the clock`() throws {
        // 23:30 in Berlin is the next day in Tokyo.
        let late = Self.sent + 12 * 3_600_000 + 1_800_000
        let tokyo = NamedDate.find(
            in: "明日18時までにお願いします（日本時間）", language: "ja", sentAt: late, zone: Self.zone)
        #expect(tokyo == NamedDate(day: "2026-11-20", time: "18:00", zone: "Asia/Tokyo"))
        let spring = try #require(ISO8601.startOfDay("2026-03-28")) + 10 * 3_600_000
        let hours = NamedDate.find(
            in: "I need it within 24 hours", language: "en", sentAt: spring, zone: Self.zone)
        #expect(hours == NamedDate(day: "2026-03-29", time: "12:00", zone: ""))
    }

    @Test func `odd and endless texts are read too`() {
        let odd = ["1", ".", "1.", "1.1", "1.1.", "1/1/", "月", "1月", "by", "by 5", ":", "5:", "UTC+", "UTC+9", "2026-"]
        for text in odd + odd.map({ $0 + " " + $0 }) {
            for language in DateWords.languages.keys { _ = Self.found(text, language) }
        }
        _ = Self.found(String(repeating: "by Friday 5 ", count: 50_000), "en")
    }

    /// Written after the words were, and read as they are: how many of each language are found stands in
    /// docs/admin/levels.md.
    @Test(arguments: ["ar", "de", "en", "es", "fr", "hi", "ja", "pt", "ru", "zh"])
    func `held-out sentences are read in ten languages`(language: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "Tests/Fixtures/dates/held-out.json")
        let all = try JSONDecoder().decode([String: [Sentence]].self, from: try Data(contentsOf: file))
        let sentences = try #require(all[language])
        var missed: [String] = []
        for sentence in sentences {
            let found = Self.found(sentence.text, language)
            // Nothing wrong may be proposed; what is not seen is set by hand.
            #expect(found == sentence.date || found.isEmpty, "\(sentence.text): \(found), not \(sentence.date)")
            if found != sentence.date { missed.append("\(sentence.text) -> \(found)") }
        }
        print(
            "dates: \(language) \(sentences.count - missed.count) of \(sentences.count)", missed.joined(separator: "; ")
        )
        #expect(missed.count <= 2)
    }
}
