import Base
import Foundation
import Testing

@testable import Correspondence

/// Conditions of rules, without a database: row 34 of the table of desks (triggers), in ten languages.
@Suite struct RuleWordsTests {
    static func mail(
        subject: String = "", text: String = "", from: String = "karl@people.example", name: String = "Karl",
        tags: [String] = [], language: String? = nil, files: [String] = [], headers: [(String, String)] = [],
        isNew: Bool = true, isKnown: Bool = false, at: Milliseconds = 0
    ) -> RuleMail.Parts {
        RuleMail.Parts(
            message: Message(
                id: 1, ticket: 1, raw: nil, direction: .incoming, kind: "mail", author: nil, fromName: name,
                fromAddress: from, subject: subject, headerID: "", sentAt: at, createdAt: at, language: language,
                text: text, newText: text, hasHTML: false, problems: [], copies: 1, isNewcomer: false),
            isNew: isNew, queue: 1, tags: tags, language: language, isKnownSender: isKnown,
            recipients: [MessageAddress(role: .to, name: "Info", address: "info@desk.example")], files: files,
            headers: headers.map { (name: $0.0, value: $0.1) })
    }

    static func fits(
        _ body: RuleBody, _ parts: RuleMail.Parts, hours: BusinessHours? = nil, zone: TimeZone = .gmt
    ) -> Bool {
        let rule = Rule(
            id: 1, queue: nil, place: 1, name: "r", body: body, isOn: true, version: 1, changedAt: 0)
        let compiled = CompiledRules([rule])
        guard let entry = compiled.entries.first else { return false }
        return compiled.matches(
            entry, RuleMail(parts, vocabulary: compiled.vocabulary), hours: hours, zone: zone)
    }

    private static func fits(_ words: String, _ text: String, in place: RuleCondition.Place = .words) -> Bool {
        fits(RuleBody(conditions: [RuleCondition(.all, place, words)]), mail(text: text))
    }

    @Test(arguments: [
        ("spende", "Ich möchte eine SPENDE überweisen."), ("großvater", "Mein GROSSVATER"),
        ("résumé", "un resume"), ("donat*", "about my donation"), ("\"united nations\"", "the United  Nations say"),
        ("الصوره", "هذه الصُّورة قديمة"), ("दान*", "मैं दान देना चाहता हूँ"), ("写真", "祖父の写真です"),
        ("写", "写真です"), ("寄付金", "寄付金について"), ("捐款", "我想捐款给你们"), ("пожертв*", "о Пожертвовании"),
        ("доброта ёлка", "елка и доброта"), ("señor", "SENOR"), ("coração", "meu coracao"),
        ("refund, \"money back\"", "I want my money back"), ("re*nd", "a refund please"),
    ]) func `words are found in all scripts, whatever case and marks`(words: String, text: String) {
        #expect(Self.fits(words, text))
        #expect(!Self.fits(words, "Something else entirely 別の 其他 другое آخر"))
    }

    @Test(arguments: [
        ("spende geld", "Eine Spende"), ("\"money back\"", "back to the money"), ("donat*", "I would do"),
        ("re*nd", "a refunding"), ("nations", "nation"),
    ]) func `words that are not all there do not fit`(words: String, text: String) {
        #expect(!Self.fits(words, text))
    }

    @Test func `groups: all must hold, one of any, none of none`() {
        let body = RuleBody(conditions: [
            RuleCondition(.all, .subject, "photo"), RuleCondition(.any, .text, "delete"),
            RuleCondition(.any, .text, "remove"), RuleCondition(.none, .text, "joke"),
        ])

        #expect(Self.fits(body, Self.mail(subject: "A photo", text: "please remove it")))
        #expect(!Self.fits(body, Self.mail(subject: "A photo", text: "please keep it")))
        #expect(!Self.fits(body, Self.mail(subject: "A photo", text: "remove it, a joke")))
        #expect(!Self.fits(body, Self.mail(subject: "A page", text: "remove it")))
    }

