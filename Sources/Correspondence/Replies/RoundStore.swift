import Base
import Storage

/// The same letter to several people, each alone.
package struct Round: Sendable, Equatable {
    package enum State: String, Sendable { case waiting, going, done, cancelled }

    package var id: ID
    package var queue: ID
    package var author: ID
    package var from: String
    package var subject: String
    package var text: String
    package var hasSignature: Bool
    package var state: State
    package var notBefore: Milliseconds
    package var createdAt: Milliseconds
    /// Why it goes although the check holds it back; empty otherwise.
    package var because = ""

    /// One of the people, with the ticket their letter opened.
    package struct Person: Sendable, Equatable {
        package var position: Int
        package var address: String
        package var ticket: ID?
        package var isSent: Bool
        /// Message key of why nothing was sent; empty otherwise.
        package var problem: String
    }
}

/// The tables `letter_round`, `letter_round_person` and `letter_round_file`.
package struct RoundStore: Sendable {
    private let ids: IDMaker
    private let raws: RawStore

    package init(ids: IDMaker, raws: RawStore) {
        self.ids = ids
        self.raws = raws
    }

    func add(_ round: Round, addresses: [String], in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO letter_round (id, queue_id, author_id, from_address, subject, text, has_signature, state,
                not_before, created_at, because)
            VALUES (\(round.id), \(round.queue), \(round.author), \(round.from), \(round.subject), \(round.text),
                \(round.hasSignature), \(round.state.rawValue), \(round.notBefore), \(round.createdAt),
                \(round.because))
            """)
        for (position, address) in addresses.enumerated() {
            try db.execute(
                """
                INSERT INTO letter_round_person (round_id, position, address, ticket_id, is_sent, problem)
                VALUES (\(round.id), \(position), \(address), NULL, 0, '')
                """)
        }
    }

    func addFile(_ file: DraftFile, to round: ID, in db: any Connection) throws {
        let raw = try raws.add(file.bytes, in: db)
        try db.execute(
            """
            INSERT INTO letter_round_file (id, round_id, filename, content_type, raw_id)
            VALUES (\(try ids.make()), \(round), \(file.filename), \(file.contentType), \(raw))
            """)
    }

    func files(of round: ID, in db: any Connection) throws -> [DraftFile] {
        try db.rows("SELECT * FROM letter_round_file WHERE round_id = \(round) ORDER BY id").map {
            DraftFile(
                filename: try $0.text("filename"), contentType: try $0.text("content_type"),
                bytes: try raws.bytes(of: try $0.int("raw_id"), in: db))
        }
    }

    func find(_ id: ID, in db: any Connection) throws -> Round? {
        try db.first("SELECT * FROM letter_round WHERE id = \(id)").map(Self.read)
    }

    /// Not there and not allowed look the same.
    package func require(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Round {
        guard let round = try find(id, in: db), viewer.may(.see, queue: round.queue) else {
            throw Failure(.notFound, "error-not-found")
        }
        return round
    }

    package func people(of round: ID, in db: any Connection) throws -> [Round.Person] {
        try db.rows("SELECT * FROM letter_round_person WHERE round_id = \(round) ORDER BY position").map {
            Round.Person(
                position: Int(try $0.int("position")), address: try $0.text("address"),
                ticket: try $0.optionalInt("ticket_id"), isSent: try $0.bool("is_sent"),
                problem: try $0.text("problem"))
        }
    }

    /// `conflict` when it was in another state.
    func move(_ id: ID, from: Round.State, to: Round.State, in db: any Connection) throws {
        try db.executeOne(
            "UPDATE letter_round SET state = \(to.rawValue) WHERE id = \(id) AND state = \(from.rawValue)")
    }

    func setPerson(_ person: Round.Person, of round: ID, in db: any Connection) throws {
        try db.executeOne(
            """
            UPDATE letter_round_person SET ticket_id = \(person.ticket), is_sent = \(person.isSent),
                problem = \(person.problem)
            WHERE round_id = \(round) AND position = \(person.position)
            """)
    }

    private static func read(_ row: Row) throws -> Round {
        Round(
            id: try row.int("id"), queue: try row.int("queue_id"), author: try row.int("author_id"),
            from: try row.text("from_address"), subject: try row.text("subject"), text: try row.text("text"),
            hasSignature: try row.bool("has_signature"),
            state: Round.State(rawValue: try row.text("state")) ?? .cancelled,
            notBefore: try row.int("not_before"), createdAt: try row.int("created_at"),
            because: try row.text("because"))
    }
}

/// A file on its way into a draft.
package struct DraftFile: Sendable, Equatable {
    package var filename: String
    package var contentType: String
    package var bytes: [UInt8]

    package init(filename: String, contentType: String, bytes: [UInt8]) {
        self.filename = DraftFileName.cleaned(filename)
        self.contentType = DraftFileName.type(contentType)
        self.bytes = PictureTraces.removed(from: bytes)
    }
}
