import Base
import Knowledge
import Outbox
import Storage

/// What lies around the messages of a ticket and holds words, names or addresses of an erased person.
struct TicketSurroundings: Sendable {
    let stores: Filing.Stores
    let drafts: DraftStore
    let look: TicketLook
    let words: ErasedWords

    private var id: ID { look.ticket.id }

    func erase(at: Milliseconds, in db: any Connection) throws {
        let preview = try eraseTicket(in: db)
        try erasePeople(in: db)
        try eraseDrafts(at: at, in: db)
        try eraseReviews(in: db)
        try eraseTraces(preview: preview, in: db)
        try eraseReceipts(in: db)
        try TriageSuggestionStore.strike(ticket: id, in: db)
        try forgetLearned(in: db)
        if look.isOwn, look.others.isEmpty { try close(at: at, in: db) }
    }

    // MARK: - The ticket

    /// Returns what is left of the preview.
    private func eraseTicket(in db: any Connection) throws -> String {
        let ticket = look.ticket
        let newest = look.others.last { $0.message.direction != .note }?.message.newText ?? ""
        let plain = words.removed(from: newest).prefix(480).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let preview = String(plain.prefix(160))
        let subject = look.isOwn ? "" : words.removed(from: ticket.subject)
        let sender = look.isOwn ? "" : words.removed(from: ticket.sender)
        try db.executeOne(
            """
            UPDATE ticket SET subject = \(subject), sender = \(sender), preview = \(preview), version = version + 1
            WHERE id = \(id)
            """)
        guard look.isOwn else { return preview }
        try db.execute(
            """
            UPDATE ticket SET subject = '', sender = '', preview = '', contact_id = NULL WHERE merged_into = \(id)
            """)
        try db.execute("UPDATE ticket SET contact_id = NULL WHERE id = \(id)")
        try db.execute("UPDATE incident_letter SET contact_id = NULL WHERE ticket_id = \(id)")
        try db.execute("DELETE FROM ticket_link WHERE ticket_id = \(id) AND url <> ''")
        try db.execute("UPDATE protection SET reason = '' WHERE ticket_id = \(id)")
        return preview
    }

    private func erasePeople(in db: any Connection) throws {
        for one in try stores.tickets.participants(of: id, in: db) where words.has(one.address) {
            try db.execute("DELETE FROM participant WHERE ticket_id = \(id) AND address = \(one.address)")
        }
        let rows = try db.rows(
            """
            SELECT message_address.* FROM message_address JOIN message ON message.id = message_address.message_id
            WHERE message.ticket_id = \(id)
            """)
        for row in rows {
            let (message, role, place) = (try row.int("message_id"), try row.text("role"), try row.int("position"))
            let (name, left) = (try row.text("name"), words.removed(from: try row.text("name")))
            if words.has(try row.text("address")) {
                try db.execute(
                    """
                    DELETE FROM message_address
                    WHERE message_id = \(message) AND role = \(role) AND position = \(place)
                    """)
            } else if left != name {
                try db.execute(
                    """
                    UPDATE message_address SET name = \(left)
                    WHERE message_id = \(message) AND role = \(role) AND position = \(place)
                    """)
            }
        }
        for original in look.others where words.has(original.message.fromAddress) {
            try db.execute("UPDATE message SET from_address = '' WHERE id = \(original.message.id)")
        }
        for original in look.others {
            let (name, left) = (original.message.fromName, words.removed(from: original.message.fromName))
            guard name != left else { continue }
            try db.execute("UPDATE message SET from_name = \(left) WHERE id = \(original.message.id)")
        }
        // Of a letter to several, the others' copies stay.
        try RoundStore.erase(ticket: id, has: words.has, in: db)
    }

    /// Nobody is to work on what is empty.
    private func close(at: Milliseconds, in db: any Connection) throws {
        guard let ticket = try stores.tickets.find(id, in: db), ticket.mergedInto == nil else { return }
        guard ticket.state != .closed, ticket.state != .junk else { return }
        try stores.tickets.setState(.closed, of: ticket, actor: nil, at: at, in: db)
    }

    // MARK: - What was written about it

    private func eraseDrafts(at: Milliseconds, in db: any Connection) throws {
        for row in try db.rows("SELECT * FROM draft WHERE ticket_id = \(id)") {
            let draft = try row.int("id")
            if look.isOwn {
                try drafts.erase(draft, in: db)
                continue
            }
            let subject = words.removed(from: try row.text("subject"))
            let text = words.removed(from: try row.text("text"))
            let (to, cc) = (words.addresses(try row.text("recipients")), words.addresses(try row.text("copies")))
            try db.executeOne(
                """
                UPDATE draft SET recipients = \(to), copies = \(cc), subject = \(subject), text = \(text),
                    version = version + 1, updated_at = \(at)
                WHERE id = \(draft)
                """)
        }
    }

