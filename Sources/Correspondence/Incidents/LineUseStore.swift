import Base
import Storage

/// An agreed line in one reply: the link is kept, so that each version is found wherever it was said.
package struct LineUse: Sendable, Equatable {
    package var id: ID
    package var line: ID
    package var ticket: ID
    package var draft: ID
    /// Nil while it is in a draft.
    package var message: ID?
    /// As they were put in; empty when the draft is gone.
    package var words: String
    package var member: ID
    package var at: Milliseconds
    /// Percent of the words that stood in the letter that left.
    package var kept: Int?
}

/// The table `line_use`.
package struct LineUseStore: Sendable {
    /// A use that counts: the letter left, and the words are still in it.
    static let isSaid: SQL = "line_use.message_id IS NOT NULL AND line_use.kept >= \(Insertion.least)"

    let ids: IDMaker

    func add(
        _ line: ID, words: String, to draft: Draft, by member: ID, at: Milliseconds, in db: any Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO line_use (id, line_id, ticket_id, draft_id, message_id, words, member_id, at, kept)
            VALUES (\(try ids.make()), \(line), \(draft.ticket), \(draft.id), NULL, \(words), \(member), \(at),
                NULL)
            """)
    }

    /// Of a draft the caller has already been allowed to see, oldest first.
    static func ofDraft(_ draft: ID, in db: any Connection) throws -> [LineUse] {
        try db.rows("SELECT * FROM line_use WHERE draft_id = \(draft) ORDER BY id").map(Self.read)
    }

    /// Of one version of a line: letters that left with it, and drafts it stands in; newest first.
    static func of(line: ID, limit: Int, in db: any Connection) throws -> [LineUse] {
        try db.rows(
            """
            SELECT * FROM line_use WHERE line_id = \(line) AND (message_id IS NULL OR \(isSaid))
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map(Self.read)
    }

    /// The letter goes: how much of each line is left in it.
    static func noteSent(_ draft: Draft, as message: ID, in db: any Connection) throws {
        for use in try ofDraft(draft.id, in: db) {
            try db.executeOne(
                """
                UPDATE line_use SET message_id = \(message), kept = \(Insertion.kept(use.words, in: draft.text))
                WHERE id = \(use.id)
                """)
        }
    }

    /// The letter was taken back.
    static func forget(message: ID, in db: any Connection) throws {
        try db.execute("UPDATE line_use SET message_id = NULL, kept = NULL WHERE message_id = \(message)")
    }

    /// The draft is gone: what was never sent is no use of a line, and words are kept no longer.
    static func forget(draft: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM line_use WHERE draft_id = \(draft) AND message_id IS NULL")
        try db.execute("UPDATE line_use SET words = '' WHERE draft_id = \(draft)")
    }

    /// What a redacted ticket leaves: numbers, no words.
    static func strike(ticket: ID, in db: any Connection) throws {
        try db.execute("UPDATE line_use SET words = '' WHERE ticket_id = \(ticket)")
    }

    private static func read(_ row: Row) throws -> LineUse {
        LineUse(
            id: try row.int("id"), line: try row.int("line_id"), ticket: try row.int("ticket_id"),
            draft: try row.int("draft_id"), message: try row.optionalInt("message_id"),
            words: try row.text("words"), member: try row.int("member_id"), at: try row.int("at"),
            kept: try row.optionalInt("kept").map { Int($0) })
    }
}
