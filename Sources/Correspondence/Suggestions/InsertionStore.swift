import Base
import Foundation
import Storage

/// The table `insertion`.
package struct InsertionStore: Sendable {
    private static let separator = "\u{1E}"
    /// Before hashes that stand where words stood.
    private static let gone: Character = "\u{1D}"

    private let ids: IDMaker
    private let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    func add(_ insertion: Insertion, queue: ID, at: Milliseconds, in db: any Connection) throws {
        let marks = insertion.paragraphs.map { "\($0.id):\($0.hash):\($0.isReviewed ? 1 : 0)" }
        let words = insertion.paragraphs.map(\.words).joined(separator: Self.separator)
        try db.execute(
            """
            INSERT INTO insertion (id, ticket_id, draft_id, message_id, text_id, version, wanted, language, marks,
                words, member_id, at, kept)
            VALUES (\(try ids.make()), \(insertion.ticket), \(insertion.draft), NULL, \(insertion.text),
                \(insertion.version), \(insertion.wanted), \(insertion.language), \(marks.joined(separator: " ")),
                \(words), \(insertion.member), \(at), NULL)
            """)
        let event = Event(
            "text-inserted", actor: insertion.member, queue: queue, ticket: insertion.ticket, subject: insertion.text,
            data: ["version": String(insertion.version), "language": insertion.language])
        try events.add(event, at: at, in: db)
    }

    /// Of a draft the caller has already been allowed to see, oldest first.
    package func ofDraft(_ draft: ID, in db: any Connection) throws -> [Insertion] {
        try db.rows("SELECT * FROM insertion WHERE draft_id = \(draft) ORDER BY id").map(Self.read)
    }

    /// Of a letter that left, those of which so many percent were left in it.
    func ofMessage(_ message: ID, keptAtLeast least: Int, in db: any Connection) throws -> [Insertion] {
        try db.rows(
            "SELECT * FROM insertion WHERE message_id = \(message) AND kept >= \(least) ORDER BY id"
        ).map(Self.read)
    }

    /// The letter goes: how much of each text is left in it.
    func noteSent(_ draft: Draft, as message: ID, in db: any Connection) throws {
        for insertion in try ofDraft(draft.id, in: db) {
            try db.executeOne(
                """
                UPDATE insertion SET message_id = \(message), kept = \(insertion.kept(in: draft.text))
                WHERE id = \(insertion.id)
                """)
        }
    }

    /// The letter was taken back.
    static func forget(message: ID, in db: any Connection) throws {
        try db.execute("UPDATE insertion SET message_id = NULL, kept = NULL WHERE message_id = \(message)")
    }

    /// The draft is gone: what was never sent is no use of a text, and words are kept no longer; only which paragraphs
    /// of the letter had been reviewed before.
    static func forget(draft: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM insertion WHERE draft_id = \(draft) AND message_id IS NULL")
        let rows = try db.rows("SELECT * FROM insertion WHERE draft_id = \(draft) ORDER BY id")
        guard !rows.isEmpty else { return }
        let writers = try ReviewStore.writers(ofDraft: draft, in: db)
        for insertion in try rows.map(read) {
            let source = try InsertedSource(insertion).source(except: writers, in: db)
            let marks = (source?.paragraphs ?? []).map { paragraph in
                String(gone) + (paragraph.isReviewed ? paragraph.marks.joined(separator: " ") : "")
            }
            try db.executeOne(
                "UPDATE insertion SET words = \(marks.joined(separator: separator)) WHERE id = \(insertion.id)")
        }
    }

    /// What a redacted ticket leaves: numbers, no words, and nothing to learn from.
    static func strike(ticket: ID, in db: any Connection) throws {
        try db.execute("UPDATE insertion SET words = '' WHERE ticket_id = \(ticket)")
        try db.execute("DELETE FROM answered WHERE ticket_id = \(ticket)")
    }

    /// How texts fared.
    package struct Use: Sendable, Equatable {
        package var sent = 0
        /// Percent of the words that stayed, on average.
        package var kept = 0
        /// Letters after which the person wrote again.
        package var answered = 0
    }

    /// Letters counted for one text: the newest.
    private static let counted = 500

    /// Of letters in queues the viewer sees.
    package func use(of text: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> Use {
        let row = try db.first(
            """
            SELECT COUNT(*) AS sent, CAST(COALESCE(SUM(kept), 0) AS BIGINT) AS kept,
                CAST(COALESCE(SUM(again), 0) AS BIGINT) AS answered FROM (
                SELECT insertion.kept, CASE WHEN EXISTS (
                    SELECT 1 FROM message WHERE message.ticket_id = insertion.ticket_id
                        AND message.id > insertion.message_id AND message.direction = 'in') THEN 1 ELSE 0 END AS again
                FROM insertion JOIN ticket ON ticket.id = insertion.ticket_id
                WHERE insertion.text_id = \(text) AND insertion.message_id IS NOT NULL
                    AND ticket.queue_id IN \(list: viewer.queues(.see))
                ORDER BY insertion.id DESC LIMIT \(Self.counted)) AS newest
            """)
        guard let row else { return Use() }
        let sent = Int(try row.int("sent"))
        return Use(
            sent: sent, kept: sent == 0 ? 0 : Int(try row.int("kept")) / sent, answered: Int(try row.int("answered")))
    }

    /// Texts that were used last in letters of queues the viewer sees, newest first.
    func used(visibleTo viewer: Viewer, limit: Int, in db: any Connection) throws -> [ID] {
        try db.rows(
            """
            SELECT insertion.text_id, MAX(insertion.id) AS newest FROM insertion
            JOIN ticket ON ticket.id = insertion.ticket_id
            WHERE insertion.message_id IS NOT NULL AND ticket.queue_id IN \(list: viewer.queues(.see))
            GROUP BY insertion.text_id ORDER BY newest DESC LIMIT \(limit)
            """
        ).map { try $0.int("text_id") }
    }

    private static func read(_ row: Row) throws -> Insertion {
        let words = try row.text("words").components(separatedBy: Self.separator)
        let marks = try row.text("marks").split(separator: " ").enumerated().compactMap {
            index, mark -> Insertion.Paragraph? in
            let parts = mark.split(separator: ":")
            guard parts.count == 3 else { return nil }
            let kept = index < words.count ? words[index] : ""
            let isGone = kept.first == gone
            return Insertion.Paragraph(
                id: ID(parts[0]) ?? 0, hash: String(parts[1]), isReviewed: parts[2] == "1",
                words: isGone ? "" : kept, marks: isGone ? kept.dropFirst().split(separator: " ").map(String.init) : [])
        }
        return Insertion(
            id: try row.int("id"), ticket: try row.int("ticket_id"), draft: try row.int("draft_id"),
            text: try row.int("text_id"), version: Int(try row.int("version")), wanted: try row.text("wanted"),
            language: try row.text("language"), paragraphs: marks, member: try row.int("member_id"))
    }
}