    private func eraseReviews(in db: any Connection) throws {
        let cut = { (text: String) in look.isOwn ? "" : words.removed(from: text) }
        let knowledge = KnowledgeStore(ids: stores.tickets.ids, events: stores.events, raws: stores.raws)
        try LessonWriting.strike(ticket: id, knowledge: knowledge, words.removed, in: db)
        try ReviewStore.strike(ticket: id, cut, in: db)
        let versions = try db.rows(
            """
            SELECT review_version.review_id, review_version.number, review_version.recipients FROM review
            JOIN review_version ON review_version.review_id = review.id WHERE review.ticket_id = \(id)
            """)
        for row in versions {
            let left = look.isOwn ? "" : words.addresses(try row.text("recipients"))
            try db.execute(
                """
                UPDATE review_version SET recipients = \(left)
                WHERE review_id = \(try row.int("review_id")) AND number = \(try row.int("number"))
                """)
        }
        try CheckStore.strike(ticket: id, in: db, cut)
        // A fingerprint of few words could be guessed.
        if look.isOwn {
            try db.execute("UPDATE check_reason SET fingerprint = CAST(id AS TEXT) WHERE ticket_id = \(id)")
        }
        try InsertionStore.strike(ticket: id, in: db)
        try LineUseStore.strike(ticket: id, in: db)
    }

    /// What undoing would bring back, and answers kept for repeated requests.
    private func eraseTraces(preview: String, in db: any Connection) throws {
        let traces = Traces()
        if look.isOwn {
            let nothing = try StoredJSON.text(TicketChange())
            for table in ["bulk_item", "rule_effect"] {
                let change: SQL = "former = \(nothing), later = \(nothing) WHERE ticket_id = \(id)"
                try db.execute(SQL(text: "UPDATE \(table) SET ") + change)
            }
            try traces.erasePeople(ofMergesOf: id, preview: preview, has: words.has, in: db)
            try traces.forgetAnswers(about: id, in: db)
        } else {
            try traces.strike(ticket: id, preview: preview, in: db, text: words.removed)
            try traces.erasePeople(ofMergesOf: id, preview: preview, has: words.has, in: db)
        }
    }

    /// What was sent by itself.
    private func eraseReceipts(in db: any Connection) throws {
        for item in try stores.outbox.ofTicket(id, in: db) {
            if item.message == nil, look.isOwn || item.recipients.allSatisfy({ words.has($0.address) }) {
                try RawEmptying.add([item.raw], in: db)
                try stores.outbox.erase(item.id, in: db)
            } else {
                for one in item.recipients where words.has(one.address) {
                    try stores.outbox.erase(recipient: one.address, of: item.id, in: db)
                }
            }
        }
    }

    /// A model that has learned from the ticket is not asked any more from now on, and made anew.
    private func forgetLearned(in db: any Connection) throws {
        guard try ModelStore(ids: stores.tickets.ids).learned(from: id, in: db) else { return }
        try db.execute("UPDATE triage_model SET is_current = 0")
        try TriageTraining.schedule(after: 0, jobs: stores.jobs, in: db)
    }
}

extension RoundStore {
    /// Whoever is erased gets nothing more of a letter; its words go with the last of its people.
    static func erase(ticket: ID, has: (String) -> Bool, in db: any Connection) throws {
        let rows = try db.rows("SELECT * FROM letter_round_person WHERE ticket_id = \(ticket)")
        for row in rows where has(try row.text("address")) {
            try erase(round: try row.int("round_id"), position: try row.int("position"), in: db)
        }
    }

    /// The same by an address, for those it has not reached.
    static func erase(address: String, within queues: SQL, in db: any Connection) throws {
        let rows = try db.rows(
            """
            SELECT * FROM letter_round_person WHERE address = \(address)
                AND round_id IN (SELECT id FROM letter_round WHERE queue_id IN \(queues))
            """)
        for row in rows {
            try erase(round: try row.int("round_id"), position: try row.int("position"), in: db)
        }
    }

    private static func erase(round: ID, position: Int64, in db: any Connection) throws {
        try db.execute(
            """
            UPDATE letter_round_person SET address = '',
                problem = CASE WHEN is_sent = 1 THEN '' ELSE 'erasure-left-out' END
            WHERE round_id = \(round) AND position = \(position)
            """)
        try db.execute(
            """
            UPDATE letter_round SET subject = '', text = '' WHERE id = \(round) AND NOT EXISTS (
                SELECT 1 FROM letter_round_person WHERE round_id = \(round) AND address <> '')
            """)
    }
}
