import Testing

@testable import Mail

/// Header fields as rules look at them, outside of the parsers.
@Suite struct HeaderTextTests {
    private func fields(_ text: String) -> [(name: String, value: String)] {
        HeaderText.fields(of: Array(text.utf8), atMost: 4096)
    }

    @Test func `fields are unfolded and decoded, and end with the body`() {
        let found = fields(
            "X-A: one\r\n  two\r\nOrganization: =?utf-8?Q?Caf=C3=A9?=\r\n =?UTF-8?B?IFrDvHJpY2g=?=\r\n\r\nX-B: body\r\n"
        )

        #expect(found.map(\.name) == ["x-a", "organization"])
        #expect(found.map(\.value) == ["one two", "Café Zürich"])
    }

    @Test(arguments: [
        "=?no-such-set-2022?Q?a=20b?=", "=?utf-8", "=?utf-8?Q?open", "=?", "=?=?=?",
    ]) func `what nobody can decode stays as it is`(value: String) {
        #expect(fields("X: \(value)\n").map(\.value) == [value])
    }

    @Test func `raw bytes of another set are guessed, and long values left alone`() {
        let raw: [UInt8] = Array("X: caf".utf8) + [0xE9, 0x0A]
        #expect(HeaderText.fields(of: raw, atMost: 4096).map(\.value) == ["café"])
        let long = "X: " + String(repeating: "=?utf-8?Q?a", count: 400)
        #expect(fields(long).map(\.value.utf8.count) == [4096 - 3])
    }
}
