import Base
import Storage

/// A forgotten password.
///
/// 1. Anyone types an address. Whatever it is, the same rows are written and the same page is shown; at most three
///    mails go to an address in a quarter of an hour.
/// 2. A job looks the address up and, for an account that can sign in, sends a link. Run twice it finds nothing.
/// 3. The link and the second factor, where there is one, let the member choose a password. All sessions end, the link
///    too, and the member is told.
package struct PasswordResetting: Sendable {
    package static let jobName = "password-reset"

    private let ways: WaysIn
    private let enqueue: @Sendable (ID, any Connection) throws -> Void

    /// `enqueue` adds the job of a wish in the transaction.
    package init(_ ways: WaysIn, enqueue: @escaping @Sendable (ID, any Connection) throws -> Void) {
        self.ways = ways
        self.enqueue = enqueue
    }

    /// `tooMany` for the network only: an address that had its share is answered like any other.
    package func ask(email: String, network: String) async throws {
        let now = ways.clock.now()
        try await ways.database.write { db in
            try ways.budget.spend([.network(network)], at: now, in: db)
            do { try ways.budget.spend([.mail(email)], at: now, in: db) } catch let failure as Failure
                where failure.code == .tooMany
            { return }
            try enqueue(try ways.links.addWish(email, in: db), db)
        }
    }

    /// The job. `finish` ends it in the same transaction.
    package func run(wish: ID, finish: @escaping @Sendable (any Connection) throws -> Void) async throws {
        let now = ways.clock.now()
        let reference = ways.random.reference()
        try await ways.database.write { db in
            try finish(db)
            guard let email = try ways.links.takeWish(wish, in: db),
                let member = try ways.members.find(email: email, in: db), !member.isDisabled
            else { return }
            try ways.links.add(reference, for: member.id, at: now, in: db)
            try ways.mails.sendPasswordLink(reference, to: member, at: now, in: db)
        }
    }

    /// Whose link it is, and whether a code is needed with it.
    package func find(link reference: String) async throws -> (member: Member, needsCode: Bool)? {
        let now = ways.clock.now()
        return try await ways.database.read { db in
            try ways.links.find(reference, at: now, in: db).map { ($0, try ways.factors.exists(of: $0.id, in: db)) }
        }
    }

    /// `notFound` when the link works no more, `refused` when the code is wrong, `tooMany` over the budget.
    package func finish(link reference: String, password: String, code: String, network: String) async throws {
        let now = ways.clock.now()
        try await ways.database.write { db in
            guard let member = try ways.links.find(reference, at: now, in: db) else {
                throw Failure(.notFound, "error-not-found")
            }
            try ways.budget.spend([.code(member.id), .network(network)], at: now, in: db)
        }
        let hash = try await ways.gate.hash(password)
        try await ways.database.write { db in
            guard let member = try ways.links.find(reference, at: now, in: db) else {
                throw Failure(.notFound, "error-not-found")
            }
            if try ways.factors.exists(of: member.id, in: db) {
                guard let use = try ways.factors.spend(code, of: member.id, at: now, in: db) else {
                    throw Failure(.refused, "account-code-wrong")
                }
                if case .recovery = use { try ways.telling.tell(.recoveryCodeUsed, member, at: now, in: db) }
            }
            try ways.budget.forget(.code(member.id), in: db)
            try ways.members.setPassword(hash, mustChange: false, of: member.id, at: now, in: db)
            try ways.sessions.closeAll(of: member.id, in: db)
            try ways.links.removeAll(of: member.id, in: db)
            try ways.telling.tell(.passwordChanged, member, at: now, in: db)
        }
    }
}
