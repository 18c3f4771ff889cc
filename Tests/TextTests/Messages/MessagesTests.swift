import Base
import Foundation
import Testing

@testable import Text

struct MessagesTests {
    private let folder: I18nFolder
    private let messages: Messages

    init() throws {
        folder = try I18nFolder([
            "desk/en.json": [
                "plain": "Save", "count": "$1 {{PLURAL:$1|ticket|tickets}}",
                "none": "{{PLURAL:$1|0=Nothing|12=A dozen|One thing|$1 things}}",
                "gender": "$1 changed {{GENDER:$2|his|her|their}} name", "two": "{{GENDER:$1|he|she}}",
                "nested": "{{PLURAL:$1|{{GENDER:$2|He|She|They}} alone|$1 and $2}}!", "open": "a {{PLURAL:$1|b",
                "odd": "{{SITENAME}} costs 5 $ or $1", "swapped": "$2, $1, $3",
            ],
            "desk/ar.json": ["count": "{{PLURAL:$1|zero|one|two|few|many|other}}"],
            "web/de.json": ["number": "$1"],
            "desk/ru.json": ["count": "{{PLURAL:$1|тикет|тикета|тикетов|тикета}}"],
            "desk/ja.json": ["count": "$1 {{PLURAL:$1|件}}"],
            "web/hi.json": ["number": "$1"],
            "desk/fr.json": ["plain": "Dire : « $1 » ?"],
            "desk/pt.json": ["plain": "Salvar"],
            "desk/pt-br.json": ["count": "$1 {{PLURAL:$1|tíquete|tíquetes}}"],
            "desk/zh.json": ["plain": "保存"],
            "web/en.json": ["number": "$1"],
            "web/ar.json": ["number": "$1"],
        ])
        messages = try Messages(directory: folder.url)
    }

    @Test func `words of the other direction move nothing in a sentence`() {
        func text(_ language: String, _ word: String) -> String {
            messages.text("number", language, with: [.isolated(word)])
        }
        #expect(text("ar", "karl@people.example") == "\u{2068}karl@people.example\u{2069}")
        #expect(text("ar", "+49 30 12") == "\u{2068}+49 30 12\u{2069}")
        #expect(text("ar", "كارل") == "كارل" && text("de", "Karl") == "Karl")
        #expect(text("de", "كارل") == "\u{2068}كارل\u{2069}")
        #expect(messages.text("count", "ar", with: [.isolated("2")]) == "two", "what chooses a form is the plain word")
        #expect(messages.text("number", "ar", ["Karl"]) == "Karl", "mails stay as they are")
    }

    @Test func `no French line ends before its signs`() {
        #expect(messages.text("plain", "fr-ca", ["Oui !"]) == "Dire\u{A0}: «\u{A0}Oui !\u{A0}»\u{A0}?")
    }

    @Test(arguments: [
        ("0", "zero"), ("1", "one"), ("2", "two"), ("3", "few"), ("10", "few"), ("11", "many"), ("99", "many"),
        ("100", "other"), ("101", "other"), ("103", "few"), ("1000", "other"), ("1011", "many"), ("1.5", "other"),
        ("word", "other"),
    ])
    func `Arabic has six forms`(number: String, form: String) {
        #expect(messages.text("count", "ar", with: [.amount(number)]) == form)
    }

    @Test(arguments: [
        ("1", "тикет"), ("2", "тикета"), ("5", "тикетов"), ("11", "тикетов"), ("21", "тикет"), ("222", "тикета"),
        ("1000000", "тикетов"), ("1.5", "тикета"),
    ])
    func `Russian chooses by the last digits`(number: String, form: String) {
        #expect(messages.text("count", "ru", with: [.amount(number)]) == form)
    }

    @Test(arguments: ["0", "1", "7"]) func `Japanese has one form`(number: String) {
        #expect(messages.text("count", "ja", with: [.amount(number)]) == "\(number) 件")
    }

    @Test(arguments: [("0", "0 tickets"), ("1", "1 ticket"), ("2", "2 tickets"), ("1234", "1,234 tickets")])
    func `English has two forms`(number: String, text: String) {
        #expect(messages.text("count", "en", with: [.amount(number)]) == text)
    }

    @Test(arguments: [("0", "Nothing"), ("1", "One thing"), ("12", "A dozen"), ("3", "3 things")])
    func `a form for an exact number goes first`(number: String, text: String) {
        #expect(messages.text("none", "en", with: [.amount(number)]) == text)
    }

