import Base
import Testing

@testable import Correspondence

@Suite struct PlaceholderTests {
    private func rules(_ text: String) -> [String] {
        PlaceholderCheck.findings(in: CheckedText(text, language: "en")).map {
            $0.isBlocking ? $0.rule : "(\($0.rule))"
        }
    }

    @Test(arguments: [
        ("Dear {{contact.name}},", "braces"), ("Until {{date:2026-12-01}}.", "braces"), ("Dear [name],", "brackets"),
        ("[Ihr Name] schrieb", "brackets"), ("请[姓名]", "brackets"), ("Dear XXXX,", "gap"), ("Dear ____,", "gap"),
        ("Hi %NAME%!", "gap"), ("About {{Infobox}} …", "(wiki)"),
    ])
    func `what was not filled in is found`(text: String, rule: String) {
        #expect(rules(text) == [rule])
    }

    @Test(arguments: [
        "See [the page](https://wiki.example/name).", "As [1] says.", "[[name]]", "`{{contact.name}}` is our code",
        "> Dear [name],", "100 % sure", "The XL size", "MCMXXX",
    ])
    func `what is meant so is left alone`(text: String) {
        #expect(rules(text).isEmpty)
    }
}

@Suite struct PrivateDataTests {
    private func keys(_ text: String) -> [String] {
        PrivateData.items(in: text).map { "\($0.kind.rawValue) \($0.key)" }
    }

    @Test func `addresses, numbers and accounts are the same however they are written`() {
        #expect(keys("Write to <Maria.Muster@people.example>.") == ["mail maria.muster@people.example"])
        #expect(keys("+49 (151) 2345-6789") == ["phone #123456789"])
        #expect(keys("+49 151 23456789") == keys("0151/23456789"))
        #expect(keys("DE89 3704 0044 0532 0130 00") == ["account DE89370400440532013000"])
        #expect(keys("passport C01X00T478") == ["number C01X00T478"])
        #expect(keys("٠١٥١٢٣٤٥٦٧٨٩") == keys("015123456789"))
    }

    @Test(arguments: [
        "on 2026-11-22 at 10:30", "22.11.2026", "in 1998 and 2003", "https://wiki.example/123456789012", "DE12 no",
        "1,000,000 articles", "#2026112100000172 is your ticket",
    ])
    func `days, links and ticket numbers are nobody's`(text: String) {
        #expect(keys(text).isEmpty)
    }
}

@Suite struct SalutationTests {
    private func names(_ text: String, _ language: String) -> String? {
        Salutation.names(in: CheckedText(text, language: language))
    }

    @Test(arguments: [
        ("Dear Mr. Weber,\nthank you", "en", "Weber"), ("Hallo Karl!", "de", "Karl"),
        ("Sehr geehrte Frau Dr. Muster,", "de", "Muster"), ("Bonjour Madame Dupont,", "fr", "Dupont"),
        ("Estimada señora García:", "es", "García"), ("Здравствуйте, Анна", "ru", ""),
        ("Уважаемый Иван Петрович!", "ru", "Иван Петрович"), ("عزيزتي ليلى،", "ar", "ليلى"),
        ("प्रिय सुनीता जी,", "hi", "सुनीता"), ("田中様\nお世話に", "ja", "田中"), ("尊敬的王先生：", "zh", "王"),
        ("Olá Maria,", "pt", "Maria"),
    ])
    func `the greeted name is found in ten languages`(text: String, language: String, name: String) {
        #expect(names(text, language) ?? "" == name)
    }

    @Test(arguments: [
        ("Dear all,", "en"), ("Hello,", "en"), ("Dear Sir or Madam,", "en"), ("Sehr geehrte Damen und Herren,", "de"),
        ("Thank you for writing.", "en"), ("السلام عليكم،", "ar"), ("您好：", "zh"), ("Bonjour à tous,", "fr"),
    ])
    func `a greeting of everybody names nobody`(text: String, language: String) {
        #expect(names(text, language) == nil)
    }

    @Test func `short forms and other scripts are no mistake`() {
        #expect(Salutation.fits("Alex", known: ["Alexander Weber"]))
        #expect(Salutation.fits("Weber", known: ["Karl Weber"]))
        #expect(Salutation.fits("Müller", known: ["muller"]))
        #expect(Salutation.fits("Tanaka", known: ["田中 太郎"]))
        #expect(Salutation.fits("田中", known: ["田中 太郎"]))
        #expect(!Salutation.fits("Anna", known: ["Karl Weber"]))
        #expect(!Salutation.fits("山田", known: ["田中 太郎"]))
    }
}

@Suite struct HintTests {
    @Test func `tone is hinted at once for each reason, with the words`() {
        let checked = CheckedText("You failed to. Obviously. You should have asked!! PLEASE STOP", language: "en")

        let found = Tone.findings(in: checked)

        #expect(Set(found.map(\.rule)) == ["blame", "dismissal", "marks", "shouting"])
        #expect(found.allSatisfy { !$0.isBlocking })
        #expect(Tone.findings(in: CheckedText("Thank you for your patience.", language: "en")).isEmpty)
        #expect(Tone.findings(in: CheckedText("众所周知，这是百科。", language: "zh")).map(\.rule) == ["dismissal"])
    }

    @Test func `every language has words for tone and for greeting`() {
        for language in ["en", "ar", "de", "es", "fr", "hi", "ja", "pt", "ru", "zh"] {
            #expect(ToneWords.all[language]?.count ?? 0 >= 10, "\(language)")
            #expect(SalutationWords.all[language] != nil, "\(language)")
            for hint in ToneWords.all[language] ?? [] {
                let found = Tone.findings(in: CheckedText(hint.words, language: language))
                #expect(found.contains { $0.rule == hint.reason.rawValue }, "\(hint.words)")
            }
        }
    }

    @Test func `long letters and sentences are hinted at`() {
        let sentence = Array(repeating: "word", count: 45).joined(separator: " ") + "."

        #expect(Length.findings(in: CheckedText(sentence, language: "en")).map(\.rule) == ["sentence"])
        #expect(Length.findings(in: CheckedText("Short. And good.", language: "en")).isEmpty)
        let letter = Array(repeating: "Five words are in here.", count: 90).joined(separator: " ")
        #expect(Length.findings(in: CheckedText(letter, language: "en")).map(\.rule) == ["letter"])
    }

    @Test func `links are taken as people write them`() {
        let text = "See https://a.example/x_(y), [this](https://b.example/z) and <http://c.example>."

        #expect(
            LinkAnswers.links(in: text) == ["https://a.example/x_(y)", "https://b.example/z", "http://c.example"])
    }
}
