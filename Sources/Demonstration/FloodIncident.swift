import Base
import Correspondence
import Foundation
import Jobs
import Outbox
import Server
import Storage

/// The flood of one afternoon as an incident with agreed lines in several languages, and the cause behind it: solved
/// since, and told to those who wrote in languages that have a line. The others are still offered an answer.
struct FloodIncident: Sendable {
    private struct Words: Decodable {
        var name: String
        var cause: String
        var told: String
        var lines: [String: String]
        var solved: [String: String]
    }

    private static let hour: Milliseconds = 3_600_000

    let services: Services
    let founded: Founding.Founded
    let folder: URL
    private let time = StoryClock()

    init(services: Services, founded: Founding.Founded, folder: URL) {
        self.services = services
        self.founded = founded
        self.folder = folder
    }

    /// Nothing where nobody could write and agree to the lines.
    func tell() async throws {
        let words: Words = try Material.read("incidents.json", in: folder)
        guard let queue = founded.queues["info-en"]?.id else { return }
        let people = founded.viewers.values.sorted { $0.memberID < $1.memberID }
        guard let writer = people.first(where: { $0.may(.draft, queue: queue) }),
            let second = people.first(where: { $0.may(.approve, queue: queue) && $0.memberID != writer.memberID })
        else { return }
        let store = IncidentStore(ids: services.ids, events: services.stores.events)
        let told = try await services.database.write { db -> (cause: ID, at: Milliseconds)? in
            let tickets = try db.rows(
                """
                SELECT ticket.id, ticket.created_at FROM ticket_tag JOIN ticket ON ticket.id = ticket_tag.ticket_id
                WHERE ticket_tag.tag = 'front-page' ORDER BY ticket.created_at
                """)
            guard let first = try tickets.first?.int("created_at") else { return nil }
            let at = first + Self.hour
            let opening = IncidentStore.Opening(kind: .incident, queue: queue, name: words.name)
            let id = try store.open(opening, by: writer, at: at, in: db)
            for ticket in tickets {
                try store.put(try ticket.int("id"), in: id, state: .joined, member: nil, at: at, in: db)
            }
            try say(words.lines, on: id, by: writer, second, at: at, store, in: db)
            let cause = try store.makeCause(of: id, by: writer, at: at + Self.hour, in: db)
            for ticket in tickets {
                try store.put(try ticket.int("id"), in: cause, state: .joined, member: nil, at: at, in: db)
            }
            let settings = IncidentStore.Settings(
                name: words.cause, owner: second.memberID, joins: false, toldURL: words.told)
            try store.set(settings, of: cause, by: writer, at: at + Self.hour, in: db)
            try say(words.solved, on: cause, by: writer, second, at: at + 72 * Self.hour, store, in: db)
            try store.setState(.ended, of: id, by: writer, at: at + 48 * Self.hour, in: db)
            try store.setState(.solved, of: cause, by: writer, at: at + 72 * Self.hour, in: db)
            return (cause, at + 73 * Self.hour)
        }
        if let told, told.at < services.clock.now() { try await answer(told.cause, by: writer, at: told.at) }
    }

    /// Everybody whose language has a line gets their own mail.
    private func answer(_ cause: ID, by writer: Viewer, at: Milliseconds) async throws {
        time.set(at)
        let answering = Answering(
            database: services.database, stores: services.stores, drafts: services.drafts, members: services.members,
            tokens: services.tokens, ids: services.ids, clock: time.clock, alarm: JobAlarm(), undoDelay: 0)
        let grouping = GroupAnswering(answering: answering, greet: services.groupAnswering.greet)
        do { _ = try await grouping.start(cause, by: writer) } catch let failure as Failure
            where failure.messageKey == "incident-nobody"
        { return }
        let dispatch = Dispatch(
            database: services.database, store: services.stores.outbox, raws: services.stores.raws,
            jobs: services.stores.jobs, events: services.stores.events, transport: Telling.transport,
            clock: time.clock, log: services.log,
            recorded: Answering.recorded(facts: services.stores.facts, drafts: services.drafts))
        for kind in [
            JobKind.single(GroupAnswering.jobName) { try await grouping.run($0) },
            JobKind.single(Answering.dispatchJob) { try await dispatch.run($0) },
        ] {
            try await JobRunner(
                database: services.database, store: services.stores.jobs, kinds: [kind], alarm: JobAlarm(),
                log: services.log
            ).drain()
        }
    }

    private func say(
        _ lines: [String: String], on id: ID, by writer: Viewer, _ second: Viewer, at: Milliseconds,
        _ store: IncidentStore, in db: any Connection
    ) throws {
        for (language, text) in lines.sorted(by: { $0.key < $1.key }) {
            let wording = IncidentStore.Wording(
                language: language, text: text, expiresAt: services.clock.now() + 30 * 24 * Self.hour)
            let line = try store.write(wording, for: id, by: writer, at: at, in: db)
            try store.approve(line, of: id, by: second, at: at + Self.hour / 2, in: db)
        }
    }
}