    @Test func `each place is looked at by itself`() {
        func fits(_ place: RuleCondition.Place, _ words: String, _ mail: RuleMail.Parts) -> Bool {
            Self.fits(RuleBody(conditions: [RuleCondition(.all, place, words)]), mail)
        }
        let mail = Self.mail(
            subject: "Permission", text: "See the file", from: "Jo@Press.Example", name: "Jo Doe",
            tags: ["press", "vip"],
            language: "pt-br", files: ["Contract.PDF"], headers: [("list-id", "<news.example.org>"), ("x-spam", "yes")])

        #expect(
            fits(.sender, "*@press.example", mail) && fits(.sender, "doe", mail)
                && fits(.sender, "jo@press.example", mail))
        #expect(!fits(.sender, "*@example", mail))
        #expect(fits(.recipient, "info@desk.example", mail) && !fits(.recipient, "help@desk.example", mail))
        #expect(fits(.header, "List-Id: *example.org*", mail) && fits(.header, "X-Spam: yes", mail))
        #expect(fits(.header, "X-Spam:", mail) && !fits(.header, "X-Ham:", mail))
        #expect(fits(.tag, "vip", mail) && fits(.tag, "pre*", mail) && !fits(.tag, "vi", mail))
        #expect(fits(.language, "pt", mail) && fits(.language, "de, pt-br", mail) && !fits(.language, "de", mail))
        #expect(fits(.file, "*.pdf", mail) && fits(.file, "contract", mail) && !fits(.file, "*.doc", mail))
        #expect(fits(.subject, "permission", mail) && !fits(.text, "permission", mail))
    }

    @Test func `contact, attachments and occasion`() {
        let first = Self.mail(subject: "x")
        let later = Self.mail(subject: "x", files: ["a.png"], isNew: false, isKnown: true)
        let word = [RuleCondition(.all, .subject, "x")]

        #expect(Self.fits(RuleBody(conditions: word, sender: .new), first))
        #expect(!Self.fits(RuleBody(occasion: .every, conditions: word, sender: .new), later))
        #expect(Self.fits(RuleBody(occasion: .every, conditions: word, sender: .known, files: .with), later))
        #expect(!Self.fits(RuleBody(conditions: word, files: .with), first))
        #expect(Self.fits(RuleBody(conditions: word, files: .without), first))
        #expect(!Self.fits(RuleBody(conditions: word), later), "the first message only")
    }

    @Test func `time: hours of the queue, weekdays, over midnight, in the queue's zone`() throws {
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        let hours = BusinessHours(zone: berlin, week: [1: [BusinessHours.Span(from: 540, to: 1020)]], holidays: [])
        // 2026-11-16 was a Monday; 08:30 UTC is 09:30 in Berlin.
        let monday = try #require(ISO8601.startOfDay("2026-11-16")) + 8 * 3_600_000 + 1_800_000

        #expect(Self.fits(RuleBody(hours: .open), Self.mail(at: monday), hours: hours))
        #expect(!Self.fits(RuleBody(hours: .closed), Self.mail(at: monday), hours: hours))
        #expect(Self.fits(RuleBody(weekdays: [1]), Self.mail(at: monday), hours: hours))
        #expect(!Self.fits(RuleBody(weekdays: [6, 7]), Self.mail(at: monday), hours: hours))
        #expect(Self.fits(RuleBody(from: 9 * 60, to: 10 * 60), Self.mail(at: monday), hours: hours))
        #expect(!Self.fits(RuleBody(from: 9 * 60, to: 10 * 60), Self.mail(at: monday)), "UTC without hours")
        #expect(Self.fits(RuleBody(from: 22 * 60, to: 9 * 60), Self.mail(at: monday)), "over midnight")
    }

    @Test(arguments: [
        (RuleCondition(.all, .text, "…"), "rule-words-missing"),
        (RuleCondition(.all, .header, "news"), "rule-header-invalid"),
        (RuleCondition(.all, .text, "a-b*c"), "rule-glob-invalid"),
        (RuleCondition(.all, .text, "*"), "rule-words-missing"),
    ]) func `what cannot be looked for is refused with the reason`(condition: RuleCondition, key: String) {
        var body = RuleBody(conditions: [condition], change: .make { $0.priority = 3 })
        body.stops = true
        let failure = #expect(throws: Failure.self) { try body.validate() }
        #expect(failure?.messageKey == key)
    }

    @Test func `a rule must ask for something and do something`() {
        #expect(throws: Failure.self) { try RuleBody(change: .make { $0.priority = 3 }).validate() }
        #expect(throws: Failure.self) { try RuleBody(sender: .new).validate() }
        #expect(throws: Failure.self) { try RuleBody(from: 1, change: .make { $0.priority = 3 }).validate() }
    }

    /// No text makes a pattern slow: many stars over a long word of one letter, as backtracking fears it.
    @Test func `a pattern of many stars over a long text ends`() throws {
        let glob = try Glob(folding: String(repeating: "a*", count: 200) + "b")
        #expect(!glob.matches(String(repeating: "a", count: 100_000)))
        #expect(glob.matches(String(repeating: "a", count: 1000) + "b"))
    }
}
