import Base
import Foundation
import Synchronization

/// A thread that owns one thing and does one job after the other with it; for calls that block.
///
/// The thing is made, used and ended on this thread only, so it need not be Sendable. The thread ends after the
/// waiting jobs when the last reference to this object goes.
final class OwnerThread<Owned>: Sendable {
    private let jobs = Jobs<Owned>()

    init(_ name: String, make: @escaping @Sendable () -> Owned) {
        let jobs = jobs
        let thread = Thread {
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGPIPE)
            // A peer that went away shows as an error of the write, not as a signal.
            pthread_sigmask(SIG_BLOCK, &signals, nil)
            let owned = make()
            while let job = jobs.next() { job(owned) }
        }
        thread.name = name
        thread.stackSize = 1 << 20
        thread.start()
    }

    deinit { jobs.end() }

    func run<Value: Sendable>(_ body: @escaping @Sendable (Owned) -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            jobs.add { continuation.resume(returning: body($0)) }
        }
    }

    func attempt<Value: Sendable>(
        _ body: @escaping @Sendable (Owned) throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await run { owned in
            do throws(Failure) { return .success(try body(owned)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}

/// Jobs waiting for their thread.
private final class Jobs<Owned>: Sendable {
    typealias Job = @Sendable (Owned) -> Void

    private struct State {
        var waiting: [Job] = []
    }

    private let state = Mutex(State())
    private let signal = DispatchSemaphore(value: 0)

    func add(_ job: @escaping Job) {
        state.withLock { $0.waiting.append(job) }
        signal.signal()
    }

    func end() {
        // A signal without a job.
        signal.signal()
    }

    /// Blocks; nil at the end.
    func next() -> Job? {
        signal.wait()
        return state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
    }
}
