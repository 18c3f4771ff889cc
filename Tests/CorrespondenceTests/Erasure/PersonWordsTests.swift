import Testing

@testable import Correspondence

struct PersonWordsTests {
    private static let mark = Passage.mark
    private static let words = PersonWords(
        ErasedPerson(addresses: ["ana@x.example"], names: ["Ana Ruiz", "Ana", "山田太郎", "", "Bo Ek"]))

    @Test(arguments: [
        ("Write to ANA@x.example.", "Write to \(mark)."), ("<ana@x.example>", "<\(mark)>"),
        ("joana@x.example", "joana@x.example"), ("ana@x.example.org", "ana@x.example.org"),
        ("Ana Ruiz said, ana\n ruiz", "\(mark) said, \(mark)"), ("> Ana\n> Ruiz", "> \(mark)"),
        ("Ana and Diana Ruizzo", "Ana and Diana Ruizzo"), ("彼は山田太郎さんです", "彼は\(mark)さんです"),
        ("Bo Ek, Bobo Ek", "\(mark), Bobo Ek"), ("", ""),
    ]) func `addresses and whole names are found, and no more`(text: String, expected: String) {
        #expect(Self.words.removed(from: text) == expected)
    }

    @Test func `the checksum of an archive is that of the standard`() {
        #expect(CRC32.of(Array("123456789".utf8)) == 0xCBF4_3926)
    }
}
