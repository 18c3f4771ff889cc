import Foundation
import Testing

@testable import Text

/// Row 41 of the table of desks: the variant of a language is known by the writer's own words.
struct WrittenVariantTests {
    @Test func `simplified and traditional Chinese are told by characters that only one has`() {
        let samples: [(String, String?)] = [
            ("我想知道如何更正关于我们村学校的文章，非常感谢你们的帮助。", "zh-hans"),
            ("我想知道如何更正關於我們村學校的文章，非常感謝你們的幫助。", "zh-hant"), ("您好，請問一下", "zh-hant"),
            ("请问", "zh-hans"), ("台北在哪里", nil), ("你好", nil), ("", nil),
            // A quoted title of the other side does not turn a letter round.
            ("《臺灣》这篇文章里的图片为什么不见了？请你们帮忙看一下，谢谢。", "zh-hans"),
        ]
        for (text, variant) in samples {
            #expect(WrittenVariant.of(text, language: "zh") == variant, "\(text)")
        }
    }

    @Test func `languages of several scripts are told by their letters`() {
        let samples = [
            ("sr", "Dobar dan, molim vas da ispravite datum u članku o našem selu.", "sr-latn"),
            ("sr", "Добар дан, молим вас да исправите датум у чланку о нашем селу.", "sr-cyrl"),
            ("uz", "Assalomu alaykum, maqoladagi sanani tuzating.", "uz-latn"),
            ("uz", "Ассалому алайкум, мақоладаги санани тузатинг.", "uz-cyrl"),
            ("kk", "Сәлеметсіз бе, мақаладағы күнді түзетіңізші.", "kk-cyrl"),
        ]
        for (language, text, variant) in samples {
            #expect(WrittenVariant.of(text, language: language) == variant, "\(text)")
        }
        #expect(WrittenVariant.of("Ok", language: "sr") == nil)
        #expect(WrittenVariant.of("Добар дан", language: "ru") == nil)
    }

    @Test func `regions are told by words the other does not write, never by a name or by what both write`() {
        let samples: [(String, String, String?)] = [
            ("pt", "Olá, você pode corrigir o registro? O usuário já fez contato com a equipe.", "pt-br"),
            ("pt", "Bom dia, podem corrigir o registo? O utilizador já entrou em contacto com a equipa.", "pt-pt"),
            ("pt", "Bom dia, a data está errada.", nil), ("pt", "Escrevo sobre o Registro Civil e a Câmara.", nil),
            ("pt", "Estou escrevendo sobre a ponte.", "pt-br"), ("pt", "Estou a escrever sobre a ponte.", "pt-pt"),
            ("pt", "A ponte está a par do estômago da fêmea.", nil), ("pt", "O fenómeno é raro.", "pt-pt"),
            ("pt", "O fenômeno é raro.", "pt-br"), ("pt", "O registro e o registo diferem.", nil),
            ("en", "I apologise: the colour of the map in the programme is wrong.", "en-gb"),
            ("en", "I apologize: the color of the map and my neighbor's name are wrong.", "en-us"),
            ("en", "The organism is realistic, says the analysis of the laboratory.", nil),
            ("en", "The Ministry of Defence and the Lincoln Center organized and recognized it.", nil),
            ("en", "The colour and the color differ, and my neighbor favours both.", nil),
        ]
        for (language, text, variant) in samples {
            #expect(WrittenVariant.of(text, language: language) == variant, "\(text)")
        }
    }

    /// Letters held out (`Tests/Fixtures/variants`), each a mail alone. As the lists were first written: 28, 27, 37 and
    /// 22 of 42 told and none wrong; of the short lists before them 0, 1, 1 and 2.
    @Test(arguments: [("pt-br", 27), ("pt-pt", 27), ("en-gb", 36), ("en-us", 22)])
    func `of single letters many are told, and none wrong`(variant: String, least: Int) throws {
        let found = try Self.letters(variant).map { ($0, WrittenVariant.of($0, language: String(variant.prefix(2)))) }
        let told = found.count { $0.1 == variant }
        let wrong = found.filter { $0.1 != nil && $0.1 != variant }
        print("\(variant): \(told) of \(found.count) told")
        #expect(told >= least)
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test(arguments: [("sr-latn", "sr", 32), ("hr", "hr", 37)])
    func `Serbian in Latin letters is told from Croatian`(variant: String, language: String, least: Int) throws {
        let letters = try Self.letters(variant)
        let found = letters.map { LanguageDetector.detect($0) }
        let before = letters.count { LanguageDetector.detectByLetters($0, prior: nil) == language }
        let told = found.count { $0 == language }
        print("\(variant): \(told) of \(letters.count) told, by letters alone \(before)")
        #expect(told >= least)
        #expect(told > before)
        // What is left has no word that only one of them writes.
        #expect(found.count { $0 == (language == "sr" ? "hr" : "sr") } <= 3)
    }

    @Test func `Bosnian is taken for Serbian only where it has no word of its own`() throws {
        let found = try Self.letters("bs").map { LanguageDetector.detect($0) }
        print("bs:", found.map { $0 ?? "-" })
        #expect(found.count { $0 == "sr" } <= 3)
    }

    @Test func `who usually writes one of the three is believed where the words do not tell`() {
        #expect(LanguageDetector.detect("Koristite moju sliku, molim vas da je uklonite.", prior: "sr") == "sr")
        #expect(LanguageDetector.detect("Ne znam tko je uklonio moju sliku, molim vas.", prior: "sr") == "hr")
    }

    private static func letters(_ name: String) throws -> [String] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/variants/\(name).txt")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test func `a code means a script, named or not`() {
        let scripts = ["zh", "zh-tw", "zh-hant-hk", "sr", "sr-el", "sr-latn-rs", "de", "zh-hans", "yue"]
        #expect(
            scripts.map { LanguageScripts.script(ofCode: $0) } == [
                "hans", "hant", "hant", "cyrl", "latn", "latn", "", "hans", "hant",
            ])
    }
}
