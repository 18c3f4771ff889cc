import Foundation
import Glibc

/// A Dovecot of the test's own, on free ports of loopback. Every user's password is `secret`.
struct Dovecot {
    struct Broken: Error {}

    static let user = "karl@people.example"
    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../services/dovecot").standardizedFileURL.path

    /// Tests that need it are skipped where it is missing.
    static let isInstalled = ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot"].contains {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    let folder: URL
    let port: Int
    let tlsPort: Int
    /// Where a Postfix asks whether a sign-in is right.
    let authPort: Int

    var caFile: String { folder.appending(path: "ca.pem").path }

    /// Starts one, and stops it whatever happens.
    static func run(
        withTLS: Bool = false, tokensAt url: String? = nil, _ body: (Dovecot) async throws -> Void
    ) async throws {
        let folder = URL(filePath: "/tmp/liaison-dovecot-\(UUID().uuidString.prefix(8))")
        let ports = freePorts(4)
        let dovecot = Dovecot(folder: folder, port: ports[0], tlsPort: ports[2], authPort: ports[3])
        let names = ["start", folder.path, "\(ports[0])", "\(ports[1])"] + (withTLS ? ["\(ports[2])"] : [])
        let settings = ["DOVECOT_AUTH_PORT=\(ports[3])"] + (url.map { ["DOVECOT_OAUTH_URL=\($0)"] } ?? [])
        try control(script, names, settings)
        do {
            try await body(dovecot)
        } catch {
            try control(script, ["stop", folder.path])
            throw error
        }
        try control(script, ["stop", folder.path])
        try FileManager.default.removeItem(at: folder)
    }

    /// Not Foundation's `Process`: it waits for a descriptor that the server in the background holds open.
    static func control(_ script: String, _ arguments: [String], _ settings: [String] = []) throws {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        for number in 0...2 as ClosedRange<Int32> {
            posix_spawn_file_actions_addopen(&files, number, "/dev/null", O_RDWR, 0)
        }
        let words: [UnsafeMutablePointer<CChar>?] = ([script] + arguments).map { strdup($0) } + [nil]
        let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        let environment: [UnsafeMutablePointer<CChar>?] = ([path] + settings).map { strdup($0) } + [nil]
        defer { for word in words + environment { free(word) } }
        // A worker thread blocks signals, and a server that inherits that cannot be stopped.
        var attributes = posix_spawnattr_t()
        var noSignals = sigset_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var child: pid_t = 0
        guard posix_spawn(&child, script, &files, &attributes, words, environment) == 0 else { throw Broken() }
        var status: Int32 = 0
        guard waitpid(child, &status, 0) == child, status == 0 else { throw Broken() }
    }

    /// All held open together, so that they differ; below those the system gives to connections, which could take one
    /// before the server does.
    static func freePorts(_ count: Int) -> [Int] {
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        var ports: [Int] = []
        while ports.count < count {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            sockets.append(descriptor)
            let port = Int.random(in: 10_000..<32_000)
            var address = loopback(port: port)
            let bound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if bound == 0 { ports.append(port) }
        }
        return ports
    }

    static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}

/// IMAP by hand: puts mail into a folder and looks at flags, apart from the code under test.
final class PlainIMAP {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ dovecot: Dovecot) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Dovecot.loopback(port: dovecot.port)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0, line() != nil else { throw Dovecot.Broken() }
        try command("LOGIN \(Dovecot.user) secret")
    }

    deinit { close(descriptor) }

    /// The lines before the tagged one, which must be OK.
    @discardableResult
    func command(_ text: String) throws -> [String] {
        write(Array("t \(text)\r\n".utf8))
        return try answer()
    }

    private func answer() throws -> [String] {
        var lines: [String] = []
        while let line = line() {
            if line.hasPrefix("t OK") { return lines }
            if line.hasPrefix("t ") { break }
            lines.append(line)
        }
        throw Dovecot.Broken()
    }

    /// All of them by one command, which Dovecot allows (RFC 3502, RFC 7888).
    func append(_ messages: [[UInt8]], to folder: String = "INBOX") throws {
        let parts = messages.map { Array(" {\($0.count)+}\r\n".utf8) + $0 }
        write(Array("t APPEND \(folder)".utf8))
        for part in parts { write(part) }
        write([13, 10])
        _ = try answer()
    }

    private func write(_ bytes: [UInt8]) {
        var at = 0
        while at < bytes.count {
            let sent = bytes[at...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return }
            at += sent
        }
    }

    private func line() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                defer { buffer.removeFirst(end + 1) }
                return String(decoding: buffer[..<end].filter { $0 != 13 }, as: UTF8.self)
            }
            var fresh = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &fresh, fresh.count, 0)
            guard count > 0 else { return nil }
            buffer += fresh.prefix(count)
        }
    }
}
