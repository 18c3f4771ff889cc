import Base
import Foundation
import Jobs
import Mail
import People
import Storage

@testable import Correspondence

/// The desk with packs of its own; a call is an event, so that it is seen whether it falls with its transaction.
struct TriageScene: Sendable {
    let scene: Scene
    let filing: Filing
    let tools: TriageTools
    let stores: Filing.Stores

    static let packs = KeywordPacks([
        .init(
            label: "danger",
            languages: [
                "en": [.init(match: ["kill myself"], kind: .phrase, why: "says it")],
                "de": [.init(match: ["bring* mich um"], kind: .phrase, why: "says it")],
            ]),
        .init(label: "press", languages: ["en": [.init(match: ["journalist"], kind: .word, why: "")]]),
    ])

    init(_ database: Database, starting: StartingModel = .none) async throws {
        scene = try await Scene(database)
        var tools = TriageTools(packs: { Self.packs }, models: ModelCache(ids: scene.stores.tickets.ids))
        tools.starting = { starting }
        self.tools = tools
        var stores = scene.stores
        stores.danger = DangerWatch(look: { Self.packs.look(at: $0) }) { ticket, at, db in
            let event = Event("page-test", queue: ticket.queue, ticket: ticket.id)
            try addEvent(db, event, at)
        }
        self.stores = stores
        let reader = MailReader(
            parse: { MessageParser.parse($0) }, attachment: { MessageParser.attachment($0, of: $1) ?? [] },
            sanitizedHTML: { _ in "" }, attachmentText: { _, _, _ in nil })
        let zone = TimeZone(secondsFromGMT: 0) ?? .current
        filing = Filing(
            database: database, stores: stores, reader: reader,
            numbers: TicketNumbers(database: database, zone: zone), tokens: scene.tokens,
            key: try InstanceKey([UInt8](repeating: 9, count: 32)), ids: stores.tickets.ids, clock: scene.time.clock,
            settings: Filing.Settings(zone: zone, trustedServers: []), alarm: scene.alarm, log: scene.log)
    }

    func receive(_ text: String, subject: String = "Hello", id: String, source: Delivery.Source = .lmtp) async throws {
        _ = try await scene.accept(Scene.mail(id: id, subject: subject, text: text), source: source)
        try await drain()
    }

    /// Files, thinks, and runs no training.
    func drain() async throws {
        let triage = Triage(
            database: scene.database, stores: stores, tools: tools, ids: stores.tickets.ids, clock: scene.time.clock)
        try await JobRunner(
            database: scene.database, store: stores.jobs, kinds: [FilingJob.kind(filing), triage.kind],
            alarm: scene.alarm, log: scene.log
        ).drain()
    }

    var training: TriageTraining {
        TriageTraining(
            database: scene.database, stores: stores, ids: stores.tickets.ids, clock: scene.time.clock,
            starting: tools.starting)
    }

    var deciding: TriageDeciding { TriageDeciding(stores: stores, members: scene.members) }
    var labelling: Labelling { Labelling(stores: stores) }

    func labels(_ ticket: ID) async throws -> [SpecialistLabel] {
        try await scene.database.read { try LabelStore().labels(of: ticket, in: $0).map(\.label) }
    }

    func suggestions(_ ticket: ID) async throws -> [TriageSuggestion] {
        try await scene.database.read { [stores] db in
            try TriageSuggestionStore(ids: stores.tickets.ids).ofTicket(ticket, in: db)
        }
    }

    func events(_ kind: String) async throws -> Int {
        Int(try await scene.database.read { try $0.int("SELECT COUNT(*) AS n FROM event WHERE kind = \(kind)") })
    }

    func name(_ viewer: Viewer, for label: SpecialistLabel) async throws {
        try await scene.database.write { [labelling, scene] db in
            try labelling.setPeople([viewer.memberID], of: label, by: scene.viewer, at: 1, in: db)
        }
    }

    func set(_ label: SpecialistLabel, on ticket: ID, by viewer: Viewer) async throws {
        let now = scene.time.clock.now()
        try await scene.database.write { [labelling] db in
            try labelling.set(label, on: ticket, by: viewer, at: now, in: db)
        }
    }

    func end(_ label: SpecialistLabel, on ticket: ID, _ end: Labelling.End, by viewer: Viewer) async throws {
        let now = scene.time.clock.now()
        try await scene.database.write { [labelling] db in
            try labelling.end(label, on: ticket, end, by: viewer, at: now, in: db)
        }
    }

    /// Tickets the team has decided about: half of them are about taxes and tagged so.
    func decide(count: Int = 60) async throws {
        for number in 0..<count {
            let isTax = number % 2 == 0
            let words =
                isTax ? "invoice receipt tax donation amount \(number)" : "photo upload license picture \(number)"
            try await receive(words, subject: isTax ? "Receipt" : "Upload", id: "learn\(number)@people.example")
        }
        let now = scene.time.clock.now()
        try await scene.database.write { [stores] db in
            for row in try db.rows("SELECT id, subject FROM ticket ORDER BY id") {
                guard let ticket = try stores.tickets.find(try row.int("id"), in: db) else { continue }
                let tag = ticket.subject == "Receipt" ? "tax" : "photos"
                try stores.tickets.setTags([tag], of: ticket, actor: nil, at: now, in: db)
                try stores.tickets.setState(.closed, of: ticket, actor: nil, at: now, in: db)
            }
        }
    }
}

/// Writes an event without a store at hand.
private func addEvent(_ db: any Connection, _ event: Event, _ at: Milliseconds) throws {
    try EventStore(ids: IDMaker(node: 2, clock: .system)).add(event, at: at, in: db)
}
