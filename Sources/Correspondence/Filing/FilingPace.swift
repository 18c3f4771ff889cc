import Synchronization

/// Lets acceptance go first. Nobody notices when mail that comes at its usual pace is filed at once; but a sender who
/// delivers as fast as it can shares writer and processor with what it delivered before. While more than some hundred
/// mails a second are accepted, filing rests many times as long as it wrote; the rest is filed as soon as they pause.
/// A rush that does not end is not waited out: after two minutes filing takes a larger share.
package final class FilingPace: Sendable {
    private static let window: Duration = .milliseconds(100)
    /// Mails in a window from which on there is a rush: 400 a second.
    private static let many = 40
    private static let restPerWork = 40
    private static let restPerWorkLater = 8
    private static let longestRest: Duration = .milliseconds(500)
    private static let longRush: Duration = .seconds(120)

    private struct State {
        var windowStart = ContinuousClock.now
        var accepted = 0
        var rushStart = ContinuousClock.now
        /// Until when the last rush is believed to go on.
        var rushEnd = ContinuousClock.now
        var next = ContinuousClock.now
    }

    private let state = Mutex(State())

    package init() {}

    /// So many mails were accepted just now.
    func noteAcceptance(_ count: Int) {
        let now = ContinuousClock.now
        state.withLock { state in
            if now - state.windowStart > Self.window {
                state.windowStart = now
                state.accepted = 0
            }
            state.accepted += count
            guard state.accepted >= Self.many else { return }
            if now >= state.rushEnd { state.rushStart = now }
            state.rushEnd = now + Self.window * 2
        }
    }

    /// Returns when filing may write; the task's end ends the wait too.
    func wait() async {
        let pause = state.withLock { $0.next - .now }
        if pause > .zero { try? await Task.sleep(for: pause) }
    }

    /// Filing has written since `start`.
    func noteWriting(since start: ContinuousClock.Instant) {
        let now = ContinuousClock.now
        state.withLock { state in
            guard now < state.rushEnd else { return }
            let rest = now - state.rushStart < Self.longRush ? Self.restPerWork : Self.restPerWorkLater
            state.next = max(now, state.next) + min((now - start) * rest, Self.longestRest)
        }
    }
}
