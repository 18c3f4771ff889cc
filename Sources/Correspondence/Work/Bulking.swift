import Base
import Jobs
import People
import Storage
import Text

/// Changes many tickets, a slice to a transaction, and takes that back.
///
/// 1. `start` records what is wanted. Tickets that were picked are listed with it; "all that match" are found by the
///    query, in the order of their ids, so that a change of what matches skips nothing. Tickets that came later do not
///    count.
/// 2. Slices of at most 40 tickets are done with the rights the member has at that moment. Few picked tickets are
///    done at once, by the request; anything else by the job `bulk`, which also looks after a while whether a request
///    died on the way. A slice that was done is not done again: one at a time goes on with a change.
/// 3. `undo` goes over what was changed the same way. A ticket that was changed since stays as it is and is counted.
package struct Bulking: Sendable {
    package static let jobName = "bulk"
    static let slice = 40
    /// Up to so many picked tickets are done before the page is shown.
    static let atOnce = 200
    private static let slicesPerJob = 50
    /// When a job looks whether a request that does it at once came to its end.
    private static let patience: Milliseconds = 10_000

    private let database: Database
    private let stores: Filing.Stores
    private let members: MemberStore
    private let search: TicketSearch
    private let bulks: BulkStore
    private let clock: Clock
    private let alarm: JobAlarm

    package init(
        database: Database, stores: Filing.Stores, members: MemberStore, search: TicketSearch, clock: Clock,
        alarm: JobAlarm
    ) {
        self.database = database
        self.stores = stores
        self.members = members
        self.search = search
        bulks = BulkStore(ids: stores.tickets.ids)
        self.clock = clock
        self.alarm = alarm
    }

    private var changing: Changing { Changing(stores: stores, members: members) }

    // MARK: - Asking

    /// Picked tickets; done at once when they are few.
    package func change(
        _ tickets: [ID], _ change: TicketChange, back: String, by viewer: Viewer
    ) async throws -> ID {
        try change.validate()
        guard !tickets.isEmpty, tickets.count <= 1000 else { throw Failure(.invalid, "bulk-nothing-picked") }
        return try await start(change, tickets: tickets, query: nil, back: back, by: viewer)
    }

    /// One ticket, from its own page: what the viewer may not do throws. `first` looks, in the same transaction.
    package func changeOne(
        _ ticket: ID, _ change: TicketChange, back: String, by viewer: Viewer,
        first: @escaping @Sendable (any Connection) throws -> Void = { _ in }
    ) async throws -> ID? {
        try change.validate()
        let now = clock.now()
        let id = try await database.write { [bulks, changing] db -> ID? in
            try first(db)
            guard let trace = try changing.apply(change, to: ticket, by: viewer, at: now, in: db) else { return nil }
            let id = try bulks.add(
                change, tickets: [], query: nil, total: 1, back: back, member: viewer.memberID, at: now, in: db)
            try bulks.addItem(ticket, to: id, state: .changed, trace: trace, in: db)
            try bulks.setState(.done, of: id, at: now, in: db)
            return id
        }
        if change.until != nil { alarm.ring() }
        return id
    }

    /// All tickets that match, by a job.
    package func changeAll(
        matching query: String, _ change: TicketChange, back: String, by viewer: Viewer
    ) async throws -> ID {
        try change.validate()
        guard change.mergeInto == nil else { throw Failure(.invalid, "bulk-merge-pick") }
        return try await start(change, tickets: [], query: query, back: back, by: viewer)
    }

    private func start(
        _ change: TicketChange, tickets: [ID], query: String?, back: String, by viewer: Viewer
    ) async throws -> ID {
        let now = clock.now()
        let parsed = try query.map { try SearchQuery.parse($0, now: now) }
        let isSmall = query == nil && tickets.count <= Self.atOnce
        let id = try await database.write { [bulks, stores, search] db in
            let total = try parsed.map { Int(try search.count($0, visibleTo: viewer, in: db)) } ?? Set(tickets).count
            let id = try bulks.add(
                change, tickets: tickets, query: query, total: total, back: back, member: viewer.memberID, at: now,
                in: db)
            let event = Event(
                "bulk-begun", actor: viewer.memberID, subject: id, data: ["tickets": String(total)])
            try stores.events.add(event, at: now, in: db)
            try stores.jobs.add(Self.jobName, subject: id, after: isSmall ? Self.patience : 0, in: db)
            return id
        }
        if isSmall { try await finish(id) } else { alarm.ring() }
        return id
    }

    /// Takes back what was changed and is still so. Only whoever asked for it may.
    package func undo(_ id: ID, by viewer: Viewer) async throws {
        let now = clock.now()
        let isSmall = try await database.write { [bulks, stores] db in
            let bulk = try bulks.require(id, of: viewer, in: db)
            guard bulk.state == .done || bulk.state == .running else { throw Failure(.conflict, "bulk-undone-already") }
            try bulks.setState(.undoing, of: id, at: now, in: db)
            try stores.events.add(
                Event("bulk-undone", actor: viewer.memberID, subject: id), at: now, in: db)
            let isSmall = try bulks.counts(of: id, in: db).changed <= Self.atOnce
            try stores.jobs.add(Self.jobName, subject: id, after: isSmall ? Self.patience : 0, in: db)
            return isSmall
        }
        if isSmall { try await finish(id) } else { alarm.ring() }
    }

    // MARK: - Doing

    /// A job's share of slices; what is left is for the next job.
    package func run(_ job: Job) async throws {
        for _ in 0..<Self.slicesPerJob {
            let now = clock.now()
            let isOver = try await database.write { [stores] db in
                guard try stores.jobs.holds(job, in: db) else { return true }
                guard try step(job.subject, at: now, in: db) else { return false }
                try stores.jobs.finish(job, in: db)
                return true
            }
            if isOver { return }
        }
        try await database.write { [stores] db in
            try stores.jobs.finish(job, in: db)
            try stores.jobs.add(Self.jobName, subject: job.subject, in: db)
        }
    }

    private func finish(_ id: ID) async throws {
        var isOver = false
        while !isOver {
            let now = clock.now()
            isOver = try await database.write { db in try step(id, at: now, in: db) }
        }
    }

    /// One slice; true when nothing is left to do.
    private func step(_ id: ID, at: Milliseconds, in db: any Connection) throws -> Bool {
        try db.lock("bulk-\(id)")
        guard let bulk = try bulks.find(id, in: db), let member = try members.find(bulk.member, in: db),
            !member.isDisabled
        else { return true }
        let viewer = try members.viewer(member, in: db)
        switch bulk.state {
        case .running: return try go(bulk, viewer, at: at, in: db)
        case .undoing: return try goBack(bulk, viewer, at: at, in: db)
        case .done, .undone: return true
        }
    }

    private func go(_ bulk: Bulk, _ viewer: Viewer, at: Milliseconds, in db: any Connection) throws -> Bool {
        let slice: [ID]
        if let text = bulk.query {
            let query = try SearchQuery.parse(text, now: bulk.createdAt)
            slice = try search.ids(
                query, visibleTo: viewer, after: bulk.lastID, upTo: bulk.id, limit: Self.slice, in: db)
            if let last = slice.last { try bulks.setLast(last, of: bulk.id, in: db) }
        } else {
            slice = try bulks.items(of: bulk.id, state: .waiting, limit: Self.slice, in: db)
        }
        for ticket in slice {
            let trace = try apply(bulk.change, to: ticket, viewer, at: at, in: db)
            try bulks.addItem(
                ticket, to: bulk.id, state: trace == nil ? .skipped : .changed,
                trace: trace, in: db)
        }
        guard slice.count < Self.slice else { return false }
        try bulks.setState(.done, of: bulk.id, at: at, in: db)
        return true
    }

    /// A refused ticket does not hold up the others.
    private func apply(
        _ change: TicketChange, to ticket: ID, _ viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> Changing.Trace? {
        do {
            return try db.savepoint { try changing.apply(change, to: ticket, by: viewer, at: at, in: db) }
        } catch let failure as Failure where [.refused, .notFound, .conflict, .invalid].contains(failure.code) {
            return nil
        }
    }

    private func goBack(_ bulk: Bulk, _ viewer: Viewer, at: Milliseconds, in db: any Connection) throws -> Bool {
        let slice = try bulks.items(of: bulk.id, state: .changed, limit: Self.slice, in: db)
        for ticket in slice {
            let isBack = try bulks.trace(of: ticket, in: bulk.id, db).map { trace in
                try db.savepoint { try changing.undo(trace, of: ticket, by: viewer, at: at, in: db) }
            }
            try bulks.setItem(ticket, of: bulk.id, state: isBack ?? false ? .undone : .kept, in: db)
        }
        guard slice.count < Self.slice else { return false }
        try bulks.setState(.undone, of: bulk.id, at: at, in: db)
        return true
    }
}
