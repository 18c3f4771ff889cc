import Base
import Foundation
import Testing

@testable import Mail

@Suite(.serialized) struct ParserPoolTests {
    private let executable = HelperExecutable.path

    @Test func `a message comes back through a helper`() async throws {
        let pool = ParserPool(processes: 1, executable: executable)
        let raw = Array("Subject: Tea\r\nFrom: anna@example.org\r\n\r\nHello".utf8)

        #expect(try await pool.parse(raw) == MessageParser.parse(raw))
    }

    @Test func `many messages at once are all answered`() async throws {
        let pool = ParserPool(executable: executable)

        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<200 {
                group.addTask { try await pool.parse(Array("Subject: x\r\n\r\nNumber \(number)".utf8)).text }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }

        #expect(texts.count == 200)
    }

    @Test func `a message larger than a pipe passes`() async throws {
        let pool = ParserPool(processes: 1, executable: executable)
        let body = String(repeating: "All work and no play.\n", count: 100_000)

        let message = try await pool.parse(Array(("Subject: x\r\n\r\n" + body).utf8))

        #expect(message.text.contains("All work and no play.\nAll work"))
        #expect(message.text.utf8.count > 2_000_000)
    }

    @Test func `an attachment that is not there is not found`() async throws {
        let pool = ParserPool(processes: 1, executable: executable)

        let failure = await #expect(throws: Failure.self) {
            try await pool.attachment(99, of: Array("Subject: x\r\n\r\nHello".utf8))
        }

        #expect(failure?.code == .notFound)
    }

    @Test func `html is sanitised and read in a helper`() async throws {
        let pool = ParserPool(processes: 1, executable: executable)

        #expect(try await pool.sanitizedHTML("<p onclick=x>Hi<script>1</script>") == "<p>Hi</p>")
        #expect(try await pool.readableText(Array("<p>Hi<p>you".utf8), isHTML: true) == "Hi\n\nyou")
        #expect(try await pool.readableText([0x47, 0x72, 0xFC, 0xDF, 0x65], isHTML: false) == "Grüße")
    }

    @Test func `a helper that dies fails one request and no other`() async throws {
        let pool = ParserPool(processes: 1, executable: HelperExecutable.script("head -c 8 >/dev/null; exit 1"))

        for _ in 0..<2 {
            let failure = await #expect(throws: Failure.self) { try await pool.parse(Array("Subject: x\r\n\r\n".utf8)) }
            #expect(failure?.messageKey == "mail-parser-died")
        }
    }

    @Test func `a helper that takes too much time is killed`() async throws {
        var limits = ParserPool.Limits()
        limits.cpu = .milliseconds(300)
        let pool = ParserPool(processes: 1, executable: HelperExecutable.script("while :; do :; done"), limits: limits)

        let failure = await #expect(throws: Failure.self) { try await pool.parse([1]) }

        #expect(failure?.messageKey == "mail-parser-died")
    }

    @Test func `an executable that is absent is unavailable`() async throws {
        let pool = ParserPool(processes: 1, executable: "/nowhere/liaison")

        let failure = await #expect(throws: Failure.self) { try await pool.parse([1]) }

        #expect(failure?.code == .unavailable)
    }

    @Test func `a stopped pool refuses`() async throws {
        let pool = ParserPool(processes: 1, executable: executable)
        pool.stop()

        let failure = await #expect(throws: Failure.self) { try await pool.parse([1]) }

        #expect(failure?.code == .unavailable)
    }

    @Test func `a helper idle for long ends and the next request gets another`() async throws {
        var limits = ParserPool.Limits()
        limits.idle = .milliseconds(1)
        let pool = ParserPool(processes: 1, executable: executable, limits: limits)

        for _ in 0..<5 {
            #expect(try await pool.sanitizedHTML("<b>x") == "<b>x</b>")
            await Task.yield()
        }
    }
}

/// The program whose subcommands `parse` and `confine` the tests use: it lies beside the test bundle.
enum HelperExecutable {
    static var path: String {
        let folder = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }?
            .deletingLastPathComponent()
        let folders = [folder, URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()].compactMap { $0 }
        let candidates = folders.flatMap {
            [$0.appending(path: "liaison").path, $0.appending(path: "ParseHelper").path]
        }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "/nowhere/liaison"
    }

    /// A program that does this instead.
    static func script(_ body: String) -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "helper-\(UUID().uuidString).sh")
        _ = FileManager.default.createFile(
            atPath: file.path, contents: Data("#!/bin/sh\n\(body)\n".utf8), attributes: [.posixPermissions: 0o755])
        return file.path
    }
}
