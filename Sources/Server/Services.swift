import Base
import Correspondence
import Fetch
import Foundation
import Jobs
import Knowledge
import Logging
import Mail
import Outbox
import People
import Schema
import Storage
import Synchronization
import Text
import Web

/// Everything that is built once and used by pages, listeners, jobs and commands.
package struct Services: Sendable {
    package let settings: Settings
    package let directory: DataDirectory
    package let database: Database
    package let lease: NodeLease
    package let ids: IDMaker
    package let clock: Clock
    package let random: Randomness
    package let key: InstanceKey
    package let tokens: MailTokens
    package let log: Logger
    package let alarm: JobAlarm
    /// Rung when events wait to be sealed.
    package let eventAlarm: JobAlarm
    package let live: LiveHub
    let organisation = OrganisationName()
    private let pace: FilingPace
    package let stores: Filing.Stores
    package let triage: TriageTools
    package let members: MemberStore
    package let sessions: SessionStore
    package let drafts: DraftStore
    package let mailboxes: MailboxStore
    package let mailServers: MailServerStore
    package let teams: TeamStore
    let examined = Examined()
    package let gate: PasswordGate
    package let intake: Intake
    package let reader: MailReader
    package let parsers: ParserPool
    package let numbers: TicketNumbers
    package let zone: TimeZone
    package let answering: Answering
    package let noting: Noting
    package let resources: LoadedResources
    package let search = TicketSearch()
    package let knowledge: KnowledgeStore

    /// Opens the database, brings it to the newest schema, takes a node number. Ends with `close`.
    package static func open(
        _ settings: Settings, directory: DataDirectory, log: Logger, clock: Clock = .system,
        random: Randomness = .system
    ) async throws -> Services {
        let key = try directory.instanceKey(settings, random: random)
        let durability: Database.Durability = settings.fault == "durability:lowered" ? .lowered : .full
        let database = try Database.open(settings.databaseLocation, durability: durability, log: log)
        _ = try await Migrator(Schema.migrations).migrate(database)
        try await requireKey(key, database)
        try await database.write { try SearchVersion.begin(in: $0) }
        let lease = try await NodeLease.take(
            database, isExclusive: true, duration: Milliseconds(settings.requireNodeLease()) * 1000)
        let floor = try await database.read { try $0.int("SELECT COALESCE(MAX(id), 0) AS id FROM event") }
        let ids = IDMaker(node: lease.number, floor: database.engine == .sqlite ? floor : 0, clock: clock)
        let jobs = JobStore(ids: ids)
        try await database.write { db in
            for kind in [ReadabilityStore.jobName, AnswerLearning.jobName, GapFinding.jobName] {
                try jobs.addOnce(kind, in: db)
            }
            try jobs.releaseOwn(in: db)
            try jobs.releaseOrphans(in: db)
        }
        return try Services(
            settings: settings, directory: directory, database: database, lease: lease, ids: ids, clock: clock,
            random: random, key: key, log: log)
    }

    private init(
        settings: Settings, directory: DataDirectory, database: Database, lease: NodeLease, ids: IDMaker, clock: Clock,
        random: Randomness, key: InstanceKey, log: Logger
    ) throws {
        self.settings = settings
        self.directory = directory
        self.lease = lease
        self.ids = ids
        self.clock = clock
        self.random = random
        self.key = key
        self.log = log
        tokens = MailTokens(key: key, older: try settings.olderKeys.map(DataDirectory.parse))
        alarm = JobAlarm()
        pace = FilingPace()
        resources = LoadedResources(settings)
        var stores = Self.makeStores(ids: ids, key: key)
        let triage = Self.triageTools(resources, stores, ids: ids)
        self.triage = triage
        let (bare, people) = (stores, MemberStore(ids: ids, events: stores.events))
        let (resources, zone) = (resources, try settings.requireTimeZone())
        stores.danger = Self.dangerWatch(triage) {
            try Self.paging(settings, resources, bare, people, ids: ids, random: random, zone: zone)
        }
        self.stores = stores
        self.zone = zone
        let eventAlarm = JobAlarm()
        let database = database.telling(of: stores.events.added) { eventAlarm.ring() }
        self.database = database
        self.eventAlarm = eventAlarm
        live = LiveHub(clock: clock)
        members = MemberStore(ids: ids, events: stores.events)
        sessions = SessionStore(ids: ids, random: random, events: stores.events)
        drafts = DraftStore(ids: ids, raws: stores.raws, events: stores.events)
        mailboxes = MailboxStore(ids: ids, key: key)
        mailServers = MailServerStore(ids: ids, key: key, events: stores.events)
        teams = TeamStore(ids: ids, events: stores.events)
        knowledge = KnowledgeStore(ids: ids, events: stores.events, raws: stores.raws)
        gate = PasswordGate(random: random)
        intake = Intake(database: database, store: stores.deliveries, jobs: stores.jobs, alarm: alarm, pace: pace)
        parsers = ParserPool()
        reader = Self.makeReader(parsers)
        numbers = TicketNumbers(database: database, zone: zone)
        var answering = Answering(
            database: database, stores: stores, drafts: drafts, members: members, tokens: tokens, ids: ids,
            clock: clock,
            alarm: alarm, undoDelay: Milliseconds(settings.undoSeconds) * 1000)
        answering.links =
            settings.checksLinks ? LinkAnswers(database: database, clock: clock, probe: LinkProbe()) : nil
        self.answering = answering
        noting = Noting(stores: stores, ids: ids)
    }

    private static func makeStores(ids: IDMaker, key: InstanceKey) -> Filing.Stores {
        let events = EventStore(ids: ids)
        let raws = RawStore(ids: ids)
        let facts = FactStore()
        return Filing.Stores(
            deliveries: DeliveryStore(ids: ids, raws: raws, key: key), raws: raws,
            queues: QueueStore(ids: ids, events: events),
            tickets: TicketStore(ids: ids, events: events, facts: facts), messages: MessageStore(ids: ids),
            facts: facts,
            contacts: ContactStore(ids: ids), outbox: OutboxStore(ids: ids), events: events, jobs: JobStore(ids: ids),
            index: SearchIndex(ids: ids))
    }

    private static func makeReader(_ parsers: ParserPool) -> MailReader {
        let texts = AttachmentText(pool: parsers)
        let pictures = AttachmentPicture()
        var reader = MailReader(
            parse: { try await parsers.parse($0) },
            attachment: { try await parsers.attachment($0, of: $1) },
            sanitizedHTML: { try await parsers.sanitizedHTML(try await parsers.parse($0).html) },
            attachmentText: { await texts.extract(contentType: $0, filename: $1, bytes: $2) })
        reader.picture = { await pictures.make(contentType: $0, bytes: $1) }
        return reader
    }

    /// A node with another key would make tokens nobody verifies and could not open secrets.
    private static func requireKey(_ key: InstanceKey, _ database: Database) async throws {
        let known = try await database.write { db -> String in
            try db.execute(
                """
                INSERT INTO setting (name, value) VALUES ('key-fingerprint', \(key.fingerprint))
                ON CONFLICT (name) DO NOTHING
                """)
            return try db.first("SELECT value FROM setting WHERE name = 'key-fingerprint'")?.text("value") ?? ""
        }
        guard known == key.fingerprint else {
            throw Failure(
                .configuration, "error-configuration",
                details: "this database belongs to the instance key \(known), not \(key.fingerprint)")
        }
    }

    /// Gives back the node number and closes the connections.
    package func close() async {
        do { try await lease.release(database) } catch { log.warning("the node number was not given back") }
        await database.close()
    }

    // MARK: - Processes

    package var filing: Filing {
        get throws {
            let servers = Set(settings.trustedServers.map { $0.lowercased() })
            return Filing(
                database: database, stores: stores, reader: reader, numbers: numbers, tokens: tokens, key: key,
                ids: ids,
                clock: clock, settings: Filing.Settings(zone: try settings.requireTimeZone(), trustedServers: servers),
                alarm: alarm, pace: pace, log: log)
        }
    }

    package var acknowledging: Acknowledging {
        Acknowledging(
            database: database, stores: stores, tokens: tokens, key: key, ids: ids, clock: clock, alarm: alarm,
            waiting: WaitingWords.make(settings))
    }

    var webhookStore: WebhookStore { WebhookStore(ids: ids, key: key, events: stores.events) }

    func webhooks() throws -> Webhooks {
        Webhooks(
            database: database, store: webhookStore, jobs: stores.jobs, clock: clock, random: random, alarm: alarm,
            allowed: try settings.requireAllowedNetworks())
    }

    package func dispatch(_ transport: Transport) -> Dispatch {
        Dispatch(
            database: database, store: stores.outbox, raws: stores.raws, jobs: stores.jobs, events: stores.events,
            transport: transport, clock: clock, log: log, recorded: recorded,
            fault: Fault.outbox(settings.fault))
    }

    /// What answers and invitations hear of their mail.
    private var recorded: Dispatch.Recorded {
        let answers = Answering.recorded(facts: stores.facts, drafts: drafts, sampling: sampling)
        let invitations = InvitationStore(ids: ids, events: stores.events)
        return { item, state, at, db in
            try answers(item, state, at, db)
            if item.kind == .notice {
                try invitations.noteOutcome(state.rawValue, ofMail: item.id, in: db)
                try paging().noteOutcome(state, ofMail: item.id, at: at, in: db)
            }
        }
    }

    package var proposals: ProposalStore {
        ProposalStore(ids: ids, events: stores.events, knowledge: knowledge)
    }

    /// Texts as files, for commands on the machine.
    package var textExchange: TextExchange {
        let queues = stores.queues
        return TextExchange(store: knowledge, members: members, teams: teams) { db in
            try queues.all(in: db).map { ($0.id, $0.name) }
        }
    }

    package var forms: FormStore {
        FormStore(ids: ids, queues: stores.queues, events: stores.events, key: key)
    }

    package var submitting: Submitting {
        Submitting(
            database: database, intake: intake, stores: stores, forms: forms, ids: ids, random: random, clock: clock)
    }

    /// What the mail to an address given in a form says comes from the strings.
    package func formReceipt() throws -> FormReceipt {
        let strings = try resources.strings()
        return FormReceipt(
            database: database, stores: stores, forms: forms, tokens: tokens, key: key, ids: ids, clock: clock,
            alarm: alarm, publicURL: settings.publicURL
        ) { language, number, link in
            let translate = strings.translate(language)
            return (translate("form-receipt-subject", []), translate("form-receipt-text", [number, link]))
        }
    }
}

/// Ends the process where a test asked for it, as a crash would.
enum Fault {
    /// `erasure:3`: after the third transaction of an erasure.
    static func erasure(_ fault: String?) -> @Sendable () -> Void {
        guard let fault, fault.hasPrefix("erasure:"), let wanted = Int(fault.dropFirst(8)) else { return {} }
        let left = FaultCount(wanted)
        return { if left.isLast() { kill(getpid(), SIGKILL) } }
    }

    static func outbox(_ fault: String?) -> @Sendable (Dispatch.Point) -> Void {
        guard let fault, fault.hasPrefix("outbox:") else { return { _ in } }
        let wanted = String(fault.dropFirst(7))
        return { point in if point.rawValue == wanted { kill(getpid(), SIGKILL) } }
    }
}

/// Counts down to the moment a test asked for.
private final class FaultCount: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    func isLast() -> Bool {
        left.withLock { left in
            left -= 1
            return left == 0
        }
    }
}
