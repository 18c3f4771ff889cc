import Base
import Storage

/// The table `sign_in_attempt`: how often something may be tried in a quarter of an hour. Scopes are stored hashed.
package struct SignInBudget: Sendable {
    private static let window: Milliseconds = 15 * 60_000

    /// What is counted, and how many are allowed.
    package struct Scope: Sendable {
        let hash: [UInt8]
        let limit: Int64

        static func account(_ email: String) -> Scope { Scope("account " + EmailAddress.folded(email), 10) }
        static func network(_ address: String) -> Scope { Scope("network " + address, 60) }
        /// Codes of a member: with three valid ones of a million, ten tries are one in 33,000.
        static func code(_ member: ID) -> Scope { Scope("code \(member)", 10) }
        /// Mails with a link to an address.
        static func mail(_ email: String) -> Scope { Scope("mail " + EmailAddress.folded(email), 3) }

        private init(_ name: String, _ limit: Int64) {
            hash = SHA256Digest.of(name)
            self.limit = limit
        }
    }

    private let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    /// Throws `tooMany` when a scope is used up; then nothing is counted.
    package func spend(_ scopes: [Scope], at: Milliseconds, in db: any Connection) throws {
        try db.execute("DELETE FROM sign_in_attempt WHERE at <= \(at - Self.window)")
        for scope in scopes {
            // Many at once are counted one after the other.
            try db.lock("budget " + Hex.encode(scope.hash))
            let used = try db.int("SELECT COUNT(*) AS n FROM sign_in_attempt WHERE scope_hash = \(scope.hash)")
            guard used < scope.limit else { throw Failure(.tooMany, "sign-in-busy") }
            try db.execute(
                "INSERT INTO sign_in_attempt (id, scope_hash, at) VALUES (\(try ids.make()), \(scope.hash), \(at))")
        }
    }

    /// After a success.
    package func forget(_ scope: Scope, in db: any Connection) throws {
        try db.execute("DELETE FROM sign_in_attempt WHERE scope_hash = \(scope.hash)")
    }
}
