import Base
import Storage

/// The tables `second_factor` and `recovery_code`. Secrets are sealed with the instance key, codes stored as its MAC.
package struct SecondFactorStore: Sendable {
    package static let recoveryCodes = 10

    /// What a code turned out to be.
    package enum Use: Sendable, Equatable {
        case time
        case recovery(left: Int)
    }

    private let ids: IDMaker
    private let random: Randomness
    private let key: InstanceKey
    private let events: EventStore

    package init(ids: IDMaker, random: Randomness, key: InstanceKey, events: EventStore) {
        self.ids = ids
        self.random = random
        self.key = key
        self.events = events
    }

    package func exists(of member: ID, in db: any Connection) throws -> Bool {
        try db.first("SELECT member_id FROM second_factor WHERE member_id = \(member)") != nil
    }

    /// Everybody who has one.
    package func members(in db: any Connection) throws -> Set<ID> {
        Set(try db.rows("SELECT member_id FROM second_factor").map { try $0.int("member_id") })
    }

    /// The secret offered to a session: the same until the session ends, stored nowhere.
    func offer(session: String) -> [UInt8] {
        Array(key.mac("second-factor-offer", Array(session.utf8)).prefix(TimeCode.secretLength))
    }

    /// Keeps a secret whose first code was right, in place of any other; returns ten new recovery codes.
    package func set(
        _ secret: [UInt8], usedStep: Int64, of member: ID, at: Milliseconds, in db: any Connection
    ) throws -> [String] {
        let sealed = try key.seal(secret, for: "second-factor-\(member)")
        try db.execute("DELETE FROM second_factor WHERE member_id = \(member)")
        try db.execute(
            """
            INSERT INTO second_factor (member_id, secret, last_step, created_at)
            VALUES (\(member), \(sealed), \(usedStep), \(at))
            """)
        try db.execute("DELETE FROM factor_reset WHERE member_id = \(member)")
        try events.add(Event("second-factor-set", actor: member, subject: member), at: at, in: db)
        return try makeCodes(of: member, in: db)
    }

    /// Ten new codes; the old ones work no more. They are shown once and are nowhere else.
    package func renewCodes(of member: ID, at: Milliseconds, in db: any Connection) throws -> [String] {
        try events.add(Event("recovery-codes-renewed", actor: member, subject: member), at: at, in: db)
        return try makeCodes(of: member, in: db)
    }

    package func codesLeft(of member: ID, in db: any Connection) throws -> Int {
        Int(
            try db.int(
                "SELECT COUNT(*) AS n FROM recovery_code WHERE member_id = \(member) AND used_at IS NULL"))
    }

    /// Takes a code that works once: six digits of now, or a recovery code. Nil when it is wrong or was used.
    package func spend(_ typed: String, of member: ID, at: Milliseconds, in db: any Connection) throws -> Use? {
        if let digits = TimeCode.digits(in: typed) { return try spendTime(digits, member, at, db) ? .time : nil }
        let hash = hash(typed, member)
        let used = try db.execute(
            """
            UPDATE recovery_code SET used_at = \(at)
            WHERE member_id = \(member) AND code_hash = \(hash) AND used_at IS NULL
            """)
        guard used == 1 else { return nil }
        let left = try codesLeft(of: member, in: db)
        let event = Event("recovery-code-used", actor: member, subject: member, data: ["left": String(left)])
        try events.add(event, at: at, in: db)
        return .recovery(left: left)
    }

    /// Takes the second factor away, and all sessions; `actor` is nil on the machine itself.
    package func remove(of member: ID, actor: ID?, at: Milliseconds, in db: any Connection) throws {
        try db.execute("DELETE FROM second_factor WHERE member_id = \(member)")
        try db.execute("DELETE FROM recovery_code WHERE member_id = \(member)")
        try db.execute("DELETE FROM factor_reset WHERE member_id = \(member)")
        try db.execute("DELETE FROM session WHERE member_id = \(member)")
        try events.add(Event("second-factor-reset", actor: actor, subject: member), at: at, in: db)
    }

    private func spendTime(_ digits: String, _ member: ID, _ at: Milliseconds, _ db: any Connection) throws -> Bool {
        guard let row = try db.first("SELECT secret, last_step FROM second_factor WHERE member_id = \(member)") else {
            return false
        }
        let secret = try key.open(try row.bytes("secret"), for: "second-factor-\(member)")
        let last = try row.int("last_step")
        guard let step = TimeCode.matchingStep(of: digits, secret: secret, at: at, after: last) else { return false }
        // Two nodes that read the same row: only one of them moves it on.
        return try db.execute(
            "UPDATE second_factor SET last_step = \(step) WHERE member_id = \(member) AND last_step < \(step)") == 1
    }

    private func makeCodes(of member: ID, in db: any Connection) throws -> [String] {
        try db.execute("DELETE FROM recovery_code WHERE member_id = \(member)")
        return try (0..<Self.recoveryCodes).map { _ in
            let code = Base32.encode(random.bytes(10))
            try db.execute(
                """
                INSERT INTO recovery_code (id, member_id, code_hash, used_at)
                VALUES (\(try ids.make()), \(member), \(hash(code, member)), NULL)
                """)
            return stride(from: 0, to: 16, by: 4).map { String(code.dropFirst($0).prefix(4)) }.joined(separator: "-")
        }
    }

    private func hash(_ code: String, _ member: ID) -> [UInt8] {
        let kept = code.lowercased().filter { $0.isLetter || $0.isNumber }
        return key.mac("recovery-code", Array("\(member) \(kept)".utf8))
    }
}
