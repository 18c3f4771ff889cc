import Testing

@testable import Mail

struct FolderNameTests {
    @Test(arguments: [
        ("INBOX", "INBOX"), ("Entwürfe", "Entw&APw-rfe"), ("A & B", "A &- B"), ("日本語", "&ZeVnLIqe-"),
        ("a\r\nb", "a&AA0ACg-b"), ("😀", "&2D3eAA-"), ("", ""),
    ])
    func `a folder's name is written in modified UTF-7`(name: String, encoded: String) {
        #expect(FolderName.encoded(name) == encoded)
    }

    @Test func `quotes and backslashes are escaped in a command, all but letters and digits in a URL`() {
        #expect(FolderName.quoted("a\"b\\c") == "\"a\\\"b\\\\c\"")
        #expect(FolderName.inURL("Post/2026 ü") == "Post%2F2026%20%26APw%2D")
    }
}
