import Base
import Jobs
import People
import Storage

@testable import Correspondence

extension Scene {
    var bulking: Bulking {
        Bulking(
            database: database, stores: stores, members: members, search: TicketSearch(), clock: time.clock,
            alarm: alarm)
    }

    var bulks: BulkStore { BulkStore(ids: stores.tickets.ids) }

    func runBulk() async throws {
        let bulking = bulking
        let kind = JobKind.single(Bulking.jobName) { try await bulking.run($0) }
        try await JobRunner(database: database, store: stores.jobs, kinds: [kind], alarm: alarm, log: log).drain()
    }

    func wakeAll() async throws {
        let waking = Waking(database: database, stores: stores, clock: time.clock)
        let kind = JobKind.single(Waking.jobName) { try await waking.run($0) }
        try await JobRunner(database: database, store: stores.jobs, kinds: [kind], alarm: alarm, log: log).drain()
    }

    /// Opens tickets without mail.
    @discardableResult func open(
        _ subjects: [String], language: String? = "en", in queue: ID? = nil, as viewer: Viewer? = nil
    ) async throws -> [Ticket] {
        try await database.write { [stores] db in
            try subjects.enumerated().map { index, subject in
                let number = "\(try stores.tickets.ids.make())"
                let opening = TicketStore.Opening(
                    number: number, queue: queue ?? self.queue.id, subject: subject, state: .new, language: language,
                    contact: nil, sender: "Karl", at: Milliseconds(1000 + index), source: "lmtp", actor: nil)
                let id = try stores.tickets.open(opening, in: db)
                return try stores.tickets.require(id, visibleTo: viewer ?? self.viewer, in: db)
            }
        }
    }

    /// The administrator with the rights of this moment.
    func again() async throws -> Viewer {
        try await database.read { [members] db in try members.viewer(member, in: db) }
    }

    func ticket(_ id: ID) async throws -> Ticket {
        let found = try await database.read { [stores] db in try stores.tickets.find(id, in: db) }
        guard let found else { throw Failure(.notFound, "error-not-found") }
        return found
    }

    /// A member with rights on the first queue only.
    func colleague(_ name: String, _ rights: Set<Right> = [.see, .note, .draft, .send]) async throws -> Viewer {
        try await database.write { [members] db in
            let member = try members.add(
                email: "\(name)@desk.example", name: name, isAdministrator: false, password: nil, mustChange: false,
                actor: nil, at: 0, in: db)
            try members.setRights(rights, of: member.id, queue: queue.id, actor: nil, at: 0, in: db)
            return try members.viewer(member, in: db)
        }
    }

    func tags(_ ticket: ID) async throws -> [String] {
        try await database.read { [stores] db in try stores.tickets.tags(of: ticket, in: db) }
    }
}

extension TicketChange {
    static func make(_ fill: (inout TicketChange) -> Void) -> TicketChange {
        var change = TicketChange()
        fill(&change)
        return change
    }
}
