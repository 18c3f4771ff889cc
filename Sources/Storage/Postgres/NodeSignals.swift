import Base
import CPostgres
import Foundation
import Logging

/// What nodes on one PostgreSQL tell each other, by LISTEN and NOTIFY on a connection of its own.
///
/// What is to be told is gathered and sent as one NOTIFY, at most ten times a second: the highest `seq`, whether jobs
/// were added, and short words (who is reading or writing). NOTIFY inside writing transactions would take a lock of
/// the whole database at commit. Whoever listens treats a signal as a hint and reads the database: a signal may be
/// lost, where a pooler without LISTEN stands between too; then everything is found by looking once a second.
package final class NodeSignals: @unchecked Sendable {
    // @unchecked: `pending` and `isClosed` are used with `condition` locked; the connection by its one thread only.

    /// What other nodes told.
    package struct Signal: Sendable, Equatable {
        /// 0 when it was not told.
        package var head: Int64
        package var hasJobs: Bool
        /// Without spaces.
        package var words: [String]

        package init(head: Int64 = 0, hasJobs: Bool = false, words: [String] = []) {
            self.head = head
            self.hasJobs = hasJobs
            self.words = words
        }
    }

    private static let channel = "liaison"
    private static let interval: Milliseconds = 100
    /// PostgreSQL takes payloads of less than 8,000 bytes.
    private static let payloadLimit = 7_000

    private let url: String
    private let log: Logger
    private let hear: @Sendable (Signal) -> Void
    private let wake: (read: Int32, write: Int32)
    private let condition = NSCondition()
    private var pending = Signal()
    private var isClosed = false

    /// `postgresql://…`; `hear` is called on the connection's thread and must not block.
    package init(_ url: String, log: Logger, hear: @escaping @Sendable (Signal) -> Void) {
        self.url = PostgresURL.withVerification(url)
        self.log = log
        self.hear = hear
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no pipe")
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        wake = (ends[0], ends[1])
        let thread = Thread { self.run() }
        thread.name = "postgres-signals"
        thread.stackSize = 1 << 20
        thread.start()
    }

    deinit {
        Foundation.close(wake.read)
        Foundation.close(wake.write)
    }

    /// Never blocks; what is told together is sent together.
    package func tell(_ signal: Signal) {
        condition.withLock {
            pending.head = max(pending.head, signal.head)
            pending.hasJobs = pending.hasJobs || signal.hasJobs
            if pending.words.count < 2000 { pending.words += signal.words }
        }
        ring()
    }

    /// Ends the thread and its connection.
    package func close() {
        condition.withLock { isClosed = true }
        ring()
    }

    private func ring() {
        var byte: UInt8 = 1
        _ = write(wake.write, &byte, 1)
    }

    // MARK: - On the thread

    private func run() {
        while !condition.withLock({ isClosed }) {
            guard let connection = connect() else {
                wait(for: -1, atMost: 1000)
                continue
            }
            serve(connection)
            PQfinish(connection)
        }
    }

    private func connect() -> OpaquePointer? {
        guard let connection = PQconnectdb(url) else { return nil }
        let isReady = PQstatus(connection) == CONNECTION_OK && execute("LISTEN \(Self.channel)", connection)
        guard isReady else {
            log.debug("nodes cannot signal each other yet")
            PQfinish(connection)
            return nil
        }
        return connection
    }

    /// Until the connection is lost or the signals are closed.
    private func serve(_ connection: OpaquePointer) {
        var next: Milliseconds = 0
        while PQstatus(connection) == CONNECTION_OK {
            let now = Self.now
            let (isWaiting, isEnd) = condition.withLock { (pending != Signal(), isClosed) }
            if isEnd { return }
            if isWaiting, now >= next {
                send(connection)
                next = now + Self.interval
            }
            wait(for: PQsocket(connection), atMost: isWaiting ? max(1, next - now) : 5000)
            guard PQconsumeInput(connection) == 1 else { return }
            while let notification = PQnotifies(connection) {
                let isOwn = notification.pointee.be_pid == PQbackendPID(connection)
                let text = String(cString: notification.pointee.extra)
                PQfreemem(notification)
                if !isOwn, let signal = Self.parse(text) { hear(signal) }
            }
        }
    }

    private func send(_ connection: OpaquePointer) {
        let signal = condition.withLock {
            var signal = pending
            var size = 40
            let count = signal.words.firstIndex { word in
                size += word.utf8.count + 1
                return size > Self.payloadLimit
            }
            signal.words = Array(pending.words.prefix(count ?? pending.words.count))
            pending = Signal(words: Array(pending.words.dropFirst(signal.words.count)))
            return signal
        }
        // Letters, digits and points only: nothing to escape.
        _ = execute("NOTIFY \(Self.channel), '\(Self.text(signal))'", connection)
    }

    private func execute(_ statement: String, _ connection: OpaquePointer) -> Bool {
        let result = PQexec(connection, statement)
        defer { PQclear(result) }
        return PQresultStatus(result) == PGRES_COMMAND_OK
    }

    private func wait(for socket: Int32, atMost milliseconds: Milliseconds) {
        var polled = [pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0)]
        if socket >= 0 { polled.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0)) }
        _ = poll(&polled, nfds_t(polled.count), Int32(milliseconds))
        var buffer = [UInt8](repeating: 0, count: 64)
        while read(wake.read, &buffer, buffer.count) > 0 {}
    }

    private static var now: Milliseconds {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Milliseconds(time.tv_sec) * 1000 + Milliseconds(time.tv_nsec / 1_000_000)
    }

    // MARK: - Text

    static func text(_ signal: Signal) -> String {
        let words = signal.words.filter { $0.utf8.allSatisfy { isPlain($0) } }
        return (["\(signal.head)", signal.hasJobs ? "1" : "0"] + words).joined(separator: " ")
    }

    /// Nil for what is not of this form: others may use the channel's name.
    static func parse(_ text: String) -> Signal? {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count >= 2, let head = Int64(parts[0]), head >= 0, let jobs = Int(parts[1]) else { return nil }
        return Signal(head: head, hasJobs: jobs == 1, words: Array(parts.dropFirst(2)))
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte) || byte == 46 || byte == 45
    }
}
