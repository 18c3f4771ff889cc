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

    @Test func `regions are told by words the other writes otherwise, never by one alone`() {
        let samples: [(String, String, String?)] = [
            ("pt", "Olá, você pode corrigir o registro? O usuário já fez contato com a equipe.", "pt-br"),
            ("pt", "Bom dia, podem corrigir o registo? O utilizador já entrou em contacto com a equipa.", "pt-pt"),
            ("pt", "Bom dia, a data está errada.", nil), ("pt", "O registro está errado.", nil),
            ("en", "I apologise: the colour of the map in the programme is wrong.", "en-gb"),
            ("en", "I apologize: the color of the map and my neighbor's name are wrong.", "en-us"),
            ("en", "The organism is realistic, says the analysis of the laboratory.", nil),
            ("en", "The colour and the color differ, and my neighbor favours both.", nil),
        ]
        for (language, text, variant) in samples {
            #expect(WrittenVariant.of(text, language: language) == variant, "\(text)")
        }
    }

    @Test func `a code means a script, named or not`() {
        let scripts = ["zh", "zh-tw", "zh-hant-hk", "sr", "sr-el", "sr-latn-rs", "de", "zh-hans", "yue"]
        #expect(
            scripts.map { LanguageScripts.script(ofCode: $0) } == [
                "hans", "hant", "hant", "cyrl", "latn", "latn", "", "hans", "hant",
            ])
    }
}
