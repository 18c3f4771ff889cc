import Base
import Foundation
import Jobs
import People
import Storage
import Synchronization

/// Runs the rules for a message that was filed, then gives the ticket to somebody where the queue wants that.
///
/// 1. Filing leaves a row that the message waits, and a job, in its own transaction.
/// 2. The job reads the message and takes its words apart.
/// 3. One transaction: the row must still wait; each rule that fits is applied and leaves a row that undoes it; then
///    the row and the job end. So whatever happens in between, each message has its rules once.
/// Rules for all queues come first, and do not look into confidential queues; then those of the queue in which the
/// ticket is then. Once one of them has moved the ticket, the rest of that queue's rules is over and those of the new
/// queue begin, each queue's at most once: so there are no loops. A rule that cannot be carried out (an owner who left)
/// is passed over. Nothing here writes to a
/// person: it only lets the acknowledgement go, or not.
package struct RuleRunning: Sendable {
    package static let jobName = "rules"

    private let database: Database
    private let stores: Filing.Stores
    private let members: MemberStore
    private let zone: TimeZone
    private let clock: Clock
    private let alarm: JobAlarm
    private let cache = RuleCache()
    private let rules: RuleStore
    private let effects: RuleEffectStore

    package init(
        database: Database, stores: Filing.Stores, members: MemberStore, zone: TimeZone, clock: Clock, alarm: JobAlarm
    ) {
        self.database = database
        self.stores = stores
        self.members = members
        self.zone = zone
        self.clock = clock
        self.alarm = alarm
        rules = RuleStore(ids: stores.tickets.ids, events: stores.events)
        effects = RuleEffectStore(ids: stores.tickets.ids)
    }

    /// The job's subject is a message.
    package func run(_ job: Job) async throws {
        let now = clock.now()
        let loaded = try await database.read { db -> (CompiledRules, RuleMail.Parts)? in
            guard try effects.waiting(job.subject, in: db) != nil else { return nil }
            let compiled = try cache.rules(rules, in: db)
            return try RuleReading(stores: stores).parts(
                of: job.subject, withHeaders: compiled.asksForHeaders, in: db
            ).map { (compiled, $0) }
        }
        let mail = loaded.map { RuleMail($0.1, vocabulary: $0.0.vocabulary) }
        try await database.write { db in
            try stores.jobs.finish(job, in: db)
            guard let (compiled, _) = loaded, let mail, let run = try effects.waiting(job.subject, in: db) else {
                return
            }
            try go(compiled, mail, run, at: now, in: db)
            try effects.finish(job.subject, at: now, in: db)
        }
        alarm.ring()
    }

    /// Lets the rules run for the newest messages that came in and had none: for the demonstration.
    package static func expectNewest(_ count: Int, ids: IDMaker, in db: any Connection) throws -> [ID] {
        let rows = try db.rows(
            "SELECT id FROM message WHERE direction = 'in' ORDER BY sent_at DESC, id DESC LIMIT \(count)")
        let messages = try rows.map { try $0.int("id") }
        for message in messages {
            try RuleEffectStore(ids: ids).expect(message, isNew: true, acknowledges: "", in: db)
        }
        return messages
    }

    /// As the job does, without one.
    package func runNow(_ message: ID) async throws {
        let job = try await database.write { [stores] db in
            let id = try stores.jobs.add(Self.jobName, subject: message, in: db)
            return try stores.jobs.find(id, in: db)
        }
        if let job { try await run(job) }
    }

    private func go(
        _ compiled: CompiledRules, _ mail: RuleMail, _ run: RuleEffectStore.Run, at: Milliseconds,
        in db: any Connection
    ) throws {
        guard let message = try stores.messages.find(mail.message, in: db),
            let ticket = try stores.tickets.target(of: message.ticket, in: db)
        else { return }
        try stores.tickets.hold([ticket.id], in: db)
        let applying = RuleApplying(stores: stores, members: members, effects: effects, ticket: ticket.id, at: at)
        let isAcknowledged = try apply(compiled, mail, isNew: run.isNew, applying, in: db)
        if !run.acknowledges.isEmpty, isAcknowledged ?? true {
            try stores.jobs.add(run.acknowledges, subject: ticket.id, in: db)
        }
        guard run.isNew else { return }
        try Assigning(stores: stores, members: members, zone: zone).consider(ticket.id, at: at, in: db)
    }

    /// What the last rule that fitted said of the acknowledgement.
    private func apply(
        _ compiled: CompiledRules, _ mail: RuleMail, isNew: Bool, _ applying: RuleApplying, in db: any Connection
    ) throws -> Bool? {
        var mail = mail
        mail.isNew = isNew
        guard var walk = try Walk(stores, applying.ticket, in: db) else { return nil }
        try apply(of: nil, compiled, mail, applying, &walk, in: db)
        var visited: Set<ID> = []
        while !walk.isOver, visited.insert(walk.queue.id).inserted {
            try apply(of: walk.queue.id, compiled, mail, applying, &walk, in: db)
        }
        return walk.acknowledges
    }

    /// The rules of a queue while the ticket is in it; those of all queues (nil) while it is in none that is
    /// confidential.
    private func apply(
        of home: ID?, _ compiled: CompiledRules, _ mail: RuleMail, _ applying: RuleApplying, _ walk: inout Walk,
        in db: any Connection
    ) throws {
        var mail = mail
        for entry in compiled.entries where entry.rule.queue == home {
            guard !walk.isOver, home.map({ $0 == walk.queue.id }) ?? !walk.queue.isConfidential else { return }
            mail.tags = walk.tags
            mail.language = walk.language
            guard compiled.matches(entry, mail, hours: walk.hours, zone: zone) else { continue }
            try applying.apply(entry.rule, message: mail.message, in: db)
            walk.acknowledges = entry.rule.body.acknowledges ?? walk.acknowledges
            try walk.look(stores, applying.ticket, in: db)
            walk.isOver = walk.isOver || entry.rule.body.stops
        }
    }

    /// The ticket as the last rule left it, read again only after one: hundreds of rules that do not fit cost no
    /// statement.
    private struct Walk {
        var queue: Queue
        var tags: [String]
        var language: String?
        var hours: BusinessHours?
        /// What the rules have said of the acknowledgement.
        var acknowledges: Bool?
        var isOver = false

        init?(_ stores: Filing.Stores, _ id: ID, in db: any Connection) throws {
            guard let ticket = try stores.tickets.find(id, in: db) else { return nil }
            queue = try stores.queues.require(ticket.queue, in: db)
            tags = try stores.tickets.tags(of: id, in: db)
            language = ticket.language
            hours = try HoursStore(events: stores.events).find(ticket.queue, in: db)?.value
        }

        mutating func look(_ stores: Filing.Stores, _ id: ID, in db: any Connection) throws {
            guard var now = try Walk(stores, id, in: db) else {
                isOver = true
                return
            }
            now.acknowledges = acknowledges
            self = now
        }
    }
}

