import Base
import Foundation
import Glibc

/// How a command reaches the running server: a socket in the data folder, since one process writes SQLite.
///
/// The client sends one JSON line (arguments, folder, length of the input) and the input; the server answers with lines
/// `o TEXT`, `e TEXT` (both base64) and ends with `x CODE`. Only the owner of the folder can reach the socket.
package enum ControlChannel {
    struct Request: Codable, Sendable {
        var arguments: [String]
        var folder: String
        var inputLength: Int
    }

    /// Runs a command in the server; nil when no server listens.
    package static func run(
        _ arguments: [String], input: [UInt8], socket: URL, io: CommandIO
    ) throws -> Int32? {
        guard let descriptor = try connect(to: socket) else { return nil }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let request = Request(
            arguments: arguments, folder: FileManager.default.currentDirectoryPath, inputLength: input.count)
        try handle.write(contentsOf: JSONEncoder().encode(request) + Data([10]))
        try handle.write(contentsOf: Data(input))
        var reader = LineReader(handle)
        while let line = try reader.next() {
            let text = String(line.dropFirst(2))
            switch line.first {
            case "o": io.output(String(decoding: Data(base64Encoded: text) ?? Data(), as: UTF8.self))
            case "e": io.error(String(decoding: Data(base64Encoded: text) ?? Data(), as: UTF8.self))
            case "x": return Int32(text) ?? 70
            default: break
            }
        }
        throw Failure(.unavailable, "error-unavailable", details: "the server ended while the command ran")
    }

    private static func connect(to socket: URL) throws -> Int32? {
        guard FileManager.default.fileExists(atPath: socket.path) else { return nil }
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(.unavailable, "error-unavailable", details: "no socket") }
        let isConnected = try withAddress(socket) { Glibc.connect(descriptor, $0, $1) == 0 }
        if isConnected { return descriptor }
        close(descriptor)
        return nil
    }

    static func withAddress<T>(_ socket: URL, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T) throws -> T {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(socket.path.utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw Failure(
                .configuration, "error-configuration", details: "the path of the data folder is too long for a socket")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }
}

/// Where a command writes.
package struct CommandIO: Sendable {
    /// One line, without its end.
    package let output: @Sendable (String) -> Void
    package let error: @Sendable (String) -> Void
    /// Relative paths of the command are below this.
    package let folder: String
    /// True when the command runs in the server, whose jobs go on beside it.
    package let isInServer: Bool

    package init(
        output: @escaping @Sendable (String) -> Void, error: @escaping @Sendable (String) -> Void,
        folder: String = FileManager.default.currentDirectoryPath, isInServer: Bool = false
    ) {
        self.isInServer = isInServer
        self.output = output
        self.error = error
        self.folder = folder
    }

    package func url(_ path: String) -> URL {
        URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: folder, isDirectory: true)).standardizedFileURL
    }
}

/// Lines of a socket. FileHandle would wait until all it asked for has come.
struct LineReader {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ handle: FileHandle) { descriptor = handle.fileDescriptor }

    mutating func next() throws -> String? {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeSubrange(...end)
                return line
            }
            guard try readMore() else { return nil }
        }
    }

    /// The bytes after the lines read so far; fewer when the other side closed.
    mutating func bytes(_ count: Int) throws -> [UInt8] {
        while buffer.count < count, try readMore() {}
        let bytes = Array(buffer.prefix(count))
        buffer.removeFirst(bytes.count)
        return bytes
    }

    /// False at the end.
    private mutating func readMore() throws -> Bool {
        let piece = [UInt8](unsafeUninitializedCapacity: 1 << 18) { space, count in
            var read = 0
            repeat { read = Glibc.read(descriptor, space.baseAddress, space.count) } while read < 0 && errno == EINTR
            count = max(0, read)
        }
        buffer += piece
        return !piece.isEmpty
    }
}
