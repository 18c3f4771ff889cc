import Foundation
import Testing

@testable import Mail

@Suite(.serialized) struct AttachmentTextTests {
    private func extract(_ type: String, _ name: String, _ bytes: [UInt8]) async -> String? {
        let pool = ParserPool(processes: 1, executable: HelperExecutable.path)
        return await AttachmentText(pool: pool, launcher: HelperExecutable.path).extract(
            contentType: type, filename: name, bytes: bytes)
    }

    @Test func `plain text and html give their words`() async {
        #expect(await extract("text/plain", "a.txt", Array("Grüße".utf8)) == "Grüße")
        #expect(await extract("text/html", "a.html", Array("<p>Hello <b>you</b>".utf8)) == "Hello you")
        #expect(await extract("application/octet-stream", "a.CSV", Array("a,b".utf8)) == "a,b")
    }

    @Test func `plain text without a charset is told by its letters`() async {
        let cyrillic: [UInt8] = [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2, 0x20, 0xE2, 0xF1, 0xE5, 0xEC]
        #expect(await extract("text/plain", "a.txt", cyrillic) == "Привет всем")
        #expect(await extract("text/plain", "a.txt", [0xFF, 0xFE, 0x61, 0x00, 0x1F, 0x04]) == "aП")
        #expect(await extract("text/plain", "a.txt", Array("caf".utf8) + [0xE9]) == "café")
    }

    @Test func `a picture has no text`() async {
        #expect(await extract("image/png", "a.png", [1, 2, 3]) == nil)
    }

    @Test(.enabled(if: Program.exists("pdftotext"), "pdftotext is not installed")) func `a PDF gives its words`() async
    {
        let text = await extract("application/pdf", "a.pdf", Array(Program.pdf("Minutes of the garden club").utf8))

        #expect(text?.contains("Minutes of the garden club") == true)
    }

    @Test(.enabled(if: Program.exists("pandoc"), "pandoc is not installed"), arguments: ["docx", "odt", "rtf", "epub"])
    func `an office file gives its words`(format: String) async throws {
        let bytes = try Program.document(format, "Minutes of the **garden** club")

        let text = await extract("application/octet-stream", "a.\(format)", bytes)

        #expect(text?.localizedCaseInsensitiveContains("minutes of the") == true)
    }

    @Test(.enabled(if: Program.exists("pandoc"), "pandoc is not installed")) func `a broken file gives nothing`() async
    {
        #expect(await extract("application/octet-stream", "a.docx", Array("no zip at all".utf8)) == nil)
        #expect(await extract("application/pdf", "a.pdf", Array("no pdf at all".utf8)) == nil)
    }

    @Test func `a confined program reaches no network`() throws {
        let python = try #require(Program.find("python3"), "python3 is not installed")
        let code = "import socket\ntry:\n socket.socket()\n print('open')\nexcept PermissionError:\n print('shut')"

        #expect(try Program.output(HelperExecutable.path, ["confine", "--", python, "-c", code]) == "shut\n")
        #expect(try Program.output(python, ["-c", code]) == "open\n")
    }
}

/// Programs of the machine and documents made with them.
enum Program {
    static func find(_ name: String) -> String? {
        ["/usr/bin", "/usr/local/bin", "/bin"].map { "\($0)/\(name)" }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }

    static func exists(_ name: String) -> Bool { find(name) != nil }

    static func output(_ path: String, _ arguments: [String], input: String = "") throws -> String {
        let process = Process()
        let (standardInput, standardOutput) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = standardInput
        process.standardOutput = standardOutput
        try process.run()
        standardInput.fileHandleForWriting.write(Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let data = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    static func document(_ format: String, _ markdown: String) throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).\(format)")
        defer { try? FileManager.default.removeItem(at: file) }
        let arguments = ["-f", "markdown", "-s", "--metadata", "title=Minutes", "-t", format, "-o", file.path]
        _ = try output(find("pandoc") ?? "", arguments, input: markdown)
        return try [UInt8](Data(contentsOf: file))
    }

    /// The smallest PDF with a line of text; readers mend its missing table.
    static func pdf(_ text: String) -> String {
        let stream = "BT /F1 24 Tf 72 720 Td (\(text)) Tj ET"
        return """
            %PDF-1.4
            1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
            2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
            3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R
            /Resources<</Font<</F1 5 0 R>>>>>>endobj
            4 0 obj<</Length \(stream.utf8.count)>>stream
            \(stream)
            endstream endobj
            5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
            trailer<</Root 1 0 R>>

            """
    }
}
