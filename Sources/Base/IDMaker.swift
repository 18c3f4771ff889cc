import Synchronization

/// A 63-bit id: 42 bits of milliseconds since 2025-01-01, 10 bits of node, 11 bits of counter. Ordered by time on a node.
package typealias ID = Int64

/// Makes ids; never the same twice, never backwards even when the clock is. Safe from any thread.
package final class IDMaker: Sendable {
    /// 2025-01-01T00:00:00Z.
    package static let epoch: Milliseconds = 1_735_689_600_000
    package static let nodes = 1024

    private struct State {
        var millisecond: Int64
        var counter: Int64
    }

    private let node: Int64
    private let clock: Clock
    private let state = Mutex(State(millisecond: 0, counter: 0))

    /// `node` is leased in table `node`, so that no two running processes share one.
    package init(node: Int, clock: Clock) {
        precondition((0..<Self.nodes).contains(node))
        self.node = Int64(node)
        self.clock = clock
    }

    package func make() -> ID {
        let now = max(0, clock.now() - Self.epoch)
        return state.withLock { state in
            if now > state.millisecond {
                state = State(millisecond: now, counter: 0)
            } else if state.counter < 2047 {
                state.counter += 1
            } else {
                // The counter is used up or the clock stands: run ahead of it rather than repeat.
                state = State(millisecond: state.millisecond + 1, counter: 0)
            }
            return state.millisecond << 21 | node << 11 | state.counter
        }
    }

    /// The millisecond an id was made in.
    package static func time(of id: ID) -> Milliseconds { (id >> 21) + epoch }
}
