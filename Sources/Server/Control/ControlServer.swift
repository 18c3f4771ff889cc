import Base
import Foundation
import Glibc
import Logging

/// The server's end of the control socket.
package struct ControlServer: Sendable {
    /// Runs one command with the server's own services; returns its exit code.
    package typealias Run = @Sendable (_ arguments: [String], _ input: [UInt8], _ io: CommandIO) async -> Int32

    private static let largestInput = 2 << 30

    private let socket: URL
    private let run: Run
    private let log: Logger

    package init(socket: URL, log: Logger, run: @escaping Run) {
        self.socket = socket
        self.log = log
        self.run = run
    }

    /// Listens until cancelled. Accepting and reading block, so they have threads of their own.
    package func serve() async throws {
        let listener = try listen()
        let connections = AsyncStream<Int32> { continuation in
            let thread = Thread {
                while true {
                    let connection = accept(listener, nil, nil)
                    if connection >= 0 {
                        continuation.yield(connection)
                    } else if errno != EINTR, errno != ECONNABORTED {
                        break
                    }
                }
                continuation.finish()
            }
            thread.name = "control"
            thread.start()
        }
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                for await connection in connections { group.addTask { await answer(connection) } }
            }
        } onCancel: {
            shutdown(listener, Int32(SHUT_RDWR))
            unlink(socket.path)
        }
        close(listener)
    }

    private func listen() throws -> Int32 {
        unlink(socket.path)
        let listener = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw Failure(.unavailable, "error-unavailable", details: "no socket") }
        let isBound = try ControlChannel.withAddress(socket) { bind(listener, $0, $1) == 0 }
        guard isBound, chmod(socket.path, 0o600) == 0, Glibc.listen(listener, 16) == 0 else {
            close(listener)
            throw Failure(.configuration, "error-configuration", details: "\(socket.path) cannot be listened on")
        }
        return listener
    }

    private func answer(_ connection: Int32) async {
        let handle = FileHandle(fileDescriptor: connection, closeOnDealloc: true)
        do {
            let (request, input) = try await Self.read(handle)
            let io = CommandIO(
                output: { Self.write("o", $0, to: handle) }, error: { Self.write("e", $0, to: handle) },
                folder: request.folder,
                isInServer: true)
            let code = await run(request.arguments, input, io)
            try handle.write(contentsOf: Data("x \(code)\n".utf8))
        } catch { log.warning("a command was not answered") }
    }

    private static func read(_ handle: FileHandle) async throws -> (ControlChannel.Request, [UInt8]) {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        var reader = LineReader(handle)
                        let line = try reader.next() ?? ""
                        let request = try JSONDecoder().decode(ControlChannel.Request.self, from: Data(line.utf8))
                        guard request.inputLength <= largestInput else { throw Failure(.tooLarge, "error-too-large") }
                        let input = try reader.bytes(request.inputLength)
                        guard input.count == request.inputLength else { throw Failure(.invalid, "error-invalid") }
                        return (request, input)
                    })
            }
        }
    }

    private static func write(_ kind: String, _ text: String, to handle: FileHandle) {
        // The client may be gone; the command goes on all the same.
        try? handle.write(contentsOf: Data("\(kind) \(Data(text.utf8).base64EncodedString())\n".utf8))
    }
}
