import Base
import Foundation
import Jobs
import Knowledge
import Logging
import People
import Storage

/// Makes notices from sealed events, whoever wrote them.
///
/// One pass: read the events after the stored cursor that may concern somebody (kinds below, on tickets with an owner,
/// a follower or a mention), then one transaction: move the cursor if it still stands where it was read, add a notice
/// per member who may see the ticket now, add the jobs that mail at once. Nobody is told of what they did themselves.
/// A second node that had the same idea finds the cursor moved and does nothing; a notice is unique per member and
/// event besides. Where there is no cursor yet, history is not told: it begins at the newest event.
package struct NoticeMaking: Sendable {
    static let cursorName = "notice-cursor"
    /// Sequence numbers and events of one pass: a pass stays well under 50 ms.
    private static let window: Int64 = 1000
    private static let limit = 50

    private let database: Database
    private let members: MemberStore
    private let notices: NoticeStore
    private let follows = FollowStore()
    private let jobs: JobStore
    private let ids: IDMaker
    private let alarm: JobAlarm
    private let reviews: ReviewNotices
    private let texts: TextNoticing

    package init(
        database: Database, members: MemberStore, notices: NoticeStore, jobs: JobStore, ids: IDMaker, alarm: JobAlarm,
        sources: ReviewSources = .none, knowledge: KnowledgeStore? = nil
    ) {
        self.database = database
        self.members = members
        self.notices = notices
        self.jobs = jobs
        self.ids = ids
        self.alarm = alarm
        let rules = ReviewRules(members: members, events: EventStore(ids: ids))
        reviews = ReviewNotices(reviews: ReviewStore(ids: ids), rules: rules, sources: sources)
        texts = TextNoticing(members: members, knowledge: knowledge)
    }

    /// Works through all that is sealed; returns how many notices were made.
    @discardableResult package func run() async throws -> Int {
        var made = 0
        while let count = try await pass() { made += count }
        if made > 0 { alarm.ring() }
        return made
    }

    /// What one pass found.
    private struct Part: Sendable {
        var from: Int64?
        var to: Int64
        var events: [StoredEvent]
    }

    /// Nil when nothing is left to look at.
    private func pass() async throws -> Int? {
        let part = try await database.read { try read($0) }
        guard let from = part.from else {
            try await database.write { db in
                try db.execute(
                    """
                    INSERT INTO setting (name, value) VALUES (\(Self.cursorName), \(String(part.to)))
                    ON CONFLICT (name) DO NOTHING
                    """)
            }
            return nil
        }
        guard part.to > from else { return nil }
        return try await database.write { db in
            let moved = try db.execute(
                """
                UPDATE setting SET value = \(String(part.to))
                WHERE name = \(Self.cursorName) AND value = \(String(from))
                """)
            guard moved == 1 else { return nil }
            return try part.events.reduce(0) { try $0 + make($1, in: db) }
        }
    }

    private func read(_ db: any Connection) throws -> Part {
        let head = try db.int("SELECT COALESCE(MAX(seq), 0) AS seq FROM event")
        let row = try db.first("SELECT value FROM setting WHERE name = \(Self.cursorName)")
        guard let text = try row?.text("value"), let from = Int64(text) else {
            return Part(from: nil, to: head, events: [])
        }
        let end = min(head, from + Self.window)
        let events = try db.rows(
            """
            SELECT event.* FROM event LEFT JOIN ticket ON ticket.id = event.ticket_id
            WHERE event.seq > \(from) AND event.seq <= \(end) AND ((ticket.id IS NULL
                AND event.kind IN \(list: Self.kindsWithoutTicket)) OR (event.kind IN \(list: Self.kinds)
                AND (event.actor_id IS NOT NULL OR ticket.owner_id IS NOT NULL
                    OR event.kind IN (
                        'mail-failed', 'mail-in-doubt', 'mail-bounced', 'member-called', 'level-step-taken',
                        'review-widened', 'incident-proposed', 'send-held')
                    OR EXISTS (SELECT 1 FROM follow WHERE follow.ticket_id = ticket.id AND follow.is_on = 1)
                    OR EXISTS (SELECT 1 FROM review WHERE review.ticket_id = ticket.id
                        AND review.state = 'submitted'))))
            ORDER BY event.seq LIMIT \(Self.limit)
            """
        ).map(EventStore.read)
        let to = events.count == Self.limit ? events.last?.seq ?? end : end
        return Part(from: from, to: to, events: events)
    }

    private static let kinds =
        [
            "owner-changed", "message-arrived", "message-joined", "draft-sent", "note-added", "mail-bounced",
            "mail-failed", "mail-in-doubt", "member-called", "level-step-taken", "incident-proposed", "send-held",
        ] + ReviewNotices.kinds

    private static let kindsWithoutTicket = ReviewNotices.kinds + TextNoticing.kinds

    // MARK: - One event

    private func make(_ stored: StoredEvent, in db: any Connection) throws -> Int {
        let event = stored.event
        guard let ticket = event.ticket else { return try makeWithoutTicket(stored, in: db) }
        if let actor = event.actor, event.kind == "draft-sent" || event.kind == "note-added" {
            try follows.setByWriting(ticket: ticket, member: actor, at: stored.at, in: db)
        }
        var made = 0
        for (member, kind) in try recipients(of: event, ticket: ticket, at: stored.at, in: db) {
            guard member != event.actor, try maySee(member, ticket: ticket, in: db) else { continue }
            made += try add(kind, to: member, about: .ticket(ticket), of: stored, in: db)
        }
        guard event.kind == "thanks-marked" else { return made }
        // Translators need not see the ticket: they hear of their text.
        for (member, text) in try reviews.translators(thankedBy: event, in: db) {
            guard member != event.actor, try texts.maySee(member, text: text, in: db) else { continue }
            made += try add(.thanks, to: member, about: .text(text), of: stored, in: db)
        }
        return made
    }

    /// Of texts, and of reviews that belong to no ticket.
    private func makeWithoutTicket(_ stored: StoredEvent, in db: any Connection) throws -> Int {
        let event = stored.event
        guard let subject = event.subject else { return 0 }
        var made = 0
        if TextNoticing.kinds.contains(event.kind) {
            for (member, kind) in try texts.recipients(of: event, in: db) where member != event.actor {
                guard try texts.maySee(member, text: subject, in: db) else { continue }
                made += try add(kind, to: member, about: .text(subject), of: stored, in: db)
            }
        } else if let queue = try reviews.queue(withoutTicketOf: event, in: db) {
            var seen: Set<ID> = []
            for (member, kind) in try reviews.recipients(of: event, in: db) where seen.insert(member).inserted {
                guard member != event.actor, try maySee(member, queue: queue, in: db) else { continue }
                made += try add(kind, to: member, about: .review(subject), of: stored, in: db)
            }
        }
        return made
    }

    /// 1, or 0 where the member has a notice of this event.
    private func add(
        _ kind: NoticeKind, to member: ID, about: NoticeSubject, of stored: StoredEvent, in db: any Connection
    ) throws -> Int {
        let notice = Notice(
            id: try ids.make(), member: member, kind: kind, about: about, actor: stored.event.actor,
            message: stored.event.subject, at: stored.at, isRead: false)
        let way = try notices.setting(of: member, in: db).way(kind)
        let mail: NoticeMailState = way == .now ? .now : way == .digest ? .digest : .none
        guard try notices.add(notice, event: stored.id, mail: mail, in: db) else { return 0 }
        if way == .now { try jobs.add(NoticeMailing.jobName, subject: notice.id, in: db) }
        return 1
    }

    /// Each member once, with the closest reason.
    private func recipients(
        of event: Event, ticket: ID, at: Milliseconds, in db: any Connection
    ) throws -> [(ID, NoticeKind)] {
        let owner = try db.first("SELECT owner_id FROM ticket WHERE id = \(ticket)")?.optionalInt("owner_id")
        var found: [(ID, NoticeKind)] = []
        switch event.kind {
        case "owner-changed": found = event.subject.map { [($0, .assigned)] } ?? []
        case "member-called": found = event.subject.map { [($0, .called)] } ?? []
        case "send-held":
            // The draft's author, whether they or a colleague chose its time.
            let draft = try event.subject.flatMap { try db.first("SELECT author_id FROM draft WHERE id = \($0)") }
            found = [try draft?.int("author_id")].compactMap { $0 }.map { ($0, .held) }
        case "incident-proposed":
            found = try IncidentNoticing.told(event.queue, members, in: db).map { ($0, .incident) }
        case "note-added":
            for member in try event.subject.map({ try Mentioning(members: members).mentioned(in: $0, db) }) ?? [] {
                found.append((member, .mention))
                try follows.setByWriting(ticket: ticket, member: member, at: at, in: db)
            }
            found += try audience(ticket, owner, in: db).map { ($0, .note) }
        case "draft-sent": found = try audience(ticket, owner, in: db).map { ($0, .answer) }
        case "message-arrived", "message-joined":
            // What machines send is shown in the ticket and calls nobody; a bounce has an event of its own.
            guard ["mail", "list"].contains(event.data["kind"] ?? "mail") else { return [] }
            let held = try reviews.heldWriters(ticket, in: db)
            found = (try audience(ticket, owner, in: db) + held).map { ($0, .message) }
        case "level-step-taken":
            // A goal is the queue's: who has the ticket is told, or else who keeps the queue.
            guard event.data["action"] == "notify" else { return [] }
            let keepers = try owner == nil ? event.queue.map { try self.keepers(of: $0, in: db) } ?? [] : []
            found = (owner.map { [$0] } ?? keepers).map { ($0, .due) }
        case _ where ReviewNotices.kinds.contains(event.kind): found = try reviews.recipients(of: event, in: db)
        default:
            let sent = try event.subject.flatMap { try author(of: $0, ticket: ticket, event.kind, in: db) }
            found = [sent, owner].compactMap { $0 }.map { ($0, .undeliverable) }
        }
        var seen: Set<ID> = []
        return found.filter { seen.insert($0.0).inserted }
    }

    private func keepers(of queue: ID, in db: any Connection) throws -> [ID] {
        try members.members(with: .manage, queue: queue, in: db).map(\.id)
    }

    private func audience(_ ticket: ID, _ owner: ID?, in db: any Connection) throws -> [ID] {
        (owner.map { [$0] } ?? []) + (try follows.followers(of: ticket, in: db))
    }

    /// Who wrote the answer that did not arrive; a bounce names the mail that came back, so the newest answer counts.
    private func author(of message: ID, ticket: ID, _ kind: String, in db: any Connection) throws -> ID? {
        let row =
            try kind == "mail-bounced"
            ? db.first(
                """
                SELECT author_id FROM message WHERE ticket_id = \(ticket) AND direction = 'out'
                ORDER BY sent_at DESC, id DESC LIMIT 1
                """)
            : db.first("SELECT author_id FROM message WHERE id = \(message)")
        return try row?.optionalInt("author_id")
    }

    private func maySee(_ member: ID, ticket: ID, in db: any Connection) throws -> Bool {
        let queue = try db.first("SELECT queue_id FROM ticket WHERE id = \(ticket)")?.int("queue_id")
        return try queue.map { try maySee(member, queue: $0, in: db) } ?? false
    }

    private func maySee(_ member: ID, queue: ID, in db: any Connection) throws -> Bool {
        guard let member = try members.find(member, in: db), !member.isDisabled else { return false }
        return try members.viewer(member, in: db).may(.see, queue: queue)
    }
}
