import Base
import Correspondence
import Foundation
import Jobs
import Outbox
import Server
import Storage
import Synchronization

/// A clock that is set by hand.
final class StoryClock: Sendable {
    private let time = Mutex<Milliseconds>(0)

    var clock: Clock { Clock { self.time.withLock { $0 } } }

    func set(_ now: Milliseconds) { time.withLock { $0 = now } }
}

/// Lets the tales happen, step by step in the order of time, by the steps real mail and real members take: intake and
/// filing, drafts and answers, the outbox with a mail server that is a closure. Nothing leaves the machine.
actor Telling {
    private struct Waiting {
        var tale: Int
        var delivery: Delivery
    }

    /// What has become of a tale.
    private struct Standing {
        var ticket: ID?
        /// The ticket of its last mail.
        var newest: ID?
        var answer: ID?
        var answerHeader: String?
    }

    private static let mailsTogether = 24
    private static let day: Milliseconds = 86_400_000

    private let services: Services
    private let founded: Founding.Founded
    private let tales: [Tale]
    private let time = StoryClock()
    private let filing: JobRunner
    private let dispatch: JobRunner
    private let intake: Intake
    private let answering: Answering
    private var standings: [Standing]
    private var waiting: [Waiting] = []

    init(_ tales: [Tale], founded: Founding.Founded, services: Services) throws {
        self.tales = tales
        self.founded = founded
        self.services = services
        standings = tales.map { _ in Standing() }
        let stores = services.stores
        // Rung for nobody: these runners are asked, and no other runs.
        let alarm = JobAlarm()
        let filing = Filing(
            database: services.database, stores: stores, reader: services.reader,
            numbers: TicketNumbers(database: services.database, zone: services.zone), tokens: services.tokens,
            key: services.key, ids: services.ids, clock: time.clock,
            settings: Filing.Settings(zone: services.zone, trustedServers: []), alarm: alarm, log: services.log)
        let dispatch = Dispatch(
            database: services.database, store: stores.outbox, raws: stores.raws, jobs: stores.jobs,
            events: stores.events, transport: Self.transport, clock: time.clock, log: services.log,
            recorded: Answering.recorded(facts: stores.facts, drafts: services.drafts))
        self.filing = JobRunner(
            database: services.database, store: stores.jobs, kinds: [FilingJob.kind(filing)], alarm: alarm,
            log: services.log)
        self.dispatch = JobRunner(
            database: services.database, store: stores.jobs,
            kinds: [JobKind.single(Answering.dispatchJob) { try await dispatch.run($0) }], alarm: alarm,
            log: services.log)
        intake = Intake(database: services.database, store: stores.deliveries, jobs: stores.jobs, alarm: alarm)
        answering = Answering(
            database: services.database, stores: stores, drafts: services.drafts, members: services.members,
            tokens: services.tokens, ids: services.ids, clock: time.clock, alarm: alarm, undoDelay: 0)
    }

    /// A mail server that believes everything, but for two domains.
    static let transport = Transport { _, _, recipients in
        recipients.map { recipient in
            if recipient.hasSuffix("@refusing.example") {
                return .refused(reply: "550 5.7.1 refused by the recipient's policy", isPermanent: true)
            }
            return recipient.hasSuffix("@silent.example") ? .inDoubt(reply: "") : .accepted(reply: "250 2.0.0 taken")
        }
    }

    /// `progress` hears of each day that is over: steps done, steps in all, the moment.
    func tell(progress: @Sendable (Int, Int, Milliseconds) -> Void) async throws {
        let steps = tales.enumerated().flatMap { tale, content in
            content.steps.enumerated().map { (tale: tale, place: $0.offset, step: $0.element) }
        }.sorted { ($0.step.at, $0.tale, $0.place) < ($1.step.at, $1.tale, $1.place) }
        var today: Milliseconds = 0
        for (done, item) in steps.enumerated() {
            if item.step.at / Self.day != today {
                try await file()
                today = item.step.at / Self.day
                progress(done, steps.count, item.step.at)
            }
            if waiting.contains(where: { $0.tale == item.tale }) || waiting.count >= Self.mailsTogether {
                try await file()
            }
            time.set(item.step.at)
            try await perform(item.step, place: item.place, of: item.tale)
        }
        try await file()
        progress(steps.count, steps.count, time.clock.now())
    }

    private func perform(_ step: Tale.Step, place: Int, of tale: Int) async throws {
        switch step.act {
        case .mail(let words): try post(words, at: step.at, place: place, of: tale, isAutomatic: false)
        case .autoReply(let words): try post(words, at: step.at, place: place, of: tale, isAutomatic: true)
        case .bounce: try await bounce(at: step.at, place: place, of: tale)
        case .answer(let text): try await answer(text, step, tale)
        case .join: try await join(step, tale)
        case .label, .unlabel: try await label(step, tale)
        case .take, .draft, .note, .tags, .priority, .state, .move: try await work(step, tale)
        }
    }

    // MARK: - Mail

    private func envelope(at: Milliseconds, place: Int, of tale: Int, to: String) -> Posting.Envelope {
        Posting.Envelope(
            from: tales[tale].person, to: to, at: at, name: "almanac.\(tale).\(place)",
            answers: standings[tale].answerHeader)
    }

    private func post(
        _ words: Tale.Words, at: Milliseconds, place: Int, of tale: Int, isAutomatic: Bool
    ) throws {
        guard let queue = founded.queues[tales[tale].queue], let address = queue.address else { return }
        let envelope = envelope(at: at, place: place, of: tale, to: address)
        let bytes = try Posting.mail(words, envelope, isAutomatic: isAutomatic)
        let delivery = Delivery(
            queue: queue.id, sender: envelope.from.address, recipient: address, source: .lmtp, receivedAt: at,
            content: .memory(bytes))
        waiting.append(Waiting(tale: tale, delivery: delivery))
    }

    private func bounce(at: Milliseconds, place: Int, of tale: Int) async throws {
        let outbox = services.stores.outbox
        guard let queue = founded.queues[tales[tale].queue], let answer = standings[tale].answer,
            let item = try await services.database.read({ try outbox.ofMessage(answer, in: $0) })
        else { return }
        let bytes = Posting.bounce(envelope(at: at, place: place, of: tale, to: item.sender))
        let delivery = Delivery(
            queue: queue.id, sender: "", recipient: item.sender, source: .lmtp, receivedAt: at,
            content: .memory(bytes))
        waiting.append(Waiting(tale: tale, delivery: delivery))
    }

    /// Files what has been posted.
    private func file() async throws {
        guard let last = waiting.last else { return }
        let posted = waiting
        waiting = []
        time.set(last.delivery.receivedAt)
        let acceptances = try await intake.accept(posted.map(\.delivery))
        try await filing.drain()
        let deliveries = acceptances.map { if case .accepted(let id) = $0 { id } else { ID(0) } }
        let tickets = try await services.database.read { [stores = services.stores] db in
            try deliveries.map { try stores.ticket(ofDelivery: $0, in: db) }
        }
        for (waiting, ticket) in zip(posted, tickets) {
            guard let ticket else {
                throw Failure(.internal, "error-internal", details: "a mail of the demonstration was not filed")
            }
            standings[waiting.tale].newest = ticket
            if standings[waiting.tale].ticket == nil { standings[waiting.tale].ticket = ticket }
        }
    }

    // MARK: - Work

    private func answer(_ text: String, _ step: Tale.Step, _ tale: Int) async throws {
        guard let id = standings[tale].ticket, let viewer = founded.viewers[step.agent] else { return }
        try await saveDraft(text, of: id, by: viewer, to: tales[tale].person.address, at: step.at)
        let message = try await answering.send(ticket: id, by: viewer)
        try await dispatch.drain()
        standings[tale].answer = message
        standings[tale].answerHeader = try await services.database.read { [stores = services.stores] db in
            try stores.messages.require(message, visibleTo: viewer, in: db).headerID
        }
    }

    private func saveDraft(
        _ text: String, of id: ID, by viewer: Viewer, to address: String, at: Milliseconds
    ) async throws {
        try await services.database.write { [services] db in
            let ticket = try services.stores.tickets.require(id, visibleTo: viewer, in: db)
            let content = Draft.Content(to: [address], cc: [], subject: "Re: " + ticket.subject, text: text)
            _ = try services.drafts.save(
                content, ticket: ticket, author: viewer.memberID, seenVersion: ticket.version, at: at, in: db)
        }
    }

    private func join(_ step: Tale.Step, _ tale: Int) async throws {
        guard let ticket = standings[tale].ticket, let newest = standings[tale].newest, newest != ticket,
            let viewer = founded.viewers[step.agent]
        else { return }
        try await services.database.write { [stores = services.stores] db in
            try stores.join(newest, into: ticket, actor: viewer.memberID, at: step.at, in: db)
        }
        standings[tale].newest = ticket
    }

    /// What a member does to the ticket itself.
    private func work(_ step: Tale.Step, _ tale: Int) async throws {
        guard let id = standings[tale].ticket, let viewer = founded.viewers[step.agent],
            let member = founded.members[step.agent]
        else { return }
        if case .draft(let text) = step.act {
            return try await saveDraft(text, of: id, by: viewer, to: tales[tale].person.address, at: step.at)
        }
        let queues = founded.queues
        let noting = services.noting
        try await services.database.write { [tickets = services.stores.tickets] db in
            let ticket = try tickets.require(id, visibleTo: viewer, in: db)
            switch step.act {
            case .take:
                try tickets.setOwner(member.id, of: ticket, actor: member.id, at: step.at, in: db)
                if ticket.state == .new {
                    try tickets.setState(.open, of: ticket, actor: member.id, at: step.at, in: db)
                }
            case .note(let text):
                _ = try noting.add(text, to: ticket, by: viewer, name: member.name, at: step.at, in: db)
            case .tags(let tags): try tickets.setTags(tags, of: ticket, actor: member.id, at: step.at, in: db)
            case .priority(let priority):
                try tickets.setPriority(priority, of: ticket, actor: member.id, at: step.at, in: db)
            case .state(let state): try tickets.setState(state, of: ticket, actor: member.id, at: step.at, in: db)
            case .move(let name):
                guard let queue = queues[name] else { return }
                try tickets.setQueue(queue.id, of: ticket, actor: member.id, at: step.at, in: db)
                try tickets.setOwner(nil, of: ticket, actor: member.id, at: step.at, in: db)
            case .mail, .autoReply, .bounce, .answer, .draft, .join, .label, .unlabel: break
            }
        }
    }

    /// Sets a label, or ends it where the packs or a member had set it.
    private func label(_ step: Tale.Step, _ tale: Int) async throws {
        guard let id = standings[tale].ticket, let viewer = founded.viewers[step.agent] else { return }
        let labelling = Labelling(stores: services.stores)
        try await services.database.write { db in
            let set = try LabelStore().labels(of: id, in: db).map(\.label)
            if case .label(let label) = step.act {
                try labelling.set(label, on: id, by: viewer, at: step.at, in: db)
            } else if case .unlabel(let label, let end) = step.act, set.contains(label) {
                try labelling.end(label, on: id, end, by: viewer, at: step.at, in: db)
            }
        }
    }
}
