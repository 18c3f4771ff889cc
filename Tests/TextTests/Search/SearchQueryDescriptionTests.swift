import Base
import Testing

@testable import Text

struct SearchQueryDescriptionTests {
    private static let samples = [
        "Hello world re-opened anna.berg@example.org", "Straße Ärger größte", "l’œuvre supprimée", "mañana ¿qué?",
        "edição não", "Ещё одна правка йод", "العَرَبِيَّةُ مسؤول عن المكتبة", "हिन्दी में लिखना क्ष", "東京都の天気 ガイド 水",
        "编辑战 删除页面 水", "กินข้าวแล้ว", "안녕하세요 위키", "iphone手机 a b 2026112110000015",
    ]
    private static let values = [
        "Reader help", "help", "Anna \"Anni\" Berg", "問い合わせ", "قائمة الانتظار", "मदद केंद्र", "очередь", "a(b)c", "x:y",
        "*", "-", "e\u{301}\"\u{301}",
        "info@example.org", "\"", "OR",
    ]

    @Test func `parsing a description gives the query back`() throws {
        var random = Seeded(state: 11)
        for _ in 0..<4000 {
            let query = SearchQuery(expression: Self.expression(depth: 3, &random).canonical)
            let text = query.describe()
            guard text.unicodeScalars.count <= SearchQuery.longest else { continue }
            let again = try SearchQuery.parse(text, now: Milliseconds.random(in: 0...1_000_000_000_000, using: &random))
            #expect(again == query, "\(text)")
            #expect(again.describe() == text)
        }
    }

    @Test func `what people write and its description ask the same`() throws {
        var random = Seeded(state: 5)
        let pieces = [
            "(", ")", "\"", "-", " ", "OR", " OR ", "*", "#", "queue:", "from:", " state:open ", "has:attachment",
            "foo:", "“", "「", ":", "水",
        ]
        for _ in 0..<4000 {
            var text = ""
            for _ in 0..<Int.random(in: 0..<14, using: &random) {
                text +=
                    Bool.random(using: &random) ? pick(pieces, &random) : pick(Self.samples, &random).prefix(9) + " "
            }
            let query = try SearchQuery.parse(text, now: 0)
            #expect(try SearchQuery.parse(query.describe(), now: 7) == query, "\(text)")
        }
    }

    @Test func `groups that ask nothing or hold one thing disappear`() {
        let word = SearchExpression.condition(.terms(["ab"], isPrefix: false, field: nil))
        let query = SearchQuery(expression: .all([.any([.all([word])]), .not(.all([])), .not(.not(word)), .any([])]))
        #expect(query.describe() == "ab ab")
    }

    private static func expression(depth: Int, _ random: inout Seeded) -> SearchExpression {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 3), using: &random) {
        case 3: .all((0..<Int.random(in: 0..<4, using: &random)).map { _ in expression(depth: depth - 1, &random) })
        case 4: .any((0..<Int.random(in: 1..<4, using: &random)).map { _ in expression(depth: depth - 1, &random) })
        case 5: .not(expression(depth: depth - 1, &random))
        default: .condition(condition(&random))
        }
    }

    private static func condition(_ random: inout Seeded) -> SearchCondition {
        let value = pick(values, &random)
        let time = Milliseconds.random(in: -60_000_000_000_000...250_000_000_000_000, using: &random)
        switch Int.random(in: 0..<16, using: &random) {
        case 0: return .queue(value)
        case 1: return .tag(value)
        case 2: return .owner(Bool.random(using: &random) ? value : "none")
        case 3: return .state(pick(SearchCondition.states, &random))
        case 4: return .language(pick(["en", "ar", "zh-hant", "pt-br"], &random))
        case 5: return .before(time)
        case 6: return .after(time / 86_400_000 * 86_400_000)
        case 7: return .hasAttachment
        case 8: return .isUnread
        case 9: return .ticketNumber(TicketNumber.make(day: Int64.random(in: 0..<40_000, using: &random), counter: 7))
        default: return terms(&random)
        }
    }

    private static func terms(_ random: inout Seeded) -> SearchCondition {
        let all = SearchTerms.terms(of: pick(samples, &random))
        let start = Int.random(in: 0..<all.count, using: &random)
        let terms = Array(all[start..<min(all.count, start + Int.random(in: 1..<4, using: &random))])
        let isPrefix = Bool.random(using: &random) || SearchWords.isOnePairCharacter(terms[terms.count - 1])
        return .terms(terms, isPrefix: isPrefix, field: pick([nil, nil, .subject, .from, .to], &random))
    }
}

private func pick<Value>(_ values: [Value], _ random: inout Seeded) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
}
