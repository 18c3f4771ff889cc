import Base
import Testing

@testable import Text

struct SearchQueryTests {
    /// 2026-11-21T04:30:00Z.
    private let now: Milliseconds = 1_795_235_400_000

    private func described(_ text: String) throws -> String { try SearchQuery.parse(text, now: now).describe() }

    private func parsed(_ text: String) throws -> SearchExpression { try SearchQuery.parse(text, now: now).expression }

    private func words(_ terms: String..., isPrefix: Bool = false, field: SearchField? = nil) -> SearchExpression {
        .condition(.terms(terms, isPrefix: isPrefix, field: field))
    }

    @Test func `words are all wanted, folded`() throws {
        #expect(try parsed("  Café\tÉtat ") == .all([words("cafe"), words("etat")]))
        #expect(try parsed("wiki") == words("wiki"))
        #expect(try parsed("") == .all([]))
    }

    @Test func `a person is named by an id, and what is no id is words`() throws {
        #expect(try parsed("contact:172") == .condition(.contact(172)))
        #expect(try SearchQuery.parse("-contact:172 (contact:9 OR ab)", now: now).expression.contacts == [172, 9])
        #expect(try described("contact:172 -contact:9") == "contact:172 -contact:9")
        #expect(try parsed("contact:karl") == words("contact", "karl"))
    }

    @Test func `OR binds tighter than standing next to each other`() throws {
        #expect(try parsed("ab cd OR ef gh") == .all([words("ab"), .any([words("cd"), words("ef")]), words("gh")]))
        #expect(try parsed("ab OR cd OR ef") == .any([words("ab"), words("cd"), words("ef")]))
        #expect(try parsed("ab or cd") == .all([words("ab"), words("or"), words("cd")]))
        #expect(try parsed("(ab cd) OR ef") == .any([.all([words("ab"), words("cd")]), words("ef")]))
    }

    @Test func `a minus excludes a word, a phrase, a field or a group`() throws {
        #expect(try parsed("ab -cd") == .all([words("ab"), .not(words("cd"))]))
        #expect(try parsed("-\"ab cd\"") == .not(words("ab", "cd")))
        #expect(try parsed("-queue:Help") == .not(.condition(.queue("Help"))))
        #expect(try parsed("-(ab OR cd)") == .not(.any([words("ab"), words("cd")])))
        #expect(try parsed("-(ab -cd)") == .not(.all([words("ab"), .not(words("cd"))])))
        #expect(try parsed("ab - cd") == .all([words("ab"), words("cd")]))
        #expect(try parsed("--ab") == words("ab"))
    }

    @Test(arguments: [
        ("\"ab cd\"", "\"ab cd\""), ("state-of-the-art", "\"state of the art\""),
        ("anna.berg@example.org", "\"anna berg example org\""), ("https://example.org/a", "\"https example org a\""),
        ("foo:bar", "\"foo bar\""), ("foo:\"bar baz\"", "foo \"bar baz\""), ("has:feathers", "\"has feathers\""),
        ("“ab cd”", "\"ab cd\""), ("«ab cd»", "\"ab cd\""), ("l’eau", "\"l eau\""),
        ("東京都", "\"東京 京都\""), ("「東京都」", "\"東京 京都\""), ("编辑战", "\"编辑 辑战\""),
    ])
    func `several terms of one word are a phrase`(text: String, expected: String) throws {
        #expect(try described(text) == expected)
    }

    @Test(arguments: [
        ("wiki*", "wiki*"), ("anna.be*", "\"anna be\"*"), ("\"anna be\"*", "\"anna be\"*"),
        ("subject:wiki*", "subject:wiki*"),
        ("a", "a*"), ("\"a\"", "\"a\""), ("a b", "\"a\" \"b\""), ("水", "水*"), ("水 火", "水* 火*"), ("\"水\"", "水*"),
        ("iphone手", "\"iphone 手\"*"), ("ख", "ख*"), ("я", "я*"), ("م", "م*"), ("-x", "-x*"), ("from:李", "from:李*"),
    ])
    func `a star and a single character ask for beginnings`(text: String, expected: String) throws {
        #expect(try described(text) == expected)
    }

