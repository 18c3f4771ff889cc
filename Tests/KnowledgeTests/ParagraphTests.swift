import Base
import Testing

@testable import Knowledge

struct ParagraphTests {
    @Test func `a text is split at blank lines, and a block of code is one paragraph`() {
        let body = "One\ntwo\n\n\n  \nThree  \n\n```\na\n\nb\n```\n\n~~~~\n```\n\n~~~~\nafter"

        #expect(
            Paragraphs.split(body) == ["One\ntwo", "Three", "```\na\n\nb\n```", "~~~~\n```\n\n~~~~\nafter"])
        #expect(Paragraphs.split(Paragraphs.joined(Paragraphs.split(body))) == Paragraphs.split(body))
    }

    @Test func `what every language has alike is nobody's work`() {
        for words in ["---", "{{contact.name}}", "https://almanac.example/a", "12.5 %", "1 {{date:+7}}"] {
            #expect(Paragraphs.isNeutral(words), "\(words)")
        }
        for words in ["Hello", "{{contact.name}}, hello", "写真", "{{unknown}} ok"] {
            #expect(!Paragraphs.isNeutral(words), "\(words)")
        }
    }

    /// A number generator whose numbers are always the same.
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static let vocabulary = (0..<400).map { "word\($0)" }

    private static func paragraph(_ random: inout Seeded) -> String {
        (0..<Int.random(in: 6...30, using: &random)).map { _ in vocabulary.randomElement(using: &random) ?? "" }
            .joined(separator: " ")
    }

    /// One edit: a paragraph is put in, taken out, moved, or a few of its words are changed.
    private static func edit(_ items: inout [(id: ID, words: String)], _ next: inout ID, _ random: inout Seeded) {
        let place = Int.random(in: 0..<max(1, items.count), using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            next += 1
            items.insert((next, paragraph(&random)), at: place)
        case 1 where items.count > 1: items.remove(at: place)
        case 2 where items.count > 1:
            let moved = items.remove(at: place)
            items.insert(moved, at: Int.random(in: 0...items.count, using: &random))
        default:
            var words = items[place].words.split(separator: " ").map(String.init)
            words[Int.random(in: 0..<words.count, using: &random)] = "changed\(next)"
            items[place].words = words.joined(separator: " ")
        }
    }

    @Test(arguments: 0..<200) func `ids stay with their paragraphs whatever is edited around them`(seed: Int) {
        var random = Seeded(state: UInt64(seed + 1))
        var next: ID = 0
        var items: [(id: ID, words: String)] = []
        for _ in 0..<Int.random(in: 1...30, using: &random) {
            next += 1
            items.append((next, Self.paragraph(&random)))
        }
        let before = items
        let known = Set(before.map(\.id))
        for _ in 0..<3 { Self.edit(&items, &next, &random) }

        let ids = ParagraphMatching.ids(from: before, to: items.map(\.words))

        #expect(ids.count == items.count)
        #expect(Set(ids.compactMap { $0 }).count == ids.compactMap { $0 }.count, "no id comes twice")
        for (item, id) in zip(items, ids) where known.contains(item.id) { #expect(id == item.id) }
        for (item, id) in zip(items, ids) where !known.contains(item.id) { #expect(id == nil, "\(item.words)") }
    }

    @Test func `parts of a paragraph that was split, and two that became one, keep the nearest id`() {
        let old: [(id: ID, words: String)] = [
            (
                1,
                "Thank you for your photograph. It shows the harbour very well. We put it into the article about ships."
            ),
            (2, "You keep all rights."), (3, "Please tell us who took it and when it was taken."),
        ]

        let split = ParagraphMatching.ids(
            from: old,
            to: [
                "Thank you for your photograph. It shows the harbour very well.",
                "We put it into the article about ships.", "You keep all rights.",
                "Please tell us who took it and when it was taken.",
            ])
        #expect(split == [1, nil, 2, 3])
        let merged = ParagraphMatching.ids(
            from: old, to: ["You keep all rights. Please tell us who took it and when it was taken.", old[0].words])
        #expect(merged == [3, 1])
    }

    @Test func `a short greeting that is rewritten between two that stayed keeps its id`() {
        let old: [(id: ID, words: String)] = [(1, "Dear {{contact.name}},"), (2, "Thanks."), (3, "The desk")]

        #expect(ParagraphMatching.ids(from: old, to: ["Hello {{contact.name}},", "Thanks.", "The desk"]) == [1, 2, 3])
        #expect(ParagraphMatching.ids(from: old, to: ["Something else entirely", "Thanks."]) == [nil, 2])
    }

    @Test func `two changes are put together where they do not meet`() {
        let base = ["a", "b", "c", "d"]

        #expect(
            ParagraphMerge.merge(base: base, mine: ["a", "B", "c", "d"], theirs: ["a", "b", "c", "D"])
                == ["a", "B", "c", "D"])
        #expect(
            ParagraphMerge.merge(base: base, mine: ["a", "b", "c", "d", "e"], theirs: ["0", "a", "b", "c", "d"])
                == ["0", "a", "b", "c", "d", "e"])
        #expect(ParagraphMerge.merge(base: base, mine: ["a", "B", "c", "d"], theirs: ["a", "X", "c", "d"]) == nil)
        #expect(ParagraphMerge.merge(base: base, mine: base, theirs: ["x"]) == ["x"])
        #expect(ParagraphMerge.merge(base: base, mine: ["a", "d"], theirs: ["a", "b", "c", "d!"]) == nil)
    }
}
