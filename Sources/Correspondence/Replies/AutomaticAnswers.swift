import Base
import Storage

/// What goes to people without a person having written it is capped, all kinds together. The table `automatic_answer`:
/// salted hashes of addresses.
struct AutomaticAnswers: Sendable {
    enum Budget: Sendable {
        /// One a day from a queue and two a week in all: two machines exchange at most two mails.
        case acknowledgement
        /// Our question to an address that somebody gave for it: two a day in all.
        case unasked
    }

    private static let day: Milliseconds = 86_400_000

    private let ids: IDMaker
    private let key: InstanceKey

    init(ids: IDMaker, key: InstanceKey) {
        self.ids = ids
        self.key = key
    }

    /// False when the address has had its share; else this one counts.
    func spend(
        _ budget: Budget, _ address: String, queue: ID, at: Milliseconds, in db: any Connection
    ) throws -> Bool {
        let hash = Self.hash(address, key)
        let count = { (since: Milliseconds, scope: SQL) throws -> Int64 in
            try db.int(
                "SELECT COUNT(*) AS n FROM automatic_answer WHERE address_hash = \(hash) AND at > \(since)" + scope)
        }
        let isLeft =
            switch budget {
            case .acknowledgement:
                try count(at - Self.day, " AND queue_id = \(queue)") < 1 && count(at - 7 * Self.day, "") < 2
            case .unasked: try count(at - Self.day, "") < 2
            }
        guard isLeft else { return false }
        try db.execute(
            """
            INSERT INTO automatic_answer (id, queue_id, address_hash, at)
            VALUES (\(try ids.make()), \(queue), \(hash), \(at))
            """)
        return true
    }

    static func hash(_ address: String, _ key: InstanceKey) -> [UInt8] {
        key.mac("automatic-answer", Array(EmailAddress.folded(address).utf8))
    }
}
