import Base
import Foundation
import Synchronization

/// Parses mail and HTML in helper processes. Each helper has a thread here, so that nothing waits on Swift's own pool.
///
/// A helper starts with its first request, ends after a minute without one, and is killed when a request takes too long
/// or
/// the helper dies of it: that request fails with `mail-parser-died`, later ones get a new helper. Nothing is tried
/// twice
/// here; the caller counts deaths.
package final class ParserPool: Sendable {
    /// Bounds of one request.
    package struct Limits: Sendable {
        /// CPU of the helper, and time on the wall for a machine too busy to give it any.
        package var cpu: Duration = .seconds(5)
        package var wall: Duration = .seconds(30)
        /// A helper without a request ends after this.
        package var idle: Duration = .seconds(60)
        /// Larger input cannot fit into a helper's memory.
        package var requestBytes = 200 << 20
        package var replyBytes = 300 << 20

        package init() {}
    }

    private struct Request: Sendable {
        let operation: HelperOperation
        let payload: [UInt8]
        let finish: @Sendable (Result<[UInt8]?, Failure>) -> Void
    }

    private struct State {
        var queue: [Request] = []
        var isStopped = false
    }

    /// Shared by the pool and its threads; the pool's end stops them.
    private final class Board: Sendable {
        let state = Mutex(State())
        let arrivals = DispatchSemaphore(value: 0)
    }

    private let board = Board()
    private let limits: Limits
    private let workers: Int

    /// `executable` must answer to the argument `parse` with `HelperMain.run`.
    package init(processes: Int = 2, executable: String = "/proc/self/exe", limits: Limits = Limits()) {
        self.limits = limits
        workers = processes
        for number in 0..<processes {
            OwnThread.start("parser-\(number)") { [board] in Self.work(board, executable, limits) }
        }
    }

    deinit { stop() }

    /// Ends the helpers; requests that wait fail as `unavailable`. May be called twice.
    package func stop() {
        let waiting = board.state.withLock { state in
            defer { state = State(queue: [], isStopped: true) }
            return state.queue
        }
        for request in waiting { request.finish(.failure(Failure(.unavailable, "mail-parser-stopped"))) }
        for _ in 0..<workers { board.arrivals.signal() }
    }

    /// How Liaison reads this message. Throws `internal` (`mail-parser-died`), `tooLarge` or `unavailable`.
    package func parse(_ raw: [UInt8]) async throws(Failure) -> ParsedMessage {
        let answer = try await ask(.parse, raw)
        var reader = WireReader(answer ?? [])
        guard let message = ParsedMessage(wire: &reader) else {
            throw Failure(.internal, "mail-parser-died", details: "broken reply")
        }
        return message
    }

    /// Decoded bytes of an attachment, counted as in `ParsedMessage.attachments`. Throws also `notFound`.
    package func attachment(_ index: Int, of raw: [UInt8]) async throws(Failure) -> [UInt8] {
        var writer = WireWriter()
        writer.length(index)
        guard let bytes = try await ask(.attachment, writer.bytes + raw) else {
            throw Failure(.notFound, "mail-attachment-not-found")
        }
        return bytes
    }

    /// HTML that may be shown inside a sandboxed frame.
    package func sanitizedHTML(_ html: String) async throws(Failure) -> String {
        String(decoding: try await ask(.sanitise, Array(html.utf8)) ?? [], as: UTF8.self)
    }

    /// Readable text of plain text in an unknown charset, or of HTML.
    package func readableText(_ bytes: [UInt8], isHTML: Bool) async throws(Failure) -> String {
        var writer = WireWriter()
        writer.flag(isHTML)
        return String(decoding: try await ask(.text, writer.bytes + bytes) ?? [], as: UTF8.self)
    }

    private func ask(_ operation: HelperOperation, _ payload: [UInt8]) async throws(Failure) -> [UInt8]? {
        guard payload.count <= limits.requestBytes else { throw Failure(.tooLarge, "mail-too-large-to-parse") }
        let result = await withCheckedContinuation { continuation in
            let request = Request(operation: operation, payload: payload) { continuation.resume(returning: $0) }
            let isStopped = board.state.withLock { state in
                if !state.isStopped { state.queue.append(request) }
                return state.isStopped
            }
            if isStopped {
                request.finish(.failure(Failure(.unavailable, "mail-parser-stopped")))
            } else {
                board.arrivals.signal()
            }
        }
        return try result.get()
    }

    /// A thread's whole life: wait, exchange, answer.
    private static func work(_ board: Board, _ executable: String, _ limits: Limits) {
        var helper: HelperProcess?
        while true {
            if helper == nil {
                board.arrivals.wait()
            } else if board.arrivals.wait(timeout: .now() + limits.idle.seconds) == .timedOut {
                helper = nil
                continue
            }
            let (request, isStopped) = board.state.withLock { state in
                (state.queue.isEmpty ? nil : state.queue.removeFirst(), state.isStopped)
            }
            if isStopped { return }
            guard let request else { continue }
            if helper == nil { helper = HelperProcess(executable: executable, limits: limits) }
            if helper == nil {
                request.finish(.failure(Failure(.unavailable, "mail-parser-unavailable", details: "no process")))
                continue
            }
            switch helper?.exchange(request.operation, request.payload) {
            case (.done, let answer)?: request.finish(.success(answer))
            case (.absent, _)?: request.finish(.success(nil))
            case nil:
                helper = nil
                request.finish(.failure(Failure(.internal, "mail-parser-died")))
            }
        }
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