    @Test(arguments: [("male", "his"), ("m", "his"), ("female", "her"), ("f", "her"), ("", "their"), ("x", "their")])
    func `gender chooses a form`(gender: String, form: String) {
        #expect(messages.text("gender", "en", ["Ada", gender]) == "Ada changed \(form) name")
    }

    @Test func `without a third form the first is for everybody else`() {
        #expect(messages.text("two", "en", ["unknown"]) == "he")
        #expect(messages.text("two", "en", ["female"]) == "she")
    }

    @Test func `choices may be nested`() {
        #expect(messages.text("nested", "en", ["1", "female"]) == "She alone!")
        #expect(messages.text("nested", "en", ["4", "Ada"]) == "4 and Ada!")
    }

    @Test(arguments: [
        ("pt-br", "plain", "Salvar"), ("pt-BR", "plain", "Salvar"), ("pt", "count", "2 tickets"),
        ("pt-br", "count", "2 tíquetes"), ("zh-hant", "plain", "保存"), ("zh-Hant-TW", "count", "2 tickets"),
        ("xx", "plain", "Save"), ("", "plain", "Save"), ("ru", "plain", "Save"),
    ])
    func `a message falls back to the next language that has it`(language: String, key: String, text: String) {
        #expect(messages.text(key, language, ["2"]) == text)
    }

    @Test func `an unknown key is shown as one`() {
        #expect(messages.text("no-such", "de", []) == "⧼no-such⧽")
    }

    @Test func `arguments are never parsed`() {
        #expect(messages.text("swapped", "en", ["$2", "{{PLURAL:1|a|b}}"]) == "{{PLURAL:1|a|b}}, $2, $3")
    }

    @Test func `broken braces are shown as they stand`() {
        #expect(messages.text("open", "en", ["1"]) == "a {{PLURAL:1|b")
        #expect(messages.text("odd", "en", ["6"]) == "{{SITENAME}} costs 5 $ or 6")
    }

    @Test(arguments: [
        "{{", "{{PLURAL:", "{{PLURAL:$", "{{PLURAL:$1", "{{PLURAL:$1}}", "{{PLURAL:$1|", "{{PLURAL:$1|a}",
        "{{GENDER:$1}}",
        "{{PLURAL:$0|a}}", "}} | {", "$", "$$", "a{{", String(repeating: "{{PLURAL:$1|", count: 5000),
    ])
    func `a cut message stays as it is`(text: String) {
        let shown = MessageTemplate(text).text([], LanguageRules("en"))
        #expect(shown == text)
    }

    @Test(arguments: [
        ("en", "1234567", "1,234,567"), ("de", "1234567", "1.234.567"), ("hi", "1234567", "12,34,567"),
        ("de", "123456789", "123.456.789"), ("de", "1234567890", "1234567890"),
        ("en", "2026112110000015", "2026112110000015"), ("en", "007", "007"), ("en", "-5000", "-5000"),
        ("en", "1234.5", "1234.5"), ("en", "0", "0"), ("en", "", ""), ("ar", "1234", "١٬٢٣٤"), ("ar", "7", "٧"),
    ])
    func `numbers are written as the language does`(language: String, number: String, text: String) {
        #expect(messages.text("number", language, with: [.amount(number)]) == text)
    }

    @Test(arguments: ["2026", "1234567", "7"]) func `digits in words stay as they were written`(words: String) {
        #expect(messages.text("number", "ar", [words]) == words)
    }

    @Test func `a key of two subsystems is refused`() throws {
        let folder = try I18nFolder(["a/en.json": ["save": "Save"], "b/en.json": ["save": "Keep"]])

        #expect(throws: Failure(.configuration, "")) { try Messages(directory: folder.url) }
        #expect(throws: Failure(.configuration, "")) {
            try Messages(directory: folder.url.appendingPathComponent("no-such"))
        }
    }

    @Test func `many tasks may format at once`() async {
        let messages = messages
        let wrong = await withTaskGroup(of: Int.self) { group in
            for task in 0..<16 {
                group.addTask {
                    (0..<500).count { round in
                        let number = String(201 + task * 500 + round)
                        let zone = round.isMultiple(of: 2) ? "Asia/Tokyo" : "Europe/Berlin"
                        let date = DateText.exact(0, language: "en", zone: zone)
                        let hour = round.isMultiple(of: 2) ? "9:00" : "1:00"
                        let plain = messages.text("number", "de", with: [.amount(number)]).filter { $0 != "." }
                        return plain != number || !date.contains(hour)
                            || LanguageNames.name(of: "de", in: "fr") != "allemand"
                    }
                }
            }
            return await group.reduce(0, +)
        }

        #expect(wrong == 0)
    }
}
