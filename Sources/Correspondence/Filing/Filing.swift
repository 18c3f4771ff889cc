import Base
import Foundation
import Jobs
import Logging
import Mail
import Outbox
import People
import Storage

/// Turns durable deliveries into messages of tickets.
///
/// 1. Raw bytes are read and parsed in helper processes; terms for the search are made. Nothing is written.
/// 2. One transaction for a few of them, a savepoint for each: where it belongs, ticket, message, facts, search terms,
///    event, the next job, the end of this job.
/// A second call finds the job gone or the delivery filed and does nothing. A mail that kills three helpers is filed
/// with its original alone. A failure of one does not touch the others; it is tried again.
package struct Filing: Sendable {
    /// The stores it needs.
    package struct Stores: Sendable {
        package let deliveries: DeliveryStore
        package let raws: RawStore
        package let queues: QueueStore
        package let tickets: TicketStore
        package let messages: MessageStore
        package let facts: FactStore
        package let contacts: ContactStore
        package let outbox: OutboxStore
        package let events: EventStore
        package let jobs: JobStore
        package let index: SearchIndex
        /// Told of each mail, in the transaction that files it.
        package var danger = DangerWatch.none

        package init(
            deliveries: DeliveryStore, raws: RawStore, queues: QueueStore, tickets: TicketStore, messages: MessageStore,
            facts: FactStore, contacts: ContactStore, outbox: OutboxStore, events: EventStore, jobs: JobStore,
            index: SearchIndex
        ) {
            self.deliveries = deliveries
            self.raws = raws
            self.queues = queues
            self.tickets = tickets
            self.messages = messages
            self.facts = facts
            self.contacts = contacts
            self.outbox = outbox
            self.events = events
            self.jobs = jobs
            self.index = index
        }

        var merging: Merging {
            Merging(
                ids: tickets.ids, tickets: tickets, messages: messages, index: index, facts: facts, outbox: outbox,
                events: events)
        }
    }

    /// What an installation decides.
    package struct Settings: Sendable {
        package var zone: TimeZone
        /// Servers whose Authentication-Results are believed.
        package var trustedServers: Set<String>

        package init(zone: TimeZone, trustedServers: Set<String>) {
            self.zone = zone
            self.trustedServers = trustedServers
        }
    }

    private static let deathsAllowed = 3
    /// Few, so that acceptance need not wait long for the writer.
    private static let mailsPerWrite = 8
    /// Beyond this many bytes only the beginning is parsed; the original is kept whole.
    private static let parsedBytes = 64 << 20

    private let database: Database
    private let stores: Stores
    private let reader: MailReader
    private let numbers: TicketNumbers
    private let tokens: MailTokens
    private let key: InstanceKey
    private let ids: IDMaker
    private let clock: Clock
    private let settings: Settings
    private let alarm: JobAlarm
    private let pace: FilingPace
    private let log: Logger

    package init(
        database: Database, stores: Stores, reader: MailReader, numbers: TicketNumbers, tokens: MailTokens,
        key: InstanceKey, ids: IDMaker, clock: Clock, settings: Settings, alarm: JobAlarm,
        pace: FilingPace = FilingPace(), log: Logger
    ) {
        self.database = database
        self.stores = stores
        self.reader = reader
        self.numbers = numbers
        self.tokens = tokens
        self.key = key
        self.ids = ids
        self.clock = clock
        self.settings = settings
        self.alarm = alarm
        self.pace = pace
        self.log = log
    }

    /// Outcomes in the order of the jobs.
    package func file(_ jobs: [Job]) async -> [JobOutcome] {
        var outcomes: [ID: JobOutcome] = [:]
        do {
            let (loaded, ended) = try await load(jobs)
            for job in ended { outcomes[job.id] = .done }
            let read = await read(loaded)
            for (job, error) in read.failed { outcomes[job.id] = .failed(error) }
            for (job, outcome) in try await write(read.mails) { outcomes[job.id] = outcome }
        } catch {
            for job in jobs where outcomes[job.id] == nil { outcomes[job.id] = .failed(error) }
        }
        alarm.ring()
        return jobs.map { outcomes[$0.id] ?? .done }
    }

    // MARK: - Reading

    private struct Loaded: Sendable {
        var job: Job
        var delivery: StoredDelivery
        var queue: Queue
        var bytes: [UInt8]
        var isWhole: Bool
    }

    /// Deliveries still to be filed with their bytes; jobs without one are ended.
    private func load(_ jobs: [Job]) async throws -> ([Loaded], [Job]) {
        let loaded: [Loaded] = try await database.read { [stores] db in
            try jobs.compactMap { job in
                guard let delivery = try stores.deliveries.find(job.subject, in: db), delivery.state == .new else {
                    return nil
                }
                let queue = try stores.queues.require(delivery.queue, in: db)
                let isWhole = try stores.raws.size(of: delivery.raw, in: db) <= Self.parsedBytes
                let bytes =
                    try isWhole
                    ? stores.raws.bytes(of: delivery.raw, in: db) : Self.beginning(delivery.raw, stores.raws, db)
                return Loaded(job: job, delivery: delivery, queue: queue, bytes: bytes, isWhole: isWhole)
            }
        }
        let kept = Set(loaded.map(\.job.id))
        let ended = jobs.filter { !kept.contains($0.id) }
        if !ended.isEmpty {
            try await database.write { [stores] db in
                for job in ended where try stores.jobs.holds(job, in: db) { try stores.jobs.finish(job, in: db) }
            }
        }
        return (loaded, ended)
    }

    private static func beginning(_ raw: ID, _ raws: RawStore, _ db: any Connection) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var position = 0
        while bytes.count < parsedBytes / 4, let piece = try raws.chunk(position, of: raw, in: db) {
            bytes += piece
            position += 1
        }
        return bytes
    }

    private func read(_ loaded: [Loaded]) async -> (mails: [ReadMail], failed: [(Job, any Error)]) {
        await withTaskGroup(of: (Job, Result<ReadMail, any Error>).self) { group in
            for item in loaded {
                group.addTask {
                    do {
                        return (item.job, .success(make(item, try await parse(item))))
                    } catch { return (item.job, .failure(error)) }
                }
            }
            var mails: [ReadMail] = []
            var failed: [(Job, any Error)] = []
            for await (job, result) in group {
                switch result {
                case .success(let mail): mails.append(mail)
                case .failure(let error): failed.append((job, error))
                }
            }
            // Ids grow with arrival: an answer is filed after what it answers.
            return (mails.sorted { $0.delivery.id < $1.delivery.id }, failed)
        }
    }

    private func parse(_ item: Loaded) async throws -> ParsedMessage {
        guard item.delivery.deaths < Self.deathsAllowed else {
            var parsed = ParsedMessage()
            parsed.problems = ["unreadable"]
            return parsed
        }
        do {
            var parsed = try await reader.parse(item.delivery.withEnvelope(item.bytes))
            if !item.isWhole { parsed.problems.append("too-large-to-read-whole") }
            return parsed
        } catch let failure as Failure where failure.messageKey == "mail-parser-died" {
            try await database.write { [stores] db in try stores.deliveries.addDeath(to: item.delivery.id, in: db) }
            throw failure
        }
    }

    private func make(_ item: Loaded, _ parsed: ParsedMessage) -> ReadMail {
        let evidence = MailEvidence(parsed, recipient: item.delivery.recipient, tokens: tokens)
        let isForged = SenderAuthentication.isForged(parsed.authenticationResults, trusted: settings.trustedServers)
        let digest = key.salted(MailContent.hash(item.bytes))
        var mail = ReadMail(
            job: item.job, delivery: item.delivery, queue: item.queue, parsed: parsed, evidence: evidence,
            isForged: isForged, contentHash: Array(digest.utf8), now: clock.now(), zone: settings.zone)
        if mail.mayBeTriaged {
            mail.danger = stores.danger.signs(subject: parsed.subject, newText: parsed.newText, text: parsed.text)
        }
        return mail
    }

    // MARK: - Writing

    private func write(_ mails: [ReadMail]) async throws -> [(Job, JobOutcome)] {
        guard !mails.isEmpty else { return [] }
        let live = mails.filter { !$0.isHistory }
        let drawn = live.isEmpty ? [] : try await numbers.draw(live.count, at: clock.now())
        let records = Dictionary(uniqueKeysWithValues: zip(live.map(\.job.id), drawn))
        var outcomes: [(Job, JobOutcome)] = []
        for start in stride(from: 0, to: mails.count, by: Self.mailsPerWrite) {
            let slice = Array(mails[start..<min(mails.count, start + Self.mailsPerWrite)])
            await pace.wait()
            let began = ContinuousClock.now
            outcomes += try await write(slice, numbers: records)
            pace.noteWriting(since: began)
        }
        return outcomes
    }

    /// One transaction at a time files into a queue, on all nodes: two mails of one thread that came together would
    /// otherwise not see each other.
    private func write(_ mails: [ReadMail], numbers: [ID: String]) async throws -> [(Job, JobOutcome)] {
        let writer = FilingWriter(stores: stores, ids: ids, key: key)
        return try await database.write { db in
            for queue in Set(mails.map(\.queue.id)).sorted() { try db.lock("filing \(queue)") }
            return try mails.map { mail in
                switch try db.attempt({ try writer.file(mail, number: numbers[mail.job.id], in: db) }) {
                case .success: (mail.job, JobOutcome.done)
                case .failure(let error): (mail.job, JobOutcome.failed(error))
                }
            }
        }
    }
}
