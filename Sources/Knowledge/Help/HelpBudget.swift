import Base
import Foundation
import Synchronization

/// How often one network may say whether a text helped. Networks are held as a hash under a key that ends with the
/// process, for an hour, in memory only.
final class HelpBudget: Sendable {
    private static let perHour = 30
    private static let mostNetworks = 20_000

    private struct State {
        var hour: Int64 = 0
        var counts: [Int: Int] = [:]
    }

    private let salt = UUID()
    private let state = Mutex(State())

    /// `tooMany` when it is used up.
    func take(_ network: String, at now: Milliseconds) throws(Failure) {
        var hasher = Hasher()
        hasher.combine(salt)
        hasher.combine(network)
        let key = hasher.finalize()
        let isLeft = state.withLock { state in
            let hour = now / 3_600_000
            if state.hour != hour || state.counts.count >= Self.mostNetworks {
                state = State(hour: hour, counts: [:])
            }
            state.counts[key, default: 0] += 1
            return state.counts[key, default: 0] <= Self.perHour
        }
        guard isLeft else { throw Failure(.tooMany, "error-too-many") }
    }
}
