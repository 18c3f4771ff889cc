import Testing
import Text

@Suite struct WordDifferenceTests {
    @Test func `a replaced word stands between what stayed`() {
        let difference = WordDifference(from: "The page is open.", to: "The page was open today.")
        #expect(
            difference.parts == [
                .init(.same, "The page "), .init(.removed, "is"), .init(.added, "was"), .init(.same, " open"),
                .init(.added, " today"), .init(.same, "."),
            ])
    }

    @Test(arguments: [
        ("", "new words"), ("old words", ""), ("編集は誰でもできます", "編集は登録した人ができます"),
        ("يمكن للجميع التحرير", "يمكن لك التحرير اليوم"),
        ("one two three", "three two one"),
    ])
    func `both versions can be read out of it`(old: String, new: String) {
        let parts = WordDifference(from: old, to: new).parts
        #expect(parts.filter { $0.kind != .added }.map(\.text).joined() == old)
        #expect(parts.filter { $0.kind != .removed }.map(\.text).joined() == new)
    }

    @Test func `equal texts have no difference`() {
        #expect(WordDifference(from: "same", to: "same").isEmpty)
        #expect(WordDifference(from: "", to: "").parts.isEmpty)
    }
}
