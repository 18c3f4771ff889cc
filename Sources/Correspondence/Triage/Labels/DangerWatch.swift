import Base
import Storage

/// Danger to life: known by the packs alone, at filing time, in the filing transaction. It waits for no model and no
/// job, and nobody is told that a mail without the flag is safe.
package struct DangerWatch: Sendable {
    /// What the packs find of a text.
    private let look: @Sendable (String) -> [KeywordPacks.Finding]
    /// Calls whoever is on duty: in the same transaction, so that it happens if and only if the flag is set.
    private let page: @Sendable (Ticket, _ at: Milliseconds, any Connection) throws -> Void

    package init(
        look: @escaping @Sendable (String) -> [KeywordPacks.Finding],
        page: @escaping @Sendable (Ticket, _ at: Milliseconds, any Connection) throws -> Void
    ) {
        self.look = look
        self.page = page
    }

    package static let none = DangerWatch(look: { _ in [] }, page: { _, _, _ in })

    /// What points to danger in a mail: in what is new, and in all of it, which counts for a mail that begins a ticket
    /// (what it quotes was not seen here before).
    struct Signs: Sendable {
        var new: KeywordPacks.Finding?
        var whole: KeywordPacks.Finding?
    }

    func signs(subject: String, newText: String, text: String) -> Signs {
        let new = look(subject + "\n" + (newText.isEmpty ? text : newText)).first { $0.label == .danger }
        let whole = text.count == newText.count ? new : look(subject + "\n" + text).first { $0.label == .danger }
        return Signs(new: new, whole: new ?? whole)
    }

    /// Sets label and urgency, writes record and event, calls. A ticket that was filed as junk comes back.
    func flag(
        _ ticket: Ticket, message: ID, finding: KeywordPacks.Finding, stores: Filing.Stores, at: Milliseconds,
        in db: any Connection
    ) throws {
        _ = try LabelStore().add(.danger, to: ticket.id, source: .pack, member: nil, at: at, in: db)
        try TriageSuggestionStore(ids: stores.tickets.ids).apply(
            .danger, ticket: ticket.id, message: message, reason: "\(finding.language):\(finding.match)", at: at, in: db
        )
        try DangerRecord.note(
            ticket.id, language: ticket.language ?? finding.language, by: .pack, at: at, in: db)
        try raise(ticket, actor: nil, stores: stores, at: at, in: db)
    }

    /// What a flag brings about, whoever set it.
    func raise(_ ticket: Ticket, actor: ID?, stores: Filing.Stores, at: Milliseconds, in db: any Connection) throws {
        if ticket.priority < 4 {
            try stores.tickets.setPriority(4, of: ticket, actor: actor, at: at, in: db)
        }
        if ticket.state == .junk, let now = try stores.tickets.find(ticket.id, in: db) {
            try stores.tickets.setState(.open, of: now, actor: actor, at: at, in: db)
        }
        let event = Event("danger-flagged", actor: actor, queue: ticket.queue, ticket: ticket.id)
        try stores.events.add(event, at: at, in: db)
        try page(ticket, at, db)
    }
}

/// The table `danger_record`: for each ticket about a life who noticed first, and what people made of it.
enum DangerRecord {
    enum Noticer: String { case pack, model, person }
    enum Verdict: String { case open = "", confirmed, mistaken }

    static func note(
        _ ticket: ID, language: String?, by noticer: Noticer, at: Milliseconds, in db: any Connection
    ) throws {
        try db.execute(
            """
            INSERT INTO danger_record (ticket_id, language, noticed_by, verdict, at)
            VALUES (\(ticket), \(language ?? ""), \(noticer.rawValue), '', \(at))
            ON CONFLICT (ticket_id) DO NOTHING
            """)
    }

    /// A person raised the flag: what the packs had flagged wrongly before counts as unnoticed.
    static func confirm(_ ticket: ID, in db: any Connection) throws {
        try db.execute(
            """
            UPDATE danger_record SET noticed_by = CASE WHEN verdict = 'mistaken' THEN 'person' ELSE noticed_by END,
                verdict = 'confirmed' WHERE ticket_id = \(ticket)
            """)
    }

    static func judge(_ ticket: ID, _ verdict: Verdict, in db: any Connection) throws {
        try db.execute("UPDATE danger_record SET verdict = \(verdict.rawValue) WHERE ticket_id = \(ticket)")
    }

    /// A flag that was raised by mistake and taken back at once counts for nothing.
    static func forget(_ ticket: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM danger_record WHERE ticket_id = \(ticket) AND noticed_by = 'person'")
    }

    /// What is known of the packs in a language.
    package struct Recall: Sendable, Equatable {
        package var language: String
        /// Cases people confirmed, or raised themselves.
        package var cases: Int
        /// Those of them that the packs had flagged.
        package var noticed: Int
        /// Flags that people took off as a mistake.
        package var mistaken: Int
        /// Flags nobody has judged yet.
        package var open: Int
    }

    static func recall(in db: any Connection) throws -> [Recall] {
        try db.rows(
            """
            SELECT language,
                SUM(CASE WHEN verdict = 'confirmed' THEN 1 ELSE 0 END) AS cases,
                SUM(CASE WHEN verdict = 'confirmed' AND noticed_by = 'pack' THEN 1 ELSE 0 END) AS noticed,
                SUM(CASE WHEN verdict = 'mistaken' THEN 1 ELSE 0 END) AS mistaken,
                SUM(CASE WHEN verdict = '' THEN 1 ELSE 0 END) AS open_count
            FROM danger_record GROUP BY language ORDER BY language
            """
        ).map {
            Recall(
                language: try $0.text("language"), cases: Int(try $0.int("cases")),
                noticed: Int(try $0.int("noticed")), mistaken: Int(try $0.int("mistaken")),
                open: Int(try $0.int("open_count")))
        }
    }
}
