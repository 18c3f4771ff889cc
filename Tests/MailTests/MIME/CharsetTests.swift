import Foundation
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

    /// Bytes in a table, with the label their sender gives them.
    struct Lie: Sendable, CustomStringConvertible {
        let words: String
        let encoding: String.Encoding
        let label: String
        var description: String { "\(label): \(words)" }
    }

    @Test(arguments: [
        Lie(words: "Größe und Maß, schöne Grüße", encoding: .isoLatin1, label: "us-ascii"),
        Lie(words: "Größe und Maß, schöne Grüße", encoding: .isoLatin1, label: "utf-8"),
        Lie(words: "Où est la déclaration ? Merci à tous les élèves.", encoding: .isoLatin1, label: "unknown-8bit"),
        Lie(words: "Здравствуйте, у меня есть вопрос", encoding: .windowsCP1251, label: "iso-8859-1"),
        Lie(words: "Здравствуйте, у меня есть вопрос", encoding: .windowsCP1251, label: "koi8-r"),
        Lie(words: "日本語のテキストです。よろしくお願いします。", encoding: .shiftJIS, label: "iso-8859-1"),
        Lie(words: "日本語", encoding: .shiftJIS, label: "unknown-8bit"),
        Lie(words: "žluťoučký kůň příliš", encoding: .isoLatin2, label: "unknown-8bit"),
    ])
    func `letters decide between tables`(lie: Lie) throws {
        let bytes = [UInt8](try #require(lie.words.data(using: lie.encoding)))
        let header = "From: a@example.org\nContent-Type: text/plain; charset=\(lie.label)\n\n"

        #expect(MessageParser.parse(Array(header.utf8) + bytes).text == lie.words)
    }

    @Test(arguments: ["Здравствуйте, у меня вопрос про статью", "ЗДРАВСТВУЙТЕ, У МЕНЯ ВОПРОС ПРО СТАТЬЮ"])
    func `KOI8 that calls itself windows-1251 is read, and what is right stays`(words: String) throws {
        let koi8: [UInt8] = words.unicodeScalars.map(Self.koi8Byte)
        let header = { (label: String) in "From: a@example.org\nContent-Type: text/plain; charset=\(label)\n\n" }

        #expect(MessageParser.parse(Array(header("windows-1251").utf8) + koi8).text == words)
        #expect(MessageParser.parse(Array(header("koi8-r").utf8) + koi8).text == words)
    }

    private static func koi8Byte(_ scalar: Unicode.Scalar) -> UInt8 {
        let order = Array("юабцдефгхийклмнопярстужвьызшэщчъ".unicodeScalars)
        if scalar.value < 0x80 { return UInt8(scalar.value) }
        if let index = order.firstIndex(of: scalar) { return UInt8(0xC0 + index) }
        let small = Unicode.Scalar(scalar.value + 0x20) ?? scalar
        return UInt8(0xE0 + (order.firstIndex(of: small) ?? 0))
    }

    @Test func `ISO-2022-JP holds the characters that names in Japan need`() {
        let text: [UInt8] = [0x1B, 0x24, 0x42, 0x7C, 0x62, 0x36, 0x36, 0x2D, 0x21, 0x1B, 0x28, 0x42]
        let header = "From: a@example.org\nContent-Type: text/plain; charset=iso-2022-jp\n\n"

        #expect(MessageParser.parse(Array(header.utf8) + text).text == "髙橋①")
    }
}