/// The rules as they were compiled last, until one of them changes.
private final class RuleCache: Sendable {
    private let kept = Mutex<(stamp: String, rules: CompiledRules)?>(nil)

    func rules(_ store: RuleStore, in db: any Connection) throws -> CompiledRules {
        let stamp = try RuleStore.stamp(in: db)
        if let found = kept.withLock({ $0?.stamp == stamp ? $0?.rules : nil }) { return found }
        let rules = CompiledRules(try store.running(in: db))
        kept.withLock { $0 = (stamp, rules) }
        return rules
    }
}

/// Carries out one rule after the other on one ticket.
struct RuleApplying {
    let stores: Filing.Stores
    let members: MemberStore
    let effects: RuleEffectStore
    let ticket: ID
    let at: Milliseconds

    func apply(_ rule: Rule, message: ID?, in db: any Connection) throws {
        guard let now = try stores.tickets.find(ticket, in: db) else { return }
        let trace = try change(rule.body.change, now, in: db)
        try effects.add(rule, ticket: ticket, message: message, trace, at: at, in: db)
        let event = Event(
            "rule-applied", queue: now.queue, ticket: ticket, subject: rule.id, data: ["version": String(rule.version)])
        try stores.events.add(event, at: at, in: db)
        try notify(rule.body, in: db)
    }

    /// Nil when nothing changed, or when it cannot be done.
    private func change(_ change: TicketChange, _ ticket: Ticket, in db: any Connection) throws -> Changing.Trace? {
        var change = change
        // A protected ticket stays where it is hidden.
        if ticket.isProtected { change.queue = nil }
        if let queue = change.queue, try stores.queues.find(queue, in: db) == nil { change.queue = nil }
        if try LabelStore().isInDanger(ticket.id, in: db) { try keepInView(&change, ticket, in: db) }
        if let owner = change.owner.flatMap({ ID($0) }),
            try !members.may(.see, member: owner, queue: change.queue ?? ticket.queue, in: db)
        {
            change.owner = nil
        }
        guard !change.isEmpty else { return nil }
        do {
            let changing = Changing(stores: stores, members: members)
            return try db.savepoint { try changing.traced(change, on: ticket, actor: nil, at: at, in: db) }
        } catch let failure as Failure where [.refused, .notFound, .conflict, .invalid].contains(failure.code) {
            return nil
        }
    }

    /// A life waits for no rule: it is not made less urgent, not put aside, and leaves its queue only for one that is
    /// confidential.
    private func keepInView(_ change: inout TicketChange, _ ticket: Ticket, in db: any Connection) throws {
        if let priority = change.priority, priority < ticket.priority { change.priority = nil }
        if change.state != nil, change.state != TicketState.open.rawValue {
            (change.state, change.outcome, change.until) = (nil, nil, nil)
        }
        if let queue = change.queue, try stores.queues.find(queue, in: db)?.isConfidential != true {
            change.queue = nil
        }
    }

    /// Told by the notices that colleagues get anyway; only who may see the ticket is told.
    private func notify(_ body: RuleBody, in db: any Connection) throws {
        var told = Set(body.notifiedMembers)
        for team in body.notifiedTeams {
            for row in try db.rows("SELECT member_id FROM team_member WHERE team_id = \(team)") {
                told.insert(try row.int("member_id"))
            }
        }
        guard let queue = try stores.tickets.find(ticket, in: db)?.queue else { return }
        for member in told.sorted() {
            try stores.events.add(
                Event("member-called", queue: queue, ticket: ticket, subject: member), at: at, in: db)
        }
    }
}
