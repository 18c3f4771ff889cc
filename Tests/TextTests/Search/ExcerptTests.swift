import Base
import Testing

@testable import Text

struct ExcerptTests {
    /// The excerpt with its matches in brackets.
    private func excerpt(_ text: String, _ query: String, _ length: Int = 1000) throws -> String {
        let pieces = Excerpt.make(of: text, matching: try SearchQuery.parse(query, now: 0), length: length)
        return pieces.map { $0.isMatch ? "[" + $0.text + "]" : $0.text }.joined()
    }

    private func plain(_ pieces: [Excerpt.Piece]) -> String { pieces.map(\.text).joined() }

    @Test(arguments: [
        ("My article was Deleted, why?", "deleted", "My article was [Deleted], why?"),
        ("Die STRASSE und die Straße", "strasse", "Die [STRASSE] und die [Straße]"),
        ("L’ŒUVRE a été supprimée", "supprimee oeuvre", "L’[ŒUVRE] a été [supprimée]"),
        ("Pedí ayuda mañana, MAÑANA", "manana", "Pedí ayuda [mañana], [MAÑANA]"),
        ("A edição não foi aceita", "nao edicao", "A [edição] [não] foi aceita"),
        ("Ещё одна ПРАВКА", "еще правка", "[Ещё] одна [ПРАВКА]"),
        ("هذه العَرَبِيَّةُ لغة", "العربية", "هذه [العَرَبِيَّةُ] لغة"), ("قال أَحْمَدُ", "احمد", "قال [أَحْمَدُ]"),
        ("यह हिन्दी में है", "हिन्दी", "यह [हिन्दी] में है"), ("ज़रूरत है", "जरूरत", "[ज़रूरत] है"),
        ("昨日、東京都の天気は", "東京都", "昨日、[東京都]の天気は"), ("香水と水曜日", "水", "香[水]と[水]曜日"),
        ("ｶﾞｲﾄﾞを読む", "ガイド", "[ｶﾞｲﾄﾞ]を読む"), ("我的页面被删除了", "删除 页面", "我的[页面]被[删除]了"),
        ("iphone手机", "iphone手", "[iphone手]机"), ("กินข้าวแล้ว", "ข้าว", "กิน[ข้าว]แล้ว"),
    ])
    func `found words are marked as they were written`(text: String, query: String, expected: String) throws {
        #expect(try excerpt(text, query) == expected)
    }

    @Test(arguments: [
        ("\"speedy deletion\"", "deletion, [speedy  deletion] and speedy"),
        ("delet*", "[deletion], speedy [deletion] and speedy"),
        ("\"and spee\"*", "deletion, speedy deletion [and speedy]"),
        ("speedy-deletion", "deletion, [speedy deletion] and speedy"),
        ("-deletion", "deletion, speedy deletion and speedy"), ("-(-and)", "deletion, speedy deletion [and] speedy"),
        ("nothing OR and", "deletion, speedy deletion [and] speedy"),
        ("subject:and", "deletion, speedy deletion [and] speedy"),
        ("queue:and", "deletion, speedy deletion and speedy"), ("", "deletion, speedy deletion and speedy"),
    ])
    func `phrases, beginnings and negations are followed`(query: String, expected: String) throws {
        let shown = expected.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        #expect(try excerpt("  deletion,\r\n speedy \t deletion and speedy\n", query) == shown)
    }

    @Test func `a phrase that begins again inside itself is found`() throws {
        #expect(try excerpt("ab ab ab cd", "\"ab ab cd\"") == "ab [ab ab cd]")
        #expect(try excerpt("ab cd ab cd ab ef", "\"ab cd ab ef\"") == "ab cd [ab cd ab ef]")
        #expect(try excerpt("ab ab ab", "\"ab ab\"") == "[ab ab ab]")
        #expect(try excerpt("ab cd ab ce", "\"ab ce\"*") == "ab cd [ab ce]")
    }

    @Test func `without a match the beginning is one piece without mark, cut where a word ends`() throws {
        let pieces = Excerpt.make(
            of: "One two three four five", matching: try SearchQuery.parse("six", now: 0), length: 12)
        #expect(pieces == [Excerpt.Piece(text: "One two", isMatch: false)])
        #expect(try excerpt("", "six").isEmpty)
        #expect(try excerpt(" \n ", "six").isEmpty)
        #expect(try excerpt("abc", "abc", 0).isEmpty)
        #expect(try excerpt("昨日東京都の天気は晴れ", "six", 5) == "昨日東京都")
        #expect(try excerpt(String(repeating: "x", count: 50), "six", 10) == String(repeating: "x", count: 10))
    }

