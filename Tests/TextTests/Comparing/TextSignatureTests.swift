import Testing

@testable import Text

@Suite struct TextSignatureTests {
    private static let texts = [
        "The photograph of my grandfather on the page about the old harbour is mirrored, please turn it around.",
        "Das Foto meines Großvaters auf der Seite über den alten Hafen ist gespiegelt, bitte drehen Sie es um.",
        "الصورة المنشورة لجدي في صفحة الميناء القديم معكوسة من فضلكم صححوها في أقرب وقت ممكن",
        "古い港のページにある祖父の写真が左右反対になっています。直していただけますか。",
        "Фотография моего деда на странице о старой гавани перевёрнута, пожалуйста, поверните её.",
        "पुराने बंदरगाह के पन्ने पर मेरे दादाजी की तस्वीर उलटी है, कृपया उसे सीधा कर दें।",
    ]

    @Test(arguments: texts)
    func `a text is like itself with other case, marks and one word more`(text: String) throws {
        let first = try #require(TextSignature(text, width: 3))
        let same = try #require(TextSignature("  " + text.uppercased() + "\n", width: 3))
        let longer = try #require(TextSignature(text + " 2026", width: 3))

        #expect(first == same)
        #expect(first.similarity(to: longer) > 0.7)
        #expect(!Set(first.bands).isDisjoint(with: longer.bands))
    }

    @Test func `texts that say other things are not alike and share no band`() throws {
        let signatures = try Self.texts.map { try #require(TextSignature($0, width: 3)) }
        for (index, one) in signatures.enumerated() {
            for other in signatures[(index + 1)...] {
                #expect(one.similarity(to: other) < 0.1)
                #expect(Set(one.bands).isDisjoint(with: other.bands))
            }
        }
    }

    @Test func `single words tell that two texts speak of the same things`() throws {
        let one = "The main page shows a wrong flag for the town of Altmark since this morning"
        let other = "Since this morning the wrong flag of Altmark is on your main page"

        let topic = try #require(TextSignature(one, width: 1)).similarity(to: #require(TextSignature(other, width: 1)))
        let wording = try #require(TextSignature(one, width: 3)).similarity(
            to: #require(TextSignature(other, width: 3)))

        #expect(topic > 0.4)
        #expect(wording < topic)
    }

    @Test func `it is stored in 256 bytes and read again`() throws {
        let signature = try #require(TextSignature(Self.texts[0], width: 3))

        #expect(signature.bytes.count == 256)
        #expect(TextSignature(bytes: signature.bytes) == signature)
        #expect(TextSignature(bytes: [1, 2, 3]) == nil)
        #expect(TextSignature("…!", width: 3) == nil)
    }

    @Test func `it is the same on every machine`() throws {
        let signature = try #require(TextSignature("one two three four", width: 2))
        #expect(signature.bands.first == Self.known, "stored signatures would no longer match")
    }

    private static let known: Int64 = -5367061380999358528
}
