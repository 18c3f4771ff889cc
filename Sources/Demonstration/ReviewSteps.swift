import Base
import Correspondence
import Foundation
import Jobs
import Outbox
import Server
import Storage

/// What a story of reviews is made of, by the desk's own steps and a clock that is set by hand.
struct ReviewSteps: Sendable {
    /// A text of the desk with a sentence of the writer's own before its end.
    struct Text: Sendable {
        var slug: String
        var own: String
    }

    /// A mail of a reader.
    struct Letter: Decodable, Sendable {
        var name, address, subject, text, language: String
    }

    let services: Services
    let time = StoryClock()

    var answering: Answering {
        Answering(
            database: services.database, stores: services.stores, drafts: services.drafts, members: services.members,
            tokens: services.tokens, ids: services.ids, clock: time.clock, alarm: JobAlarm(), undoDelay: 0)
    }

    var reviewing: Reviewing { Reviewing(answering: answering) }

    /// Files a mail at the time of the clock; returns its ticket. With an answered mail's Message-ID it joins that.
    @discardableResult func post(_ letter: Letter, to queue: Queue, answers: String? = nil) async throws -> ID {
        let at = time.clock.now()
        guard let address = queue.address else { throw Failure(.invalid, "error-invalid") }
        let envelope = Posting.Envelope(
            from: Correspondent(name: letter.name, address: letter.address), to: address, at: at,
            name: "almanac.review.\(at)", answers: answers)
        let words = Tale.Words(
            subject: letter.subject, text: letter.text, language: letter.language, isReply: answers != nil)
        let delivery = Delivery(
            queue: queue.id, sender: letter.address, recipient: address, source: .lmtp, receivedAt: at,
            content: .memory(try Posting.mail(words, envelope, isAutomatic: false)))
        let stores = services.stores
        let intake = Intake(database: services.database, store: stores.deliveries, jobs: stores.jobs, alarm: JobAlarm())
        guard case .accepted(let id)? = try await intake.accept([delivery]).first else {
            throw Failure(.internal, "error-internal", details: "a mail of the demonstration was not taken")
        }
        let filing = Filing(
            database: services.database, stores: stores, reader: services.reader,
            numbers: TicketNumbers(database: services.database, zone: services.zone), tokens: services.tokens,
            key: services.key, ids: services.ids, clock: time.clock,
            settings: Filing.Settings(zone: services.zone, trustedServers: []), alarm: JobAlarm(), log: services.log)
        try await run(FilingJob.kind(filing))
        guard let ticket = try await services.database.read({ try stores.ticket(ofDelivery: id, in: $0) }) else {
            throw Failure(.internal, "error-internal", details: "a mail of the demonstration was not filed")
        }
        try await greet()
        return ticket
    }

    /// The rules, and a mail that says that theirs arrived, at the time of the clock too.
    private func greet() async throws {
        let rules = RuleRunning(
            database: services.database, stores: services.stores, members: services.members, zone: services.zone,
            clock: time.clock, alarm: JobAlarm())
        try await run(JobKind.single(RuleRunning.jobName) { try await rules.run($0) })
        let acknowledging = Acknowledging(
            database: services.database, stores: services.stores, tokens: services.tokens, key: services.key,
            ids: services.ids, clock: time.clock, alarm: JobAlarm())
        try await run(JobKind.single(Acknowledging.jobName) { try await acknowledging.run($0) })
        try await dispatch()
    }

    /// A draft of a text and a sentence of their own.
    func begin(_ ticket: ID, with words: Text, by writer: Viewer) async throws -> ID {
        let at = time.clock.now()
        return try await services.database.write { [services, answering] db in
            let ticket = try services.stores.tickets.require(ticket, visibleTo: writer, in: db)
            let people = try services.stores.tickets.participants(of: ticket.id, in: db)
            var content = Draft.Content(
                to: people.prefix(1).map(\.address), cc: [], subject: "Re: " + ticket.subject, text: "")
            let begun = try services.drafts.save(
                content, ticket: ticket, author: writer.memberID, seenVersion: ticket.version, at: at, in: db)
            let text = try services.knowledge.require(slug: words.slug, visibleTo: writer, in: db)
            let filled = try answering.insert(text.id, into: begun.id, by: writer, zone: services.zone, at: at, in: db)
            var paragraphs = filled.text.replacing("{{contact.name}}", with: "reader").components(separatedBy: "\n\n")
            paragraphs.insert(words.own, at: max(0, paragraphs.count - 2))
            content.text = paragraphs.joined(separator: "\n\n")
            return try services.drafts.change(
                begun.id, to: content, seenVersion: filled.seenVersion, expecting: filled.version, by: writer.memberID,
                at: at, in: db
            ).id
        }
    }

    /// What was approved and sent leaves for the mail server that is a closure: nothing of it is there later.
    func dispatch() async throws {
        let dispatch = Dispatch(
            database: services.database, store: services.stores.outbox, raws: services.stores.raws,
            jobs: services.stores.jobs, events: services.stores.events, transport: Telling.transport,
            clock: time.clock, log: services.log,
            recorded: Answering.recorded(facts: services.stores.facts, drafts: services.drafts))
        try await run(JobKind.single(Answering.dispatchJob) { try await dispatch.run($0) })
    }

    /// A review's time is over, once; moves the clock there.
    func widen(_ review: ID) async throws {
        let widening = ReviewWidening(answering: answering)
        let due = try await services.database.write { db in
            try db.execute(
                "UPDATE job SET run_at = 0 WHERE kind = \(ReviewWidening.jobName) AND subject_id = \(review)")
            return try db.int("SELECT due_at FROM review WHERE id = \(review)")
        }
        time.set(due)
        try await run(JobKind.single(ReviewWidening.jobName) { try await widening.run($0) })
    }

    private func run(_ kind: JobKind) async throws {
        try await JobRunner(
            database: services.database, store: services.stores.jobs, kinds: [kind], alarm: JobAlarm(),
            log: services.log
        ).drain()
    }
}
