import Base
import Synchronization

/// Wakes the workers of this node when there may be something to do: at once, but not more often than every ten
/// milliseconds, because each waking looks into the database.
package final class JobAlarm: Sendable {
    private static let pause: Duration = .milliseconds(10)

    private struct State {
        var generation: UInt64 = 0
        /// When those who waited were last woken.
        var woken = ContinuousClock.now - pause
        var isWakingSoon = false
        /// There is one at most, and it ends after the pause.
        var waking: Task<Void, Never>?
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        /// Those whose time was over before they began to wait.
        var over: Set<UInt64> = []
        var next: UInt64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    package var generation: UInt64 { state.withLock { $0.generation } }

    /// Wakes all who wait, at once or after the pause. Never blocks.
    package func ring() {
        let now = ContinuousClock.now
        let (isDue, isLater) = state.withLock { state in
            state.generation &+= 1
            if now - state.woken >= Self.pause { return (true, false) }
            defer { state.isWakingSoon = true }
            return (false, !state.isWakingSoon)
        }
        if isDue { wake() }
        if isLater {
            let waking = Task {
                try? await Task.sleep(for: Self.pause)
                wake()
            }
            state.withLock { $0.waking = waking }
        }
    }

    private func wake() {
        let waiting = state.withLock { state in
            state.woken = ContinuousClock.now
            state.isWakingSoon = false
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
                    // Rung, but to be woken soon: that wait is for a pause at most.
                    let isRung = state.generation != generation && !state.isWakingSoon
                    if state.over.contains(ticket) || isRung || Task.isCancelled { return true }
                    state.waiting[ticket] = continuation
                    return false
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            release(ticket)
        }
        timer.cancel()
        await timer.value
        _ = state.withLock { $0.over.remove(ticket) }
    }

    private func release(_ ticket: UInt64) {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            let waiting = state.waiting.removeValue(forKey: ticket)
            if waiting == nil { state.over.insert(ticket) }
            return waiting
        }
        waiting?.resume()
    }
}
