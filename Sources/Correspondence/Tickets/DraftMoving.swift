import Base
import Storage

/// What is being written in a ticket that is merged goes along.
struct DraftMoving: Sendable {
    let ids: IDMaker

    /// A version no ticket has: whoever wrote has not read the other ticket, so their reply is held until they have.
    private static let unread: Int64 = -1

    /// Drafts that move as they are: their author writes nothing of the kind in the target.
    static func movable(from source: ID, to target: ID) -> SQL {
        """
        SELECT id FROM draft WHERE ticket_id = \(source) AND (sent_message IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM draft AS other WHERE other.ticket_id = \(target) AND other.author_id = draft.author_id
                AND other.kind = draft.kind AND other.sent_message IS NULL))
        """
    }

    /// Nothing leaves by itself any more: it was to go to another ticket. Where an author writes in both, the words
    /// and files are put below those in the target.
    func move(from source: ID, to target: ID, at: Milliseconds, in db: any Connection) throws {
        try db.execute(
            """
            UPDATE draft SET ticket_id = \(target), seen_version = \(Self.unread), version = version + 1,
                held = CASE WHEN send_at IS NULL THEN held ELSE 'draft-changed' END, send_at = NULL, send_by = NULL
            WHERE id IN (\(Self.movable(from: source, to: target)))
            """)
        let rest = try db.rows(
            """
            SELECT draft.id, draft.text, other.id AS other_id FROM draft
            JOIN draft AS other ON other.ticket_id = \(target) AND other.author_id = draft.author_id
                AND other.kind = draft.kind AND other.sent_message IS NULL
            WHERE draft.ticket_id = \(source)
            """)
        for row in rest {
            try DraftJoining(ids: ids).join(
                try row.int("id"), text: try row.text("text"), into: try row.int("other_id"), at: at, in: db)
        }
    }
}

/// Makes two drafts of one author one.
struct DraftJoining: Sendable {
    let ids: IDMaker

    /// Words and files of the first are put below those of the other, and the first is gone.
    func join(_ draft: ID, text: String, into other: ID, at: Milliseconds, in db: any Connection) throws {
        try db.execute("UPDATE draft_file SET draft_id = \(other) WHERE draft_id = \(draft)")
        for writer in try ReviewStore(ids: ids).writers(ofDraft: draft, in: db) {
            try ReviewStore.noteWriter(writer, of: other, in: db)
        }
        try InsertionStore.forget(draft: draft, in: db)
        try LineUseStore.forget(draft: draft, in: db)
        try ReviewStore.noteDeleted(draft: draft, in: db)
        try db.executeOne("DELETE FROM draft WHERE id = \(draft)")
        guard !text.isEmpty else { return }
        try db.executeOne(
            """
            UPDATE draft SET text = CASE WHEN text = '' THEN \(text) ELSE text || \("\n\n" + text) END,
                seen_version = -1, version = version + 1, updated_at = \(at),
                held = CASE WHEN send_at IS NULL THEN held ELSE 'draft-changed' END, send_at = NULL, send_by = NULL
            WHERE id = \(other)
            """)
    }
}
