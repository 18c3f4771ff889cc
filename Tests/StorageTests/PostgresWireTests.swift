import Base
import Foundation
import Logging
import Testing

@testable import Storage

/// A PostgreSQL of the test's own, with TLS: its authority is our own, its name `localhost`.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["LIAISON_TEST_POSTGRES"] != nil))
struct PostgresWireTests {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../services/postgres").standardizedFileURL.path
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private struct Server {
        let folder: String
        let port: Int

        /// The script's output goes to a file: the server in the background would hold a pipe open.
        @discardableResult func control(_ command: String...) throws -> String {
            let file = folder + "-output"
            let words = ([PostgresWireTests.script] + command).joined(separator: " ")
            let status = try Self.run("POSTGRES_TLS=1 \(words) >\(file) 2>&1 </dev/null")
            let output = try String(contentsOfFile: file, encoding: .utf8)
            guard status == 0 else { throw Failure(.internal, "error-internal", details: output) }
            return output.split(separator: "\n").last.map(String.init) ?? ""
        }

        /// Not Foundation's `Process`: it waits for a descriptor that the server in the background holds open.
        private static func run(_ line: String) throws -> Int32 {
            var attributes = posix_spawnattr_t()
            var noSignals = sigset_t()
            posix_spawnattr_init(&attributes)
            defer { posix_spawnattr_destroy(&attributes) }
            // A worker thread blocks signals, and a server that inherits that cannot be stopped.
            sigemptyset(&noSignals)
            posix_spawnattr_setsigmask(&attributes, &noSignals)
            posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
            let words: [UnsafeMutablePointer<CChar>?] = (["bash", "-c", line] as [String]).map { strdup($0) } + [nil]
            let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
            let environment: [UnsafeMutablePointer<CChar>?] = [strdup(path), nil]
            defer { for word in words + environment { free(word) } }
            var child: pid_t = 0
            guard posix_spawn(&child, "/bin/bash", nil, &attributes, words, environment) == 0 else {
                throw Failure(.internal, "error-internal", details: "bash did not start")
            }
            var status: Int32 = 0
            waitpid(child, &status, 0)
            return status
        }

        func start() throws -> String { try control("start", folder, String(port)) }
        func stop() throws { try control("stop", folder) }
    }

    private func withServer(_ body: (Server, String) async throws -> Void) async throws {
        let server = Server(
            folder: "/tmp/liaison-tls-\(UUID().uuidString.prefix(8))", port: Int.random(in: 20_000..<30_000))
        let url = try server.start()
        let result: Result<Void, any Error>
        do { result = .success(try await body(server, url)) } catch { result = .failure(error) }
        try server.stop()
        for path in [server.folder, server.folder + "-output"] { try FileManager.default.removeItem(atPath: path) }
        try result.get()
    }

    private func one(_ database: Database) async throws -> Int64 {
        try await database.read { try $0.int("SELECT CAST(1 AS BIGINT) AS n") }
    }

    @Test func `verify-full wants the right authority and the right name`() async throws {
        try await withServer { server, url in
            let options = "?sslmode=verify-full&sslrootcert=\(server.folder)/ca.pem"
            let named = url.replacing("@127.0.0.1:", with: "@localhost:")
            let right = try Database.open(named + options, connections: 1, log: log)
            let wrongName = try Database.open(url + options, connections: 1, log: log)
            let wrongAuthority = try Database.open(named + "?sslmode=verify-full", connections: 1, log: log)

            #expect(try await one(right) == 1)
            let isProtected = try await right.read { db in
                try db.int("SELECT CAST(COUNT(*) AS BIGINT) FROM pg_stat_ssl WHERE ssl AND pid = pg_backend_pid()")
            }
            #expect(isProtected == 1)
            for wrong in [wrongName, wrongAuthority] {
                let failure = await #expect(throws: Failure.self) { try await one(wrong) }
                #expect(failure?.code == .unavailable)
                #expect(failure?.details.contains("certificate") == true, "\(failure?.details ?? "")")
            }
            for database in [right, wrongName, wrongAuthority] { await database.close() }
        }
    }

    @Test func `after a restart every connection is made anew, and its statements too`() async throws {
        try await withServer { server, url in
            let database = try Database.open(url, connections: 2, log: log)
            #expect(try await one(database) == 1)

            try server.stop()
            await #expect(throws: Failure(.unavailable, "")) { try await one(database) }
            _ = try server.start()

            for _ in 0..<4 { #expect(try await one(database) == 1) }
            await database.close()
        }
    }

    @Test func `a statement that takes too long is ended, and the connection lives on`() async throws {
        try await withServer { _, url in
            let database = try Database.open(url, connections: 1, log: log)
            let limit = try await database.read { try $0.first("SHOW statement_timeout")?.text("statement_timeout") }
            #expect(limit == "30s")

            await #expect(throws: Failure(.unavailable, "")) {
                try await database.write { db in
                    try db.execute("SET LOCAL statement_timeout = 50")
                    try db.execute("SELECT pg_sleep(20)")
                }
            }
            #expect(try await one(database) == 1)
            await database.close()
        }
    }
}
