import Base
import Jobs
import People
import Storage
import Text

/// Notices that many people write about the same thing at the same time.
///
/// A job of the transaction that files a mail which opens a ticket: of a person, not of a list or a machine.
/// 1. Read: what says nearly the same (by index: bands of the wording), of the last hour what is about the same words,
///    and what belongs to a burst of what nobody spoke of before (`Bursts`: other wordings, other languages).
///    Nothing is written, and nearly always nothing comes of it.
/// 2. Tickets of an incident that still gathers: the new one is proposed for it, or joins where its owner said so.
/// 3. Else, when enough different people wrote within the hour, a group is proposed with all of them.
/// The finding is made again in the transaction that writes it and ends the job, under a lock: a second run, or
/// another node, finds the group there. A mail is compared with those before it, whose jobs came before: in a flood,
/// those that came after it are in no group yet, and each would seem to begin one. Confidential queues, protected and
/// redacted tickets take no part.
package struct IncidentNoticing: Sendable {
    package static let jobName = "incident-notice"
    static let window: Milliseconds = 3_600_000
    /// How long an incident that is open is compared with.
    static let memory: Milliseconds = 14 * 86_400_000
    /// So many different people make a group.
    static let fewestPeople = 8
    private static let nearWording = 0.45
    private static let nearTopic = 0.5
    /// However many come within the hour, the newest before a mail are what it is compared with.
    private static let mostRecent = 120
    /// Found in one transaction, which others wait for.
    private static let slice = 8
    private static let mostCompared = 20
    /// The rest join by their own jobs.
    private static let mostOfGroup = 60

    private let database: Database
    private let stores: Filing.Stores
    private let incidents: IncidentStore
    private let clock: Clock
    private let similar = SimilarityStore()
    private let memory: BurstMemory

    package init(
        database: Database, stores: Filing.Stores, meanings: @escaping @Sendable () -> Meanings, clock: Clock
    ) {
        self.database = database
        self.stores = stores
        incidents = IncidentStore(ids: stores.tickets.ids, events: stores.events)
        memory = BurstMemory(meanings)
        self.clock = clock
    }

    /// Asked when a mail is filed that opens a ticket.
    static func expect(
        _ mail: ReadMail, message: ID, ticket: Ticket, _ jobs: JobStore, in db: any Connection
    ) throws {
        guard mail.mayBeTriaged, mail.signature != nil, mail.parsed.kind == .mail,
            !mail.parsed.forbidsAutomaticAnswer, !mail.queue.isConfidential, !ticket.isProtected, ticket.state != .junk
        else { return }
        try jobs.add(jobName, subject: message, in: db)
    }

    package var kind: JobKind {
        .together(Self.jobName, batch: 32, lease: 120_000, maximumAttempts: 5) { try await run($0) }
    }

    func run(_ jobs: [Job]) async throws {
        let looked = try await database.read { db in try look(at: jobs.map(\.subject), in: db) }
        let quiet = jobs.filter { !looked.found.contains($0.subject) }
        if !quiet.isEmpty {
            try await database.write { db in _ = try stores.jobs.finishHeld(quiet, in: db) }
        }
        try await note(jobs.filter { looked.found.contains($0.subject) }, looked)
    }

    /// What a first look said: the messages of which something comes, and what was loud.
    struct Look: Sendable {
        var found: Set<ID> = []
        fileprivate var bursts: Bursts?
    }

    func look(at messages: [ID], in db: any Connection) throws -> Look {
        guard !messages.isEmpty else { return Look() }
        let around = try around(messages, in: db)
        let found = try messages.filter { try finding(for: $0, around, in: db) != nil }
        return Look(found: Set(found), bursts: around.bursts)
    }

    /// For jobs of which something comes, a few to a transaction.
    func note(_ jobs: [Job], _ look: Look) async throws {
        let now = clock.now()
        for start in stride(from: 0, to: jobs.count, by: Self.slice) {
            let slice = Array(jobs[start..<min(start + Self.slice, jobs.count)])
            try await database.write { db in try note(slice, look.bursts, at: now, in: db) }
        }
    }

    private func note(_ jobs: [Job], _ bursts: Bursts?, at: Milliseconds, in db: any Connection) throws {
        // Two nodes find the same: the second waits, and then sees the group.
        try db.lock("incident-notice")
        let held = try stores.jobs.finishHeld(jobs, in: db)
        let around = try around(jobs.map(\.subject), known: bursts, in: db)
        for job in jobs where held.contains(job) {
            if let finding = try finding(for: job.subject, around, in: db) { try note(finding, at: at, in: db) }
        }
    }

    // MARK: - Finding

    enum Finding: Sendable {
        case joins(Incident, mails: [Near], among: [Near])
        case group(queue: ID, mails: [Near], newest: ID)
    }

    /// A ticket that takes part, with what its first message says.
    struct Near: Sendable {
        var ticket: ID
        var queue: ID
        var contact: ID
        var message: ID
        var at: Milliseconds
        var language: String
        var isNear: Bool
    }

    /// What messages that came together are compared with: read once for all of them.
    struct Around: Sendable {
        var queues: [ID]
        /// Of the last hour before the first of them.
        var recent: [SimilarityStore.Entry]
        /// What is loud when the newest of them came.
        var bursts: Bursts?
    }

    func around(_ messages: [ID], known: Bursts? = nil, in db: any Connection) throws -> Around {
        let queues = try db.rows("SELECT id FROM queue WHERE is_confidential = 0").map { try $0.int("id") }
        let times = try db.rows("SELECT at FROM text_signature WHERE message_id IN \(list: messages)")
            .map { try $0.int("at") }
        guard let first = times.min(), let last = times.max() else { return Around(queues: queues, recent: []) }
        return Around(
            queues: queues,
            recent: try similar.recent(
                since: first - Self.window, until: last, inQueues: queues, limit: Self.mostRecent + messages.count,
                in: db),
            bursts: try known ?? memory.bursts(at: last, in: db))
    }

    func finding(for message: ID, _ around: Around, in db: any Connection) throws -> Finding? {
        guard let own = try near([message: true], in: db).first,
            try db.first("SELECT id FROM incident_item WHERE ticket_id = \(own.ticket) LIMIT 1") == nil
        else { return nil }
        var hits: [ID: Bool] = [:]
        let copies = try similar.similar(
            to: message, since: own.at - Self.memory, until: own.at, atLeast: Self.nearWording, inQueues: around.queues,
            limit: Self.mostOfGroup, in: db)
        for hit in copies { hits[hit.message] = true }
        if let signature = try similar.signature(of: message, in: db) {
            let before = around.recent.filter {
                $0.at >= own.at - Self.window && ($0.at, $0.message) < (own.at, message)
            }
            for entry in before.prefix(Self.mostRecent) where hits[entry.message] == nil {
                if entry.signature.topic.similarity(to: signature.topic) >= Self.nearTopic {
                    hits[entry.message] = false
                }
            }
        }
        let loud = around.bursts?.others(than: message) ?? []
        for other in loud where hits[other] == nil { hits[other] = false }
        let others = try near(hits, in: db)
        guard !others.isEmpty else { return nil }
        if let incident = try gathering(others.map(\.ticket), in: db) {
            // With it those of the same burst that came before it was loud.
            let early = try alone(others.filter { loud.contains($0.message) }, in: db)
            return .joins(incident, mails: [own] + early, among: others)
        }
        return try group(own, others.filter { abs($0.at - own.at) <= Self.window }, in: db)
    }

    /// Those that are in no incident, nor were taken out of one; each ticket once.
    private func alone(_ mails: [Near], in db: any Connection) throws -> [Near] {
        let rows = try db.rows(
            "SELECT ticket_id FROM incident_item WHERE ticket_id IN \(list: mails.map(\.ticket))")
        var known = Set(try rows.map { try $0.int("ticket_id") })
        return mails.filter { known.insert($0.ticket).inserted }
    }

    private func group(_ own: Near, _ others: [Near], in db: any Connection) throws -> Finding? {
        let all = others + [own]
        guard Set(all.map(\.contact)).count >= Self.fewestPeople else { return nil }
        var counts: [ID: Int] = [:]
        for each in all { counts[each.queue, default: 0] += 1 }
        let home = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? own.queue
        return .group(queue: home, mails: all.sorted { $0.message < $1.message }, newest: own.ticket)
    }

    /// Those of these messages whose tickets may stand in a group.
    private func near(_ messages: [ID: Bool], in db: any Connection) throws -> [Near] {
        try db.rows(
            """
            SELECT mail.id AS message_id, mail.sent_at, mail.language, ticket.id AS ticket_id,
                ticket.queue_id, ticket.contact_id
            FROM (SELECT id, ticket_id, sent_at, language FROM message
                WHERE id IN \(list: messages.keys.sorted()) AND direction = 'in' AND kind = 'mail'
                LIMIT \(messages.count)) AS mail
            JOIN ticket ON ticket.id = mail.ticket_id JOIN queue ON queue.id = ticket.queue_id
            WHERE ticket.contact_id IS NOT NULL AND ticket.state <> 'junk' AND ticket.merged_into IS NULL
                AND ticket.is_protected = 0 AND queue.is_confidential = 0
                AND NOT EXISTS (SELECT 1 FROM message AS said JOIN redaction ON redaction.message_id = said.id
                    WHERE said.ticket_id = ticket.id)
            ORDER BY mail.id
            """
        ).map { row in
            let message = try row.int("message_id")
            return Near(
                ticket: try row.int("ticket_id"), queue: try row.int("queue_id"), contact: try row.int("contact_id"),
                message: message, at: try row.int("sent_at"),
                language: try row.optionalText("language") ?? "", isNear: messages[message] ?? false)
        }
    }

    private func gathering(_ tickets: [ID], in db: any Connection) throws -> Incident? {
        try db.first(
            """
            SELECT incident.* FROM (SELECT DISTINCT incident_id FROM incident_item
                WHERE ticket_id IN \(list: tickets) AND state = 'in' LIMIT \(tickets.count)) AS incident_item
            JOIN incident ON incident.id = incident_item.incident_id
            JOIN queue ON queue.id = incident.queue_id
            WHERE incident.state IN \(list: Incident.State.gathering.map(\.rawValue)) AND queue.is_confidential = 0
            ORDER BY incident.id LIMIT 1
            """
        ).map(IncidentStore.read)
    }

    /// Each ticket once, and whether its mail asks something else than others.
    private func differing(
        _ mails: [Near], than all: [Near], in db: any Connection
    ) throws -> [(id: ID, differs: Bool)] {
        var known: Set<ID> = []
        let own = mails.filter { known.insert($0.ticket).inserted }
        let compared = own.map { each in Self.compared(with: each, of: all.filter { $0.ticket != each.ticket }) }
        let words = try words(of: Set(own.map(\.message) + compared.flatMap { $0 }), in: db)
        return zip(own, compared).map { each, others in
            (each.ticket, IncidentDifference.asksElse(words[each.message] ?? "", than: others.map { words[$0] ?? "" }))
        }
    }

    /// Who says it in other words is compared with more of those who say it too, in the same language.
    private static func compared(with own: Near, of others: [Near]) -> [ID] {
        let near = others.filter(\.isNear)
        let alike = others.filter { $0.language == own.language }
        return (near.isEmpty ? alike.prefix(mostCompared) : near.prefix(3)).map(\.message)
    }

    /// What they say newly, each read once.
    private func words(of messages: Set<ID>, in db: any Connection) throws -> [ID: String] {
        let rows = try db.rows("SELECT id, new_text, text FROM message WHERE id IN \(list: messages.sorted())")
        return Dictionary(
            uniqueKeysWithValues: try rows.map { row in
                let text = try row.text("new_text")
                return (try row.int("id"), text.isEmpty ? try row.text("text") : text)
            })
    }

    /// Who is told of a proposed group: the leads of its queue; where there is none, who may answer there.
    static func told(_ queue: ID?, _ members: MemberStore, in db: any Connection) throws -> [ID] {
        guard let queue else { return [] }
        let leads = try members.members(with: .manage, queue: queue, in: db).filter { !$0.isAdministrator }
        let all = leads.isEmpty ? try members.members(with: .send, queue: queue, in: db) : leads
        return all.map(\.id)
    }

    // MARK: - Writing down

    private func note(_ finding: Finding, at: Milliseconds, in db: any Connection) throws {
        switch finding {
        case .joins(let incident, let mails, let others):
            let joins = incident.joins || incident.state == .proposed
            for ticket in try differing(mails, than: others, in: db) {
                let added = try incidents.put(
                    ticket.id, in: incident.id, state: joins ? .joined : .proposed, differs: ticket.differs,
                    member: nil, at: at, in: db)
                guard added else { continue }
                let row = try db.first("SELECT queue_id FROM ticket WHERE id = \(ticket.id)")
                let event = Event(
                    "incident-matched", queue: try row?.int("queue_id") ?? incident.queue, ticket: ticket.id,
                    subject: incident.id, data: ["state": joins ? "in" : "proposed"])
                try stores.events.add(event, at: at, in: db)
            }
        case .group(let queue, let mails, let newest):
            let id = try incidents.propose(queue: queue, at: at, in: db)
            let tickets = try differing(mails, than: mails, in: db)
            for ticket in tickets {
                try incidents.put(
                    ticket.id, in: id, state: .joined, differs: ticket.differs, member: nil, at: at, in: db)
            }
            let row = try db.first("SELECT queue_id FROM ticket WHERE id = \(newest)")
            let event = Event(
                "incident-proposed", queue: try row?.int("queue_id") ?? queue, ticket: newest, subject: id,
                data: ["count": String(tickets.count)])
            try stores.events.add(event, at: at, in: db)
        }
    }
}