    @Test func `fields take words, quoted values and any case`() throws {
        #expect(try parsed("QUEUE:\"Reader help\"") == .condition(.queue("Reader help")))
        #expect(try parsed("queue:\"the \"\"old\"\" one\"") == .condition(.queue("the \"old\" one")))
        #expect(try parsed("State:OPEN") == .condition(.state("open")))
        #expect(try parsed("owner:Me owner:none") == .all([.condition(.owner("me")), .condition(.owner("none"))]))
        #expect(try parsed("owner:Away") == .condition(.isOwnerAway(now)))
        #expect(try parsed("owner:\"Anna Berg\"") == .condition(.owner("Anna Berg")))
        #expect(
            try parsed("tag:urgent language:AR") == .all([.condition(.tag("urgent")), .condition(.language("ar"))]))
        #expect(try parsed("has:attachment Is:Unread") == .all([.condition(.hasAttachment), .condition(.isUnread)]))
        #expect(try parsed("from:anna@example.org") == words("anna", "example", "org", field: .from))
        #expect(try parsed("to:\"Anna Berg\"") == words("anna", "berg", field: .to))
        #expect(try parsed("subject:Café") == words("cafe", field: .subject))
        #expect(try parsed("queue： \u{200F}tag：ヘルプ") == .condition(.tag("ヘルプ")))
    }

    @Test func `a valid number of a ticket finds the ticket`() throws {
        let number = TicketNumber.make(day: 20_778, counter: 12)
        let ticket = SearchExpression.condition(.ticketNumber(number))
        #expect(try parsed("#" + number) == ticket)
        #expect(try parsed(number) == ticket)
        #expect(try parsed("-#" + number) == .not(ticket))
        #expect(try parsed("\"\(number)\"") == words(number))
        #expect(try parsed("#42") == words("42"))
        #expect(try parsed(String(number.dropLast()) + (number.hasSuffix("0") ? "1" : "0")) != ticket)
    }

    @Test func `digits of other scripts are digits`() throws {
        let arabic = "٢٠٢٦"
        #expect(try parsed("after:" + arabic) == (try parsed("after:2026")))
    }

    @Test(arguments: [
        ("()", ""), ("(", ""), (")", ""), ("OR", ""), ("OR ab", "ab"), ("ab OR", "ab"), ("ab OR OR cd", "ab OR cd"),
        ("(ab", "ab"), ("ab)", "ab"), ("((ab) cd", "ab cd"), ("\"ab cd", "\"ab cd\""), ("\"", ""),
        ("ab \"\" cd", "ab cd"),
        ("ab OR () cd", "ab cd"), ("... ab 😀", "ab"), ("queue:", ""), ("queue:\"\" ab", "ab"), ("subject:!!", ""),
        ("-", ""),
        ("-()", ""), ("*", ""), ("#", ""), (":", ""), ("ab OR ... OR cd", "ab OR cd"), ("צה\"ל", "\"צה ל\""),
        ("-OR", "-or"),
        ("queue:\"ab", "queue:ab"), ("（ab OR cd） －ef", "(ab OR cd) -ef"),
    ])
    func `what is left open or empty does no harm`(text: String, expected: String) throws {
        #expect(try described(text) == expected)
    }

    @Test func `a state that is none is refused with its name`() throws {
        #expect { try SearchQuery.parse("state:opne", now: now) } throws: { error in
            let failure = error as? Failure
            return failure?.messageKey == "search-state-invalid" && failure?.arguments == ["opne"]
                && failure?.code == .invalid
        }
        for state in ["new", "open", "waiting", "answered", "closed", "junk"] {
            #expect(try parsed("state:" + state) == .condition(.state(state)))
        }
    }

    @Test func `sixty-four conditions and two thousand characters are the most`() throws {
        let most = Array(repeating: "ab", count: 64).joined(separator: " ")
        #expect(throws: Never.self) { try parsed(most) }
        #expect(throws: Never.self) { try parsed(String(repeating: "é", count: 2000)) }
        #expect(throws: Never.self) { try parsed(String(repeating: "字", count: 2000)) }
        for text in [most + " ab", String(repeating: "a", count: 2001), String(repeating: "字", count: 2001)] {
            #expect { try SearchQuery.parse(text, now: now) } throws: {
                ($0 as? Failure)?.messageKey == "search-too-long"
            }
        }
    }

    @Test func `two thousand parentheses do not exhaust the stack`() throws {
        #expect(try parsed(String(repeating: "(", count: 1998) + "ab") == words("ab"))
        #expect(try parsed(String(repeating: "-(", count: 999) + "ab") == .not(words("ab")))
    }

    @Test(arguments: [
        ("en", "Deleted article OR \"speedy deletion\" -spam", "(deleted article) OR"),
        ("de", "Straße Löschung", "strasse"),
        ("fr", "supprimé l’œuvre", "supprime"), ("es", "¿borró mañana?", "borro manana"), ("pt", "edição", "edicao"),
        ("ru", "Ещё правка", "еще правка"), ("ar", "العَرَبِيَّةُ", "العربيه"), ("hi", "हिन्दी में", "हिन्दी में"),
        ("ja", "編集 ガイド", "編集"), ("zh", "删除 页面", "删除 页面"),
    ])
    func `every language of the desk can be asked in`(language: String, text: String, expected: String) throws {
        let query = try SearchQuery.parse(text, now: now)
        let terms = query.expression.wanted.flatMap(\.terms)
        let first = try #require(SearchTerms.terms(of: expected).first)
        #expect(terms.contains(first))
        #expect(try SearchQuery.parse(query.describe(), now: 0) == query)
    }
}
