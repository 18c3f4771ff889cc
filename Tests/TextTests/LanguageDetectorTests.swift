import Testing

@testable import Text

@Suite struct LanguageDetectorTests {
    static let letters: [(String, String)] = [
        ("en", "I would like to know how I can correct the article about our village school, thank you."),
        ("ar", "أود أن أعرف كيف يمكنني تصحيح المقال عن مدرسة قريتنا، وشكرا جزيلا لكم."),
        ("de", "Ich möchte wissen, wie ich den Artikel über unsere Dorfschule berichtigen kann, vielen Dank."),
        ("es", "Quisiera saber cómo puedo corregir el artículo sobre la escuela de nuestro pueblo, muchas gracias."),
        ("fr", "Je voudrais savoir comment corriger l'article sur l'école de notre village, merci beaucoup."),
        ("hi", "मैं जानना चाहता हूँ कि मैं हमारे गाँव के विद्यालय के लेख को कैसे सुधार सकता हूँ, धन्यवाद।"),
        ("ja", "私たちの村の学校についての記事をどのように訂正できるか知りたいです。よろしくお願いします。"),
        ("pt", "Gostaria de saber como posso corrigir o artigo sobre a escola da nossa aldeia, muito obrigado."),
        ("ru", "Я хотел бы узнать, как исправить статью о школе нашей деревни, большое спасибо."),
        ("zh", "我想知道如何更正关于我们村学校的文章，非常感谢你们的帮助。"), ("zh", "我想知道如何更正關於我們村學校的文章，非常感謝你們的幫助。"),
        ("he", "אני רוצה לדעת איך אפשר לתקן את המאמר על בית הספר של הכפר שלנו, תודה רבה."),
        ("id", "Saya ingin tahu bagaimana cara memperbaiki artikel tentang sekolah desa kami, terima kasih banyak."),
    ]

    @Test(arguments: letters) func `a letter shows its language`(code: String, text: String) {
        #expect(LanguageDetector.detect(text) == code)
        #expect(LanguageDetector.detect(text, prior: code == "en" ? "de" : "en") == code)
    }

    @Test(arguments: ["", "OK", "+1", "12:30", "Hi", "https://example.org/eine/ganz/lange/adresse", "a@example.org"])
    func `too little text says nothing but what the sender usually writes`(text: String) {
        #expect(LanguageDetector.detect(text) == nil)
        #expect(LanguageDetector.detect(text, prior: "pt") == "pt")
    }

    @Test(arguments: [
        ("de", "Guten Tag, danke!"), ("es", "Hola, muchas gracias."), ("fr", "Bonjour, merci."),
        ("pt", "Olá, obrigado."),
        ("en", "Hello, thanks!"),
    ]) func `a greeting is read with the sender's habit`(code: String, text: String) {
        #expect(LanguageDetector.detect(text, prior: code) == code)
    }

    @Test func `addresses and code do not count`() {
        let code = (0..<30).map { "if (value_\($0) == null) { return https://example.org/the/way/of/the/world; }" }
        let text =
            "Leider zeigt mir die Seite seit gestern nur noch diese Fehlermeldung an.\n```\n"
            + code.joined(separator: "\n") + "\n```\nKönnen Sie mir bitte helfen?"

        #expect(LanguageDetector.detect(text) == "de")
    }

    @Test func `two languages in equal parts are left to the habit`() {
        let text = Self.letters.filter { ["de", "pt"].contains($0.0) }.map(\.1).joined(separator: "\n")

        #expect(LanguageDetector.detect(text) == nil)
        #expect(LanguageDetector.detect(text, prior: "pt") == "pt")
    }
}