    @Test func `the window shows the match with words around it`() throws {
        let before = (0..<400).map { "word\($0)" }.joined(separator: " ")
        let after = (400..<800).map { "word\($0)" }.joined(separator: " ")
        let shown = try excerpt(before + " Needle " + after, "needle", 60)
        #expect(shown.contains("word399 [Needle] word400"))
        #expect(shown.count <= 62 && shown.count > 40)
        #expect(shown.hasPrefix("word39") && shown.split(separator: " ").allSatisfy { $0.count >= 7 })
    }

    @Test func `nothing is wasted at the ends of the text`() throws {
        let text = (100..<300).map { "w\($0)" }.joined(separator: " ")
        #expect(try excerpt(text, "w299", 40).hasSuffix("w298 [w299]"))
        #expect(try excerpt(text, "w299", 40).count > 36)
        #expect(try excerpt(text, "w100", 40).hasPrefix("[w100] w101"))
        #expect(try excerpt(text, "w100", 40).count > 36)
    }

    @Test func `the stretch with the most different words is chosen`() throws {
        let filler = String(repeating: "lorem ipsum dolor ", count: 60)
        let text =
            "article article article " + filler + "my article was deleted yesterday " + filler + "deleted deleted"
        let shown = try excerpt(text, "article deleted", 60)
        #expect(shown.contains("my [article] was [deleted] yesterday"))
    }

    @Test func `a match longer than the window shows its beginning`() throws {
        let shown = try excerpt("start one two three four five six end", "\"one two three four five six\"", 14)
        #expect(shown == "[one two three]")
    }

    @Test func `characters are never taken apart`() throws {
        let family = "👩‍👩‍👧‍👦"
        let text = String(repeating: family, count: 50) + " क्षि " + String(repeating: "e\u{301}", count: 50)
        for length in 1..<110 {
            let pieces = Excerpt.make(of: text, matching: try SearchQuery.parse("क्षि", now: 0), length: length)
            #expect(plain(pieces).count <= length)
            #expect(plain(pieces).allSatisfy { text.contains($0) }, "\(length)")
        }
    }

    @Test func `any text and length give a part of the text`() throws {
        var random = Seeded(state: 3)
        let alphabet = [
            "ab", "cd", " ", "  ", "\n", "é", "水", "東京", "ا", "َ", "हि", "\u{301}", "👍🏽", "-", "½", "ﬁ", "'", "\u{200F}",
        ]
        let queries = ["ab", "水", "\"ab cd\"", "ab* 東京", "हि ا", "1", "fi", "-ab", "a"]
        for _ in 0..<4000 {
            let text = (0..<Int.random(in: 0..<60, using: &random))
                .map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }.joined()
            let query = try SearchQuery.parse(queries[Int.random(in: 0..<queries.count, using: &random)], now: 0)
            let length = Int.random(in: 1..<80, using: &random)
            let pieces = Excerpt.make(of: text, matching: query, length: length)
            let shown = plain(pieces)
            #expect(shown.count <= length)
            #expect(shown.isEmpty || Array(collapsed(text).unicodeScalars).contains(Array(shown.unicodeScalars)))
            if text.count <= length { #expect(shown == collapsed(text)) }
            for (left, right) in zip(pieces, pieces.dropFirst()) { #expect(left.isMatch != right.isMatch) }
            #expect(pieces.allSatisfy { !$0.text.isEmpty })
        }
    }

    private func collapsed(_ text: String) -> String {
        text.split { $0.isWhitespace }.map(String.init).joined(separator: " ")
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("lorem ipsum dolor sit amet ", "needle"), ("ab ", "ab"), ("ab ", "\"ab ab ab ab ab ab ab ab cd\""),
            ("水", "水水水水水水水水火"), ("水曜", "水"), ("\u{301}", "needle"), ("🇫🇷", "needle"), (" ", "needle"),
            ("نص عربي طويل ", "عربي"), ("a\u{301}", "a"),
        ])
    func `two mebibytes take linear time`(sample: String, query: String) throws {
        let text = String(repeating: sample, count: 2_097_152 / sample.utf8.count) + " needle"
        let start = ContinuousClock.now
        let pieces = Excerpt.make(of: text, matching: try SearchQuery.parse(query, now: 0), length: 200)
        let time = ContinuousClock.now - start
        print("excerpt of 2 MiB:", sample.prefix(8), time)
        #expect(!pieces.isEmpty || sample == " ")
        #expect(plain(pieces).utf8.count < 20_000)
    }

    @Test(.timeLimit(.minutes(1))) func `sixty-four phrases over a text made of them take linear time`() throws {
        let phrases = (1...64).map { "\"" + Array(repeating: "ab", count: $0 % 9 + 1).joined(separator: " ") + " cd\"" }
        let query = try SearchQuery.parse(phrases.joined(separator: " "), now: 0)
        let text = String(repeating: "ab ", count: 100_000)
        let pieces = Excerpt.make(of: text, matching: query, length: 200)
        #expect(pieces.count == 1 && pieces[0].isMatch == false)
    }
}
