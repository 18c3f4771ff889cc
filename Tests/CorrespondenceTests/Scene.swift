import Base
import Foundation
import Jobs
import Logging
import Mail
import Outbox
import People
import Storage
import Synchronization
import TestKit

@testable import Correspondence

/// A desk without servers: mail is read in this process, the MTA is a closure.
struct Scene: Sendable {
    let database: Database
    let time = TestClock()
    let stores: Filing.Stores
    let members: MemberStore
    let drafts: DraftStore
    let filing: Filing
    let intake: Intake
    let answering: Answering
    let tokens: MailTokens
    let queue: Queue
    let member: Member
    let viewer: Viewer
    let alarm = JobAlarm()
    let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init(_ database: Database) async throws {
        self.database = database
        let clock = time.clock
        let ids = IDMaker(node: 1, clock: .system)
        let key = try InstanceKey([UInt8](repeating: 9, count: 32))
        let events = EventStore(ids: ids)
        let raws = RawStore(ids: ids)
        let facts = FactStore()
        let stores = Filing.Stores(
            deliveries: DeliveryStore(ids: ids, raws: raws, key: key), raws: raws,
            queues: QueueStore(ids: ids, events: events), tickets: TicketStore(ids: ids, events: events, facts: facts),
            messages: MessageStore(ids: ids), facts: facts, contacts: ContactStore(ids: ids),
            outbox: OutboxStore(ids: ids),
            events: events, jobs: JobStore(ids: ids), index: SearchIndex(ids: ids))
        let members = MemberStore(ids: ids, events: events)
        self.stores = stores
        self.members = members
        drafts = DraftStore(ids: ids, raws: raws, events: events)
        tokens = MailTokens(key: key)
        let reader = MailReader(
            parse: { MessageParser.parse($0) }, attachment: { MessageParser.attachment($0, of: $1) ?? [] },
            sanitizedHTML: { _ in "" }, attachmentText: { _, _, _ in nil })
        let zone = TimeZone(secondsFromGMT: 0) ?? .current
        filing = Filing(
            database: database, stores: stores, reader: reader, numbers: TicketNumbers(database: database, zone: zone),
            tokens: tokens, key: key, ids: ids, clock: clock,
            settings: Filing.Settings(zone: zone, trustedServers: ["mx.desk.example"]), alarm: alarm, log: log)
        intake = Intake(database: database, store: stores.deliveries, jobs: stores.jobs, alarm: alarm)
        answering = Answering(
            database: database, stores: stores, drafts: drafts, members: members, tokens: tokens, ids: ids,
            clock: clock,
            alarm: alarm, undoDelay: 0)
        (queue, member, viewer) = try await database.write { db in
            let queue = try stores.queues.add(
                name: "info", displayName: "Info", addresses: ["info@desk.example"], isList: false, actor: nil, at: 0,
                in: db)
            let member = try members.add(
                email: "ana@desk.example", name: "Ana", isAdministrator: true, password: nil, mustChange: false,
                actor: nil,
                at: 0, in: db)
            return (queue, member, try members.viewer(member, in: db))
        }
    }

    /// Delivers a message and files it.
    @discardableResult func receive(
        _ text: String, to recipient: String = "info@desk.example", source: Delivery.Source = .lmtp,
        sender: String = "somebody@people.example"
    ) async throws -> Acceptance {
        let acceptance = try await accept(text, to: recipient, source: source, sender: sender)
        try await fileAll()
        return acceptance
    }

    func accept(
        _ text: String, to recipient: String = "info@desk.example", source: Delivery.Source = .lmtp,
        sender: String = "somebody@people.example"
    ) async throws -> Acceptance {
        time.advance(1000)
        return try await intake.accept(
            Delivery(
                queue: queue.id, sender: sender, recipient: recipient, source: source, receivedAt: time.clock.now(),
                content: .memory(Array(text.utf8))))
    }

    func fileAll() async throws {
        let runner = JobRunner(
            database: database, store: stores.jobs, kinds: [FilingJob.kind(filing)], alarm: alarm, log: log)
        try await runner.drain()
    }

    /// All tickets that are not merged, oldest first.
    func tickets() async throws -> [Ticket] {
        try await database.read { db in
            try db.rows("SELECT * FROM ticket WHERE merged_into IS NULL ORDER BY id").map(TicketStore.read)
        }
    }

    func messages(_ ticket: ID) async throws -> [Message] {
        try await database.read { try stores.messages.ofTicket(ticket, in: $0) }
    }

    /// Answers a ticket as the member; returns the mail's bytes and its outbox row.
    func answer(_ ticket: ID, to: [String], text: String = "Thank you.") async throws -> (
        message: Message, item: OutboxItem
    ) {
        try await database.write { db in
            let ticket = try stores.tickets.require(ticket, visibleTo: viewer, in: db)
            _ = try drafts.save(
                Draft.Content(to: to, cc: [], subject: "Re: " + ticket.subject, text: text), ticket: ticket,
                author: member.id, seenVersion: ticket.version, at: time.clock.now(), in: db)
        }
        let id = try await answering.send(ticket: ticket, by: viewer)
        return try await database.read { db in
            guard let message = try stores.messages.find(id, in: db), let item = try stores.outbox.ofMessage(id, in: db)
            else {
                throw Failure(.notFound, "error-not-found")
            }
            return (message, item)
        }
    }

    /// Sends what waits in the outbox with a transport.
    func dispatch(_ transport: Transport) async throws {
        let dispatch = Dispatch(
            database: database, store: stores.outbox, raws: stores.raws, jobs: stores.jobs, events: stores.events,
            transport: transport, clock: time.clock, log: log,
            recorded: Answering.recorded(facts: stores.facts, drafts: drafts))
        let kind = JobKind.single(Answering.dispatchJob) { try await dispatch.run($0) }
        try await JobRunner(database: database, store: stores.jobs, kinds: [kind], alarm: alarm, log: log).drain()
    }

    static func mail(
        from: String = "Karl <karl@people.example>", id: String, subject: String = "A photo", references: String? = nil,
        to: String = "info@desk.example", headers: [String] = [],
        text: String = "Hello, this is a question about a photo."
    ) -> String {
        var lines = ["From: \(from)", "To: \(to)", "Subject: \(subject)", "Message-ID: <\(id)>"]
        if let references { lines += ["In-Reply-To: <\(references)>", "References: <\(references)>"] }
        return (lines + headers + ["", text, ""]).joined(separator: "\r\n")
    }
}
