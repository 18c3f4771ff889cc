import Base
import Jobs
import People
import Storage

/// Turns sealed events into deliveries, with the rights that a webhook's owner has at that moment.
///
/// One pass for each webhook: read a part of the history after its cursor, as its owner may read it; then one
/// transaction: move the cursor if it still stands where it was read, add a delivery and a job for each event that is
/// wanted. A second node that had the same idea finds the cursor moved and does nothing. While many deliveries wait the
/// cursor stands still: a server that is away costs no more than these rows. An owner who may no longer keep webhooks
/// is told nothing; the cursor stands still then, too.
package struct WebhookFeeding: Sendable {
    static let limit = 100
    static let mostWaiting = 500

    private let database: Database
    private let store: WebhookStore
    private let members: MemberStore
    private let jobs: JobStore
    private let clock: Clock
    private let alarm: JobAlarm

    package init(
        database: Database, store: WebhookStore, members: MemberStore, jobs: JobStore, clock: Clock, alarm: JobAlarm
    ) {
        self.database = database
        self.store = store
        self.members = members
        self.jobs = jobs
        self.clock = clock
        self.alarm = alarm
    }

    private struct Part: Sendable {
        var webhook: Webhook
        var events: [StoredEvent]
        var cursor: Int64
        var hasMore: Bool
    }

    /// Works through all that is sealed; returns how many deliveries were made.
    @discardableResult package func run() async throws -> Int {
        var (made, isOver) = (0, false)
        while !isOver {
            isOver = true
            let parts = try await database.read { db in
                try store.listening(in: db).compactMap { try part(of: $0, in: db) }
            }
            for part in parts {
                let now = clock.now()
                made += try await database.write { db in try feed(part, at: now, in: db) }
                if part.hasMore { isOver = false }
            }
        }
        if made > 0 { alarm.ring() }
        return made
    }

    /// Forgets what is old, some at a time.
    package func sweep() async throws {
        var count = 1
        while count > 0 {
            let now = clock.now()
            count = try await database.write { [store] db in try store.forgetOld(at: now, limit: 200, in: db) }
        }
    }

    /// Nil where there is nothing to look at now.
    private func part(of webhook: Webhook, in db: any Connection) throws -> Part? {
        guard let member = try members.find(webhook.member, in: db), !member.isDisabled else { return nil }
        let viewer = try members.viewer(member, in: db)
        guard Webhook.mayBeKept(by: viewer), try store.countWaiting(webhook.id, in: db) < Self.mostWaiting else {
            return nil
        }
        let found = try ChangeStore().after(
            webhook.seq, visibleTo: viewer, withoutQueue: true, limit: Self.limit, in: db)
        guard found.cursor > webhook.seq else { return nil }
        let kinds = Set(webhook.kinds)
        return Part(
            webhook: webhook, events: found.events.filter { kinds.isEmpty || kinds.contains($0.event.kind) },
            cursor: found.cursor, hasMore: found.hasMore)
    }

    private func feed(_ part: Part, at: Milliseconds, in db: any Connection) throws -> Int {
        guard try store.advance(part.webhook, to: part.cursor, in: db) else { return 0 }
        var made = 0
        for stored in part.events {
            let delivery = try store.addDelivery(
                event: stored.id, kind: stored.event.kind, body: { WebhookBody.text(of: stored, delivery: $0) },
                to: part.webhook.id, at: at, in: db)
            guard let delivery else { continue }
            try jobs.add(WebhookDelivering.jobName, subject: delivery, in: db)
            made += 1
        }
        return made
    }
}

/// What is sent: ids and kinds. Whoever wants more asks the API, with rights of their own.
enum WebhookBody {
    static func text(of stored: StoredEvent, delivery: ID) -> String {
        let event = stored.event
        return JSONText.object([
            ("id", APIValues.id(delivery)), ("type", JSONText.quote(event.kind)),
            ("timestamp", JSONText.quote(ISO8601.string(stored.at))),
            ("data", JSONText.object(data(of: stored))),
        ])
    }

    /// All steps of a page carry its number: a repeat is known for one.
    private static func data(of stored: StoredEvent) -> [(String, String)] {
        let event = stored.event
        var data = [
            ("event", APIValues.id(stored.id)), ("seq", String(stored.seq ?? 0)), ("ticket", optional(event.ticket)),
            ("queue", optional(event.queue)), ("subject", optional(event.subject)), ("actor", optional(event.actor)),
        ]
        if let page = event.data["page"].flatMap({ ID($0) }) { data.append(("page", APIValues.id(page))) }
        return data
    }

    static func trial(webhook: ID, delivery: ID, at: Milliseconds) -> String {
        JSONText.object([
            ("id", APIValues.id(delivery)), ("type", JSONText.quote(WebhookDelivery.trial)),
            ("timestamp", JSONText.quote(ISO8601.string(at))),
            ("data", JSONText.object([("webhook", APIValues.id(webhook))])),
        ])
    }

    private static func optional(_ id: ID?) -> String { id.map { APIValues.id($0) } ?? "null" }
}
