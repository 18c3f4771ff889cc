import Synchronization

/// A 63-bit id: 42 bits of milliseconds since 2025-01-01, 10 bits of node, 11 bits of counter. Ordered by time on a
/// node.
package typealias ID = Int64

/// Makes ids; never the same twice, never backwards even when the clock is. Safe from any thread.
package final class IDMaker: Sendable {
    /// 2025-01-01T00:00:00Z.
    package static let epoch: Milliseconds = 1_735_689_600_000
    package static let nodes = 1024

    private struct State {
        var node: Int64
        var isValid: Bool
        var millisecond: Int64
        var counter: Int64
    }

    private let clock: Clock
    private let state: Mutex<State>

    /// `node` is leased in table `node`, so that no two running processes share one.
    /// `floor` is the newest id known, so that a clock set back over a restart does no harm.
    package init(node: Int, floor: ID = 0, clock: Clock) {
        precondition((0..<Self.nodes).contains(node))
        self.clock = clock
        let first = floor == 0 ? 0 : (floor >> 21) + 1
        state = Mutex(State(node: Int64(node), isValid: true, millisecond: first, counter: -1))
    }

    /// The number of this process.
    package var node: Int { state.withLock { Int($0.node) } }

    /// A process whose lease lapsed makes no ids until it has a number again.
    package func lapse() { state.withLock { $0.isValid = false } }

    package func resume(node: Int) {
        precondition((0..<Self.nodes).contains(node))
        state.withLock { state in
            state.node = Int64(node)
            state.isValid = true
        }
    }

    /// Throws `unavailable` while the lease has lapsed.
    package func make() throws(Failure) -> ID {
        let now = max(0, clock.now() - Self.epoch)
        let id: ID? = state.withLock { state in
            guard state.isValid else { return nil }
            if now > state.millisecond {
                state.millisecond = now
                state.counter = 0
            } else if state.counter < 2047 {
                state.counter += 1
            } else {
                // The counter is used up or the clock stands: run ahead of it rather than repeat.
                state.millisecond += 1
                state.counter = 0
            }
            return state.millisecond << 21 | state.node << 11 | state.counter
        }
        guard let id else { throw Failure(.unavailable, "error-unavailable", details: "the node's lease has lapsed") }
        return id
    }

    /// The millisecond an id was made in.
    package static func time(of id: ID) -> Milliseconds { (id >> 21) + epoch }
}
