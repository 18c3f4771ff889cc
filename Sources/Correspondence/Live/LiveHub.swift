import Base
import Jobs
import Synchronization

/// What this node knows of the present: the newest sealed event, who is on which ticket, how many streams are open.
///
/// It holds no words and no events: whoever is woken reads from the database, with their own rights.
package final class LiveHub: Sendable {
    /// Open streams of one member and of this node; beyond them a page asks now and then instead.
    package static let streamsOfMember = 12
    package static let streams = 2000

    private struct State {
        var head: Int64 = 0
        var isClosed = false
        var streams: [ID: Int] = [:]
        var presenceVersion: UInt64 = 0
        var tell: (@Sendable (String) -> Void)?
    }

    /// Rung when there is something to read.
    package let alarm = JobAlarm()
    package let board = PresenceBoard()
    private let state = Mutex(State())
    private let clock: Clock

    package init(clock: Clock) { self.clock = clock }

    // MARK: - Events

    /// The newest `seq` this node has heard of.
    package var head: Int64 { state.withLock { $0.head } }

    /// Wakes the streams when `seq` is news.
    package func advance(to seq: Int64) {
        let isNews = state.withLock { state in
            guard seq > state.head else { return false }
            state.head = seq
            return true
        }
        if isNews { alarm.ring() }
    }

    // MARK: - Presence

    /// Grows when what others see of presence has changed.
    package var presenceVersion: UInt64 { state.withLock { $0.presenceVersion } }

    /// Whom the words of presence are told: other nodes.
    package func onPresence(_ tell: (@Sendable (String) -> Void)?) { state.withLock { $0.tell = tell } }

    /// A page of this node said what its reader does. Heard again before it expires, it is told again.
    package func note(_ entry: PresenceBoard.Entry) {
        let isNews = board.note(entry, at: clock.now())
        state.withLock { $0.tell }?(entry.word)
        if isNews { noteChange() }
    }

    /// Another node told of a page of its own.
    package func hear(_ word: String) {
        guard let entry = PresenceBoard.Entry(word: word) else { return }
        if board.note(entry, at: clock.now()) { noteChange() }
    }

    /// Forgets pages that were not heard of; called once a second.
    package func expire() {
        if board.expire(at: clock.now()) { noteChange() }
    }

    private func noteChange() {
        state.withLock { $0.presenceVersion &+= 1 }
        alarm.ring()
    }

    // MARK: - Streams

    package var isClosed: Bool { state.withLock { $0.isClosed } }

    /// A place for one more stream, given back when nobody holds it; nil when the member or the node has enough of
    /// them, or the node is ending.
    package func enter(_ member: ID) -> Place? {
        let isFree = state.withLock { state in
            let own = state.streams[member] ?? 0
            guard !state.isClosed, own < Self.streamsOfMember, state.streams.values.reduce(0, +) < Self.streams else {
                return false
            }
            state.streams[member] = own + 1
            return true
        }
        return isFree ? Place(hub: self, member: member) : nil
    }

    /// Holds the place of one stream.
    package final class Place: Sendable {
        private let hub: LiveHub
        private let member: ID

        fileprivate init(hub: LiveHub, member: ID) {
            self.hub = hub
            self.member = member
        }

        deinit { hub.leave(member) }
    }

    private func leave(_ member: ID) {
        state.withLock { state in
            let own = state.streams[member] ?? 0
            state.streams[member] = own > 1 ? own - 1 : nil
        }
    }

    /// Ends all streams: browsers come back, to another node or to the next process.
    package func close() {
        state.withLock { $0.isClosed = true }
        alarm.ring()
    }
}
