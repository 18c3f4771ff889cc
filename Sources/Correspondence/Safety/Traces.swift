import Base
import Foundation
import Storage

/// Where words of a ticket are kept beside its messages: what undoing needs, answers of the API kept for repeated
/// requests, and letters written to several people.
struct Traces: Sendable {
    /// Takes words out of all of them. `text` gives a text without the words; `preview` is what stays of previews.
    func strike(ticket: ID, preview: String, in db: any Connection, text: (String) -> String) throws {
        try strikeChanges(of: ticket, in: db, text: text)
        try strikeEffects(of: ticket, in: db, text: text)
        try strikeMerges(of: ticket, preview: preview, in: db, text: text)
        try strikeRounds(of: ticket, in: db, text: text)
        try forgetAnswers(about: ticket, in: db)
    }

    /// What a bulk change would put back, or compare with.
    private func strikeChanges(of ticket: ID, in db: any Connection, text: (String) -> String) throws {
        for row in try db.rows("SELECT bulk_id, former, later FROM bulk_item WHERE ticket_id = \(ticket)") {
            let former = try Self.struck(try row.text("former"), text)
            let later = try Self.struck(try row.text("later"), text)
            try db.executeOne(
                """
                UPDATE bulk_item SET former = \(former), later = \(later)
                WHERE bulk_id = \(try row.int("bulk_id")) AND ticket_id = \(ticket)
                """)
        }
    }

    /// What a rule would put back.
    private func strikeEffects(of ticket: ID, in db: any Connection, text: (String) -> String) throws {
        for row in try db.rows("SELECT id, former, later FROM rule_effect WHERE ticket_id = \(ticket)") {
            let former = try Self.struck(try row.text("former"), text)
            let later = try Self.struck(try row.text("later"), text)
            try db.executeOne(
                "UPDATE rule_effect SET former = \(former), later = \(later) WHERE id = \(try row.int("id"))")
        }
    }

    private func strikeMerges(
        of ticket: ID, preview: String, in db: any Connection, text: (String) -> String
    ) throws {
        let rows = try db.rows(
            "SELECT id, former FROM ticket_merge WHERE source_id = \(ticket) OR target_id = \(ticket)")
        for row in rows {
            var former: Merge.Former = try StoredJSON.value(try row.text("former"))
            former.targetBefore.preview = preview
            former.targetAfter.preview = preview
            for index in former.people.indices { former.people[index].name = text(former.people[index].name) }
            try db.executeOne(
                "UPDATE ticket_merge SET former = \(try StoredJSON.text(former)) WHERE id = \(try row.int("id"))")
        }
    }

    /// Undoing a merge brings nobody back who was erased.
    func erasePeople(
        ofMergesOf ticket: ID, preview: String, has: (String) -> Bool, in db: any Connection
    ) throws {
        let rows = try db.rows(
            "SELECT id, former FROM ticket_merge WHERE source_id = \(ticket) OR target_id = \(ticket)")
        for row in rows {
            var former: Merge.Former = try StoredJSON.value(try row.text("former"))
            former.people.removeAll { has($0.address) }
            former.broughtPeople.removeAll(where: has)
            former.targetBefore.preview = preview
            former.targetAfter.preview = preview
            try db.executeOne(
                "UPDATE ticket_merge SET former = \(try StoredJSON.text(former)) WHERE id = \(try row.int("id"))")
        }
    }

    /// Rounds that still go out are left to who writes them: the others are to get the letter whole.
    private func strikeRounds(of ticket: ID, in db: any Connection, text: (String) -> String) throws {
        let rows = try db.rows(
            """
            SELECT id, subject, text FROM letter_round
            WHERE id IN (SELECT round_id FROM letter_round_person WHERE ticket_id = \(ticket))
                AND NOT EXISTS (
                    SELECT 1 FROM letter_round_person AS person
                    WHERE person.round_id = letter_round.id AND person.is_sent = 0 AND person.problem = '')
            """)
        for row in rows {
            let (subject, words) = (text(try row.text("subject")), text(try row.text("text")))
            try db.executeOne(
                "UPDATE letter_round SET subject = \(subject), text = \(words) WHERE id = \(try row.int("id"))")
        }
    }

    /// A repeated request still does nothing twice; it is answered without words.
    func forgetAnswers(about ticket: ID, in db: any Connection) throws {
        let mark = "%\(ticket)%"
        try db.execute("UPDATE idempotency SET answer = '{}' WHERE answer LIKE \(mark)")
    }

    /// A stored value with all its texts passed through `text`.
    static func struck(_ json: String, _ text: (String) -> String) throws -> String {
        guard !json.isEmpty else { return json }
        let value = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
        let data = try JSONSerialization.data(
            withJSONObject: struck(value, text), options: [.sortedKeys, .fragmentsAllowed])
        return String(decoding: data, as: UTF8.self)
    }

    private static func struck(_ value: Any, _ text: (String) -> String) -> Any {
        switch value {
        case let words as String: text(words)
        case let list as [Any]: list.map { struck($0, text) }
        case let fields as [String: Any]: fields.mapValues { struck($0, text) }
        default: value
        }
    }
}
