import Base
import Crypto
import Storage

/// Signing in with address and password.
///
/// Attempts have a budget per account (10 in 15 minutes) and per network (60 in 15 minutes); over it the answer is
/// `tooMany` whoever asks, so nobody can lock another out for longer. A known and an unknown name take the same time
/// and get the same answer.
package struct SignIn: Sendable {
    private static let window: Milliseconds = 15 * 60_000
    private static let accountBudget: Int64 = 10
    private static let networkBudget: Int64 = 60

    private let database: Database
    private let members: MemberStore
    private let sessions: SessionStore
    private let gate: PasswordGate
    private let ids: IDMaker
    private let clock: Clock

    package init(
        database: Database, members: MemberStore, sessions: SessionStore, gate: PasswordGate, ids: IDMaker, clock: Clock
    ) {
        self.database = database
        self.members = members
        self.sessions = sessions
        self.gate = gate
        self.ids = ids
        self.clock = clock
    }

    /// The reference of a new session; `refused` when name or password are wrong. `network` is the peer's address.
    package func signIn(email: String, password: String, network: String) async throws -> String {
        let now = clock.now()
        let scopes = [SHA256Digest.of("account " + EmailAddress.folded(email)), SHA256Digest.of("network " + network)]
        let id = try ids.make(), other = try ids.make()
        let hash = try await database.write { [members] db in
            try Self.spend(scopes, ids: [id, other], at: now, in: db)
            return try members.find(email: email, in: db).flatMap { try members.passwordHash(of: $0.id, in: db) }
        }
        let isLong = password.utf8.count > Password.maximumLength * 4
        guard try await gate.matches(isLong ? "" : password, hash: hash) else {
            throw Failure(.refused, "sign-in-wrong")
        }
        return try await database.write { [members, sessions] db in
            guard let member = try members.find(email: email, in: db), !member.isDisabled else {
                throw Failure(.refused, "sign-in-wrong")
            }
            try db.execute("DELETE FROM sign_in_attempt WHERE scope_hash = \(scopes[0])")
            return try sessions.open(member: member.id, at: now, in: db)
        }
    }

    private static func spend(_ scopes: [[UInt8]], ids: [ID], at: Milliseconds, in db: any Connection) throws {
        try db.execute("DELETE FROM sign_in_attempt WHERE at <= \(at - window)")
        for (index, scope) in scopes.enumerated() {
            let used = try db.int("SELECT COUNT(*) AS n FROM sign_in_attempt WHERE scope_hash = \(scope)")
            guard used < (index == 0 ? accountBudget : networkBudget) else { throw Failure(.tooMany, "sign-in-busy") }
            try db.execute("INSERT INTO sign_in_attempt (id, scope_hash, at) VALUES (\(ids[index]), \(scope), \(at))")
        }
    }
}
