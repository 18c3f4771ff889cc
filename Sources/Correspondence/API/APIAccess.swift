import Base
import Foundation
import HTTPTypes
import Hummingbird
import People
import Storage
import Web

/// Who calls the API: a member by a token. Wrong and missing tokens look the same.
struct APICaller: Sendable {
    var viewer: Viewer
    var name: String
    var scope: TokenScope
    /// `If-Match`: the tags the thing may have for a write to go on.
    var ifMatch: String?

    static func require(_ request: Request, _ access: APIAccess) async throws -> APICaller {
        guard let secret = BearerToken.secret(of: request) else { throw HTTPError(.unauthorized) }
        let ifMatch = request.headers[.ifMatch]
        let found = try await access.database.read { [access] db in
            try access.sessions.findToken(secret, in: db).map { member, scope in
                APICaller(
                    viewer: try access.members.viewer(member, in: db), name: member.name, scope: scope,
                    ifMatch: ifMatch)
            }
        }
        guard let found else { throw HTTPError(.unauthorized) }
        access.budget.open(secret)
        return found
    }

    /// Within the transaction of a write: that the thing still looks as the caller says with `If-Match`.
    func requireMatch(_ text: @autoclosure () throws -> String) throws {
        guard let ifMatch else { return }
        guard try EntityTag.isNamed(EntityTag.of(text()), in: ifMatch) else { throw APIRefusal.changedMeanwhile }
    }

    func requireWriting() throws(Failure) {
        guard scope == .write else { throw Failure(.refused, "error-refused") }
    }
}

/// What deciding about a caller needs.
package struct APIAccess: Sendable {
    package let database: Database
    package let members: MemberStore
    package let sessions: SessionStore
    package let budget: CallBudget

    package init(database: Database, members: MemberStore, sessions: SessionStore, budget: CallBudget) {
        self.database = database
        self.members = members
        self.sessions = sessions
        self.budget = budget
    }
}

/// The table `idempotency`: a repeated write with the same key gives the first answer again.
///
/// A row is there before the write begins, so that of two at once one does it and the other is told to wait. A write
/// that was refused gives its key back; one that ended without an answer keeps it: whether it was done is not known.
package struct IdempotencyStore: Sendable {
    static let kept: Milliseconds = 24 * 3_600_000
    /// Status of a write that has no answer yet.
    private static let begun = 0

    package init() {}

    /// The answer given before; nil when the key was free and is the caller's now. `invalid` when it came with another
    /// request, `conflict` while the first has no answer.
    func begin(
        _ key: [UInt8], member: ID, request: [UInt8], at: Milliseconds, in db: any Connection
    ) throws -> (status: Int, answer: String)? {
        try db.execute("DELETE FROM idempotency WHERE at < \(at - Self.kept)")
        let added = try db.execute(
            """
            INSERT INTO idempotency (member_id, key_hash, request_hash, status, answer, at)
            VALUES (\(member), \(key), \(request), \(Self.begun), '', \(at))
            ON CONFLICT (member_id, key_hash) DO NOTHING
            """)
        if added == 1 { return nil }
        let row = try db.first(
            "SELECT request_hash, status, answer FROM idempotency WHERE member_id = \(member) AND key_hash = \(key)")
        guard let row else { throw Failure(.conflict, "error-key-in-use", isTemporary: true) }
        guard try row.bytes("request_hash") == request else { throw Failure(.invalid, "error-invalid") }
        let status = Int(try row.int("status"))
        guard status != Self.begun else { throw Failure(.conflict, "error-key-in-use", isTemporary: true) }
        return (status, try row.text("answer"))
    }

    /// Nothing was done: the key may be used again.
    func giveBack(_ key: [UInt8], member: ID, in db: any Connection) throws {
        try db.execute(
            """
            DELETE FROM idempotency WHERE member_id = \(member) AND key_hash = \(key) AND status = \(Self.begun)
            """)
    }

    /// Whether a write with this key was answered before.
    static func isKnown(_ key: String, member: ID, in db: any Connection) throws -> Bool {
        let hash = SHA256Digest.of(key)
        return try db.first(
            """
            SELECT 1 AS one FROM idempotency
            WHERE member_id = \(member) AND key_hash = \(hash) AND status <> \(begun)
            """) != nil
    }

    func add(
        _ key: [UInt8], member: ID, request: [UInt8], status: Int, answer: String, at: Milliseconds,
        in db: any Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO idempotency (member_id, key_hash, request_hash, status, answer, at)
            VALUES (\(member), \(key), \(request), \(status), \(answer), \(at))
            ON CONFLICT (member_id, key_hash) DO UPDATE SET status = \(status), answer = \(answer)
            """)
    }
}
