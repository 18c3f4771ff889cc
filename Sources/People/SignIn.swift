import Base
import Crypto
import Storage

/// Signing in: address and password, then a code where there is a second factor.
///
/// 1. Address and password. A known and an unknown name take the same time and get the same answer.
/// 2. With a second factor: a session that opens nothing but the page for the code, for ten minutes.
/// 3. The code: that session ends, a new one is open. Without a second factor step 1 opens it.
///
/// Attempts have a budget per account (10 in 15 minutes), per member for codes (10) and per network (60); over it the
/// answer is `tooMany` whoever asks, so nobody can lock another out for longer.
package struct SignIn: Sendable {
    /// What came of a step: a new session, and how far it reaches.
    package struct Entry: Sendable {
        package var session: String
        package var stage: SessionStage
    }

    private let database: Database
    private let members: MemberStore
    private let sessions: SessionStore
    private let factors: SecondFactorStore
    private let resets: FactorResetStore
    private let telling: Telling
    private let gate: PasswordGate
    private let budget: SignInBudget
    private let clock: Clock

    package init(_ ways: WaysIn) {
        database = ways.database
        members = ways.members
        sessions = ways.sessions
        factors = ways.factors
        resets = ways.resets
        telling = ways.telling
        gate = ways.gate
        budget = ways.budget
        clock = ways.clock
    }

    /// `refused` when name or password are wrong. `network` is the peer's address.
    package func signIn(email: String, password: String, network: String, device: String) async throws -> Entry {
        let now = clock.now()
        let scope = SignInBudget.Scope.account(email)
        let hash = try await database.write { [members, budget] db in
            try budget.spend([scope, .network(network)], at: now, in: db)
            return try members.find(email: email, in: db).flatMap { try members.passwordHash(of: $0.id, in: db) }
        }
        let isLong = password.utf8.count > Password.maximumLength * 4
        guard try await gate.matches(isLong ? "" : password, hash: hash) else {
            throw Failure(.refused, "sign-in-wrong")
        }
        return try await database.write { [members, sessions, factors, budget] db in
            // The password may have been changed while the old one was being compared.
            guard let member = try members.find(email: email, in: db), !member.isDisabled,
                try members.passwordHash(of: member.id, in: db) == hash
            else { throw Failure(.refused, "sign-in-wrong") }
            try budget.forget(scope, in: db)
            let stage: SessionStage = try factors.exists(of: member.id, in: db) ? .code : .open
            let session = try sessions.open(member: member.id, stage: stage, device: device, at: now, in: db)
            return Entry(session: session, stage: stage)
        }
    }

    /// The second step: `notFound` when the first one is too long ago, `refused` when the code is wrong or was used.
    package func enter(code: String, after reference: String, network: String, device: String) async throws -> String {
        let now = clock.now()
        let member = try await database.write { [sessions, budget] db in
            guard let member = try sessions.findAwaitingCode(reference, at: now, in: db) else {
                throw Failure(.notFound, "account-code-late")
            }
            try budget.spend([.code(member.id), .network(network)], at: now, in: db)
            return member
        }
        return try await database.write { [sessions, factors, resets, telling, budget] db in
            guard let use = try factors.spend(code, of: member.id, at: now, in: db) else {
                throw Failure(.refused, "account-code-wrong")
            }
            try budget.forget(.code(member.id), in: db)
            if case .recovery = use { try telling.tell(.recoveryCodeUsed, member, at: now, in: db) }
            try resets.forget(member.id, in: db)
            try sessions.close(reference, in: db)
            return try sessions.open(member: member.id, device: device, at: now, in: db)
        }
    }

    /// Who is between the two steps.
    package func awaited(_ reference: String) async throws -> Member? {
        let now = clock.now()
        return try await database.read { [sessions] db in try sessions.findAwaitingCode(reference, at: now, in: db) }
    }
}
