import Base
import Foundation
import Storage

/// A merge that can be undone.
struct Merge: Sendable {
    var id: ID
    var source: ID
    var target: ID
    var former: Former
    var undoneAt: Milliseconds?

    /// How both tickets were before, and the target right after.
    struct Former: Sendable, Codable {
        struct Person: Sendable, Codable {
            var address: String
            var name: String
            var isNewcomer: Bool
        }

        struct Face: Sendable, Codable {
            var state: String
            var outcome: String
            var snoozedUntil: Int64?
            var preview: String
            var createdAt: Int64
            var updatedAt: Int64

            init(_ ticket: Ticket) {
                state = ticket.state.rawValue
                outcome = ticket.outcome?.rawValue ?? ""
                snoozedUntil = ticket.snoozedUntil
                preview = ticket.preview
                createdAt = ticket.createdAt
                updatedAt = ticket.updatedAt
            }
        }

        struct Candidate: Sendable, Codable {
            var id: Int64
            var reason: String
        }

        var people: [Person]
        /// Addresses the target did not know.
        var broughtPeople: [String]
        var candidates: [Candidate]
        var drafts: [Int64]
        /// What the target did not have. None in merges from before it was noted.
        var broughtLabels: [String]?
        var broughtFollowers: [Int64]?
        var broughtDeadline: Int64?
        var targetBefore: Face
        var targetAfter: Face
        var facts: FactStore.Counts?
        var targetFacts: FactStore.Counts?
    }
}

/// The tables `ticket_merge` and `ticket_merge_message`.
struct MergeStore: Sendable {
    let ids: IDMaker

    /// What a merge is about to move.
    struct Before: Sendable {
        var messages: [ID]
        var former: Merge.Former
    }

    func gather(_ source: Ticket, into target: Ticket, in db: any Connection) throws -> Before {
        let people = try db.rows("SELECT * FROM participant WHERE ticket_id = \(source.id) ORDER BY address").map {
            Merge.Former.Person(
                address: try $0.text("address"), name: try $0.text("name"), isNewcomer: try $0.bool("is_newcomer"))
        }
        let known = Set(
            try db.rows("SELECT address FROM participant WHERE ticket_id = \(target.id)").map { try $0.text("address") }
        )
        let candidates = try db.rows("SELECT * FROM may_belong WHERE ticket_id = \(source.id)").map {
            Merge.Former.Candidate(id: try $0.int("candidate_id"), reason: try $0.text("reason"))
        }
        let drafts = try db.rows(DraftMoving.movable(from: source.id, to: target.id))
        let facts = FactStore()
        let face = Merge.Former.Face(target)
        var former = Merge.Former(
            people: people, broughtPeople: people.map(\.address).filter { !known.contains($0) },
            candidates: candidates, drafts: try drafts.map { try $0.int("id") }, targetBefore: face,
            targetAfter: face, facts: try facts.counts(of: source.id, in: db),
            targetFacts: try facts.counts(of: target.id, in: db))
        let labels = LabelStore()
        let there = try labels.labels(of: target.id, in: db).map(\.label)
        former.broughtLabels = try labels.labels(of: source.id, in: db).map(\.label)
            .filter { !there.contains($0) }.map(\.rawValue)
        let followers = try FollowStore().known(of: target.id, in: db)
        former.broughtFollowers = try FollowStore().known(of: source.id, in: db).subtracting(followers).sorted()
        if try DeadlineStore.find(target.id, in: db) == nil {
            former.broughtDeadline = try DeadlineStore.find(source.id, in: db)?.at
        }
        return Before(
            messages: try db.rows("SELECT id FROM message WHERE ticket_id = \(source.id)").map { try $0.int("id") },
            former: former)
    }

    func add(
        _ before: Before, from source: ID, into target: Ticket, actor: ID?, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        let id = try ids.make()
        var former = before.former
        former.targetAfter = Merge.Former.Face(target)
        try db.execute(
            """
            INSERT INTO ticket_merge (id, source_id, target_id, actor_id, former, created_at, undone_at)
            VALUES (\(id), \(source), \(target.id), \(actor), \(try StoredJSON.text(former)), \(at), NULL)
            """)
        for message in before.messages {
            try db.execute(
                "INSERT INTO ticket_merge_message (merge_id, message_id) VALUES (\(id), \(message))")
        }
        return id
    }

    func find(_ id: ID, in db: any Connection) throws -> Merge? {
        try db.first("SELECT * FROM ticket_merge WHERE id = \(id)").map {
            Merge(
                id: id, source: try $0.int("source_id"), target: try $0.int("target_id"),
                former: try StoredJSON.value(try $0.text("former")), undoneAt: try $0.optionalInt("undone_at"))
        }
    }

