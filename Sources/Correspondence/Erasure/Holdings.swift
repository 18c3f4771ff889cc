import Base
import Knowledge
import People
import Storage
import Text

/// What is held about a person, as far as a viewer sees it: for whoever asks to know, and before it is erased.
package struct Holdings: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case messages, files, sent, notes, drafts, reviews, inserted, lessons, forms, receipts, letters, searches
        case suggested, undo, notices, blocked
    }

    /// A ticket the person stands in.
    package struct Held: Sendable {
        package var ticket: Ticket
        /// Theirs; else somebody else's, in which they take part.
        package var isOwn: Bool
        package var reason: HoldStore.Reason?
    }

    static let mostTickets = 500
    private static let mostTexts = 50

    package var contact: Contact
    package var addresses: [String]
    package var tickets: [Held]
    package var counts: [Kind: Int]
    /// A model has learned from one of the tickets.
    package var isLearned: Bool
    /// Somebody of us signs in with one of the addresses: that account is another matter.
    package var isMember: Bool

    package var own: [Held] { tickets.filter(\.isOwn) }
    package var others: [Held] { tickets.filter { !$0.isOwn } }
    package var kept: [Held] { tickets.filter { $0.reason != nil } }

    /// What others may have written of the person: each address, and a name of more than one word.
    private var phrases: [String] {
        addresses + (contact.name.split(whereSeparator: \.isWhitespace).count > 1 ? [contact.name] : [])
    }
}

extension Holdings {
    /// Nil where there is no such contact. For administrators; `queues` nil is all there are.
    package static func read(
        _ contact: ID, in queues: [ID]?, _ stores: Filing.Stores, db: any Connection
    ) throws -> Holdings? {
        guard let found = try stores.contacts.find(contact, in: db) else { return nil }
        let addresses = try stores.contacts.addresses(of: contact, in: db).map { EmailAddress.folded($0.address) }
        let known = try PersonFinding.known(contact, Set(addresses), in: db)
        let within: SQL = queues.map { " AND queue_id IN \(list: $0)" } ?? ""
        let tickets = try db.rows(
            "SELECT * FROM ticket WHERE id IN \(list: known)\(within) ORDER BY created_at DESC, id DESC"
        ).map(TicketStore.read)
        let held = try tickets.prefix(mostTickets).map {
            Held(
                ticket: $0, isOwn: $0.contact == contact, reason: try HoldStore.reason($0.id, in: db))
        }
        let ids = tickets.map(\.id)
        let own = tickets.filter { $0.contact == contact }.map(\.id)
        let counts = try count(ids, own: own, addresses, within, in: db)
        let isLearned =
            try !ids.isEmpty
            && db.first(
                """
                SELECT 1 AS one FROM triage_trained JOIN triage_model ON triage_model.id = triage_trained.model_id
                WHERE triage_model.is_current = 1 AND triage_trained.ticket_id IN \(list: ids) LIMIT 1
                """) != nil
        let isMember = try db.first("SELECT id FROM member WHERE email IN \(list: addresses) LIMIT 1") != nil
        return Holdings(
            contact: found, addresses: addresses, tickets: held, counts: counts, isLearned: isLearned,
            isMember: isMember)
    }

    private static func count(
        _ tickets: [ID], own: [ID], _ addresses: [String], _ within: SQL, in db: any Connection
    ) throws -> [Kind: Int] {
        let theirs: SQL = """
            FROM message WHERE ticket_id IN \(list: tickets) AND direction = 'in'
                AND LOWER(from_address) IN \(list: addresses)
            """
        let questions: [(Kind, SQL)] = [
            (.messages, "SELECT COUNT(*) AS n \(theirs)"),
            (.files, "SELECT COUNT(*) AS n FROM attachment WHERE message_id IN (SELECT id \(theirs))"),
            (
                .sent,
                """
                SELECT COUNT(DISTINCT message.id) AS n FROM message
                JOIN message_address ON message_address.message_id = message.id
                WHERE message.ticket_id IN \(list: tickets) AND message.direction = 'out'
                    AND LOWER(message_address.address) IN \(list: addresses)
                """
            ),
            (.notes, "SELECT COUNT(*) AS n FROM message WHERE ticket_id IN \(list: own) AND direction = 'note'"),
            (.drafts, "SELECT COUNT(*) AS n FROM draft WHERE ticket_id IN \(list: own) AND sent_message IS NULL"),
            (.reviews, "SELECT COUNT(*) AS n FROM review WHERE ticket_id IN \(list: own)"),
            (.inserted, "SELECT COUNT(*) AS n FROM insertion WHERE ticket_id IN \(list: own)"),
            (
                .lessons,
                """
                SELECT COUNT(*) AS n FROM review JOIN review_comment ON review_comment.review_id = review.id
                JOIN lesson_offer ON lesson_offer.comment_id = review_comment.id WHERE review.ticket_id IN \(list: own)
                """
            ),
            (.forms, "SELECT COUNT(*) AS n FROM form_submission WHERE address IN \(list: addresses)\(within)"),
            (.receipts, "SELECT COUNT(*) AS n FROM outbox WHERE ticket_id IN \(list: own) AND message_id IS NULL"),
            (
                .letters,
                """
                SELECT COUNT(*) AS n FROM letter_round_person
                JOIN letter_round ON letter_round.id = letter_round_person.round_id
                WHERE letter_round_person.address IN \(list: addresses)\(within)
                """
            ),
            (.searches, "SELECT COUNT(DISTINCT message_id) AS n FROM search_row WHERE ticket_id IN \(list: own)"),
            (.suggested, "SELECT COUNT(*) AS n FROM triage_suggestion WHERE ticket_id IN \(list: own)"),
            (.undo, "SELECT COUNT(*) AS n FROM bulk_item WHERE ticket_id IN \(list: own)"),
            (.notices, "SELECT COUNT(*) AS n FROM notice WHERE ticket_id IN \(list: own)"),
            (.blocked, "SELECT COUNT(*) AS n FROM blocked_sender WHERE address IN \(list: addresses)\(within)"),
        ]
        return Dictionary(
            uniqueKeysWithValues: try questions.map { kind, sql in (kind, Int(try db.int(sql))) })
    }

    /// Tickets of others whose words name the person: what is said of them there nobody can know but who reads it.
    package func mentions(
        visibleTo viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> [Ticket] {
        let known = Set(tickets.map(\.ticket.id))
        var found: [Ticket] = []
        for words in phrases {
            let plain = words.filter { $0 != "\"" }
            guard let query = try? SearchQuery.parse("\"\(plain)\"", now: at) else { continue }
            let page = try TicketSearch().page(query, visibleTo: viewer, after: nil, limit: 20, in: db)
            let others = page.tickets.filter { ticket in
                !known.contains(ticket.id) && !found.contains { $0.id == ticket.id }
            }
            found += others
        }
        return found
    }

    /// Texts of the knowledge store in which the person is named; nothing of them is erased.
    package func texts(visibleTo viewer: Viewer, in db: any Connection) throws -> [TextMentions.Mention] {
        try TextMentions().find(phrases, visibleTo: viewer, limit: Self.mostTexts, in: db)
    }
}
