import Synchronization

/// What the workers of this node run, as they know it: the table may say that they hold more, when the answer to a
/// claim was lost after it was committed.
///
/// From a lost answer on no claim begins; once those under way have ended, what is held but not run is released.
final class HeldJobs: Sendable {
    private struct State {
        var running: Set<Job> = []
        var claims = 0
        var isUnsure = false
        var isReleasing = false
    }

    private let state = Mutex(State())

    /// False when strays are to be released first.
    func beginClaim() -> Bool {
        state.withLock { state in
            guard !state.isUnsure else { return false }
            state.claims += 1
            return true
        }
    }

    /// `nil` when it is not known what was claimed.
    func endClaim(_ jobs: [Job]?) {
        state.withLock { state in
            state.claims -= 1
            if let jobs { state.running.formUnion(jobs) } else { state.isUnsure = true }
        }
    }

    /// They are done, or what became of them is recorded.
    func end(_ jobs: [Job]) { state.withLock { $0.running.subtract(jobs) } }

    /// The jobs to be spared when all others are released; `nil` when nothing is to be released, or not by this worker.
    func beginRelease() -> Set<Job>? {
        state.withLock { state in
            guard state.isUnsure, state.claims == 0, !state.isReleasing else { return nil }
            state.isReleasing = true
            return state.running
        }
    }

    func endRelease(isDone: Bool) {
        state.withLock { state in
            state.isReleasing = false
            if isDone { state.isUnsure = false }
        }
    }
}