    /// Merges into a ticket that can still be undone, newest first; the sources' numbers with them.
    func open(into target: ID, in db: any Connection) throws -> [(id: ID, source: ID, number: String)] {
        try db.rows(
            """
            SELECT ticket_merge.id, ticket_merge.source_id, ticket.number FROM ticket_merge
            JOIN ticket ON ticket.id = ticket_merge.source_id
            WHERE ticket_merge.target_id = \(target) AND ticket_merge.undone_at IS NULL
            ORDER BY ticket_merge.id DESC
            """
        ).map { (try $0.int("id"), try $0.int("source_id"), try $0.text("number")) }
    }

    func messages(of id: ID, stillIn target: ID, in db: any Connection) throws -> [ID] {
        try db.rows(
            """
            SELECT message.id FROM ticket_merge_message
            JOIN message ON message.id = ticket_merge_message.message_id
            WHERE ticket_merge_message.merge_id = \(id) AND message.ticket_id = \(target) ORDER BY message.id
            """
        ).map { try $0.int("id") }
    }

    func setUndone(_ id: ID, at: Milliseconds, in db: any Connection) throws {
        try db.executeOne("UPDATE ticket_merge SET undone_at = \(at) WHERE id = \(id) AND undone_at IS NULL")
    }

    /// Gives back what tickets, participants and drafts had; what was changed since stays changed.
    func restore(
        _ merge: Merge, target: Ticket, source: Ticket, in db: any Connection
    ) throws {
        let former = merge.former
        try db.executeOne(
            """
            UPDATE ticket SET merged_into = NULL, version = version + 1, message_count = (SELECT COUNT(*) FROM message
                WHERE message.ticket_id = ticket.id AND direction <> 'note')
            WHERE id = \(source.id)
            """)
        let isSame = Merge.Former.Face(target).isSame(as: former.targetAfter)
        let face = isSame ? former.targetBefore : Merge.Former.Face(target)
        let created =
            target.createdAt == former.targetAfter.createdAt ? former.targetBefore.createdAt : target.createdAt
        try db.executeOne(
            """
            UPDATE ticket SET version = version + 1, state = \(face.state),
                message_count = (SELECT COUNT(*) FROM message
                    WHERE message.ticket_id = ticket.id AND direction <> 'note'),
                outcome = \(face.outcome), snoozed_until = \(face.snoozedUntil), preview = \(face.preview),
                created_at = \(created), updated_at = \(face.updatedAt)
            WHERE id = \(target.id)
            """)
        for person in former.people {
            try db.execute(
                """
                INSERT INTO participant (ticket_id, address, name, is_newcomer)
                VALUES (\(source.id), \(person.address), \(person.name), \(person.isNewcomer))
                ON CONFLICT (ticket_id, address) DO NOTHING
                """)
        }
        // Whoever came with the merge leaves with it, unless they take part in what came after.
        for address in former.broughtPeople {
            try db.execute(
                """
                DELETE FROM participant WHERE ticket_id = \(target.id) AND address = \(address)
                    AND NOT EXISTS (SELECT 1 FROM message WHERE message.ticket_id = \(target.id)
                        AND LOWER(message.from_address) = \(address))
                """)
        }
        try takeBackBrought(former, from: target.id, in: db)
        for candidate in former.candidates {
            try db.execute(
                """
                INSERT INTO may_belong (ticket_id, candidate_id, reason)
                VALUES (\(source.id), \(candidate.id), \(candidate.reason))
                ON CONFLICT (ticket_id, candidate_id) DO NOTHING
                """)
        }
        try db.execute(
            """
            UPDATE draft SET ticket_id = \(source.id)
            WHERE id IN \(list: former.drafts) AND ticket_id = \(target.id)
            """)
    }
}

extension MergeStore {
    private func takeBackBrought(_ former: Merge.Former, from target: ID, in db: any Connection) throws {
        try db.execute(
            """
            DELETE FROM ticket_label WHERE ticket_id = \(target) AND label IN \(list: former.broughtLabels ?? [])
            """)
        try db.execute(
            """
            DELETE FROM follow WHERE ticket_id = \(target) AND member_id IN \(list: former.broughtFollowers ?? [])
            """)
        if let deadline = former.broughtDeadline {
            try db.execute("DELETE FROM ticket_deadline WHERE ticket_id = \(target) AND at = \(deadline)")
        }
    }
}

extension Merge.Former.Face {
    fileprivate func isSame(as other: Self) -> Bool {
        state == other.state && outcome == other.outcome && snoozedUntil == other.snoozedUntil
            && preview == other.preview && updatedAt == other.updatedAt
    }
}

/// Values kept as JSON in a column.
enum StoredJSON {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(_ text: String) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw Failure(.internal, "error-internal", details: "a stored value cannot be read")
        }
    }
}
