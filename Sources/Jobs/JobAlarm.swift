import Base
import Synchronization

/// Wakes the workers of this node when there may be something to do.
package final class JobAlarm: Sendable {
    private struct State {
        var generation: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var next: UInt64 = 0
        var tell: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    package init() {}

    package var generation: UInt64 { state.withLock { $0.generation } }

    /// Whom a ring is told besides: other nodes.
    package func onRing(_ tell: (@Sendable () -> Void)?) { state.withLock { $0.tell = tell } }

    /// Wakes all who wait, on other nodes too. Never blocks.
    package func ring() {
        ringHere()
        state.withLock { $0.tell }?()
    }

    /// Wakes all who wait on this node: the ring came from another one.
    package func ringHere() {
        let waiting = state.withLock { state in
            state.generation &+= 1
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume() }
    }

    /// Returns when rung after `generation` was read, after `milliseconds`, or when cancelled.
    package func wait(after generation: UInt64, atMost milliseconds: Milliseconds) async {
        let ticket = state.withLock { state in
            state.next += 1
            return state.next
        }
        let timer = Task {
            try? await Task.sleep(for: .milliseconds(milliseconds))
            release(ticket)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDue = state.withLock { state in
                    if state.generation != generation || Task.isCancelled { return true }
                    state.waiting[ticket] = continuation
                    return false
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            release(ticket)
        }
        timer.cancel()
    }

    private func release(_ ticket: UInt64) {
        state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume()
    }
}
