import Synchronization

/// Lets acceptance go first: while mail is being accepted, filing takes no more than a third of the writer's time, so
/// that a sender who delivers as fast as it can is not slowed down by what it delivered before. At other times filing
/// does not rest.
package final class FilingPace: Sendable {
    /// For how long after an acceptance the next one is expected.
    private static let rush: Duration = .milliseconds(50)
    private static let restPerWork = 2

    private struct State {
        var lastAcceptance: ContinuousClock.Instant?
        var next = ContinuousClock.now
    }

    private let state = Mutex(State())

    package init() {}

    /// Mail was accepted just now.
    func noteAcceptance() { state.withLock { $0.lastAcceptance = .now } }

    /// Returns when filing may write; the task's end ends the wait too.
    func wait() async {
        let pause = state.withLock { $0.next - .now }
        if pause > .zero { try? await Task.sleep(for: pause) }
    }

    /// Filing has written since `start`.
    func noteWriting(since start: ContinuousClock.Instant) {
        let now = ContinuousClock.now
        state.withLock { state in
            guard let last = state.lastAcceptance, now - last < Self.rush else { return }
            state.next = max(now, state.next) + min((now - start) * Self.restPerWork, Self.rush)
        }
    }
}
