import Mail
import Testing

struct CharsetTests {
    @Test(arguments: [
        ("latin1-lie", "„Grüße“ – 5 €"), ("gb2312-lie", "镕字不在旧表里"), ("ksc-lie", "똠방각하 안녕하세요"),
        ("sjis-lie", "①番目の髙橋さん"), ("utf8-called-latin1", "Schöne Grüße"), ("iso-2022-jp", "記事について"),
        ("iso-2022-jp-nec", "①番目"),
        ("unlabelled-koi8", "Здравствуйте, пишу вам о статье про наш город"),
        ("unlabelled-1251", "Здравствуйте, пишу вам о статье про наш город"),
        ("unlabelled-sjis", "こんにちは、記事について質問があります"),
        ("unlabelled-eucjp", "こんにちは、記事について質問があります"), ("unknown-charset", "Čeština"),
    ])
    func `the content decides when the charset lies`(sample: String, text: String) throws {
        #expect(try MailSample.parse("multilingual/\(sample)").text == text)
    }

    @Test(arguments: [
        ("gb2312-lie", "朱镕基的镕"), ("ksc-lie", "똠방각하"), ("sjis-lie", "①番目の髙橋"), ("iso-2022-jp", "質問です"),
        ("utf8-called-latin1", "Größe"), ("unlabelled-koi8", "Привет друзья"),
    ])
    func `subjects follow the same rule`(sample: String, subject: String) throws {
        #expect(try MailSample.parse("multilingual/\(sample)").subject == subject)
    }

    @Test(arguments: [
        ("utf8-called-latin1", "charset-wrong"), ("unlabelled-koi8", "charset-guessed"),
        ("unknown-charset", "charset-unknown"),
    ])
    func `a guess is named`(sample: String, problem: String) throws {
        #expect(try MailSample.parse("multilingual/\(sample)").problems == [problem])
    }

    @Test func `sound samples have no problems`() throws {
        for name in ["latin1-lie", "gb2312-lie", "ksc-lie", "sjis-lie", "iso-2022-jp", "words"] {
            #expect(try MailSample.parse("multilingual/\(name)").problems == [], "\(name)")
        }
    }
}
