import Base
import Synchronization

/// How often a token may call: so many a minute, all at once or spread out, and then as they come back. Kept in the
/// memory of this node; nothing is written.
package final class CallBudget: Sendable {
    /// What a token has left, in thousandths of a call, and when that was so.
    private struct Account: Sendable {
        var left: Int64
        var at: Milliseconds
    }

    /// Above so many, those that have everything back are forgotten.
    private static let most = 1000

    /// Calls a minute; 0 counts nothing.
    private let perMinute: Int64
    private let clock: Clock
    private let accounts = Mutex<[[UInt8]: Account]>([:])

    package init(perMinute: Int, clock: Clock) {
        self.perMinute = Int64(perMinute)
        self.clock = clock
    }

    /// Takes one call; the seconds to wait when there is none. A token that was never `open` is not known here.
    func spend(_ secret: String) -> Int? {
        guard perMinute > 0 else { return nil }
        let key = SHA256Digest.of(secret)
        let now = clock.now()
        return accounts.withLock { accounts in
            guard let account = accounts[key] else { return nil }
            let left = left(of: account, at: now)
            guard left >= 1000 else {
                let missing = (1000 - left) * 60
                return Int((missing + perMinute * 1000 - 1) / (perMinute * 1000))
            }
            accounts[key] = Account(left: left - 1000, at: now)
            return nil
        }
    }

    /// The token is a real one: from its first call on it is counted.
    package func open(_ secret: String) {
        guard perMinute > 0 else { return }
        let key = SHA256Digest.of(secret)
        let now = clock.now()
        accounts.withLock { accounts in
            guard accounts[key] == nil else { return }
            if accounts.count >= Self.most {
                accounts = accounts.filter { left(of: $0.value, at: now) < perMinute * 1000 }
            }
            accounts[key] = Account(left: (perMinute - 1) * 1000, at: now)
        }
    }

    private func left(of account: Account, at now: Milliseconds) -> Int64 {
        // A minute gives everything back; more must not overflow.
        let passed = min(max(now - account.at, 0), 60_000)
        return min(perMinute * 1000, account.left + passed * perMinute / 60)
    }
}
