import Base
import Jobs
import People
import Storage

/// Sends a draft by itself at a time the writer chose.
///
/// The draft carries the time and the member; a job waits for it. When the job runs it asks the draft, not itself: a
/// draft that was changed to another time, taken back or sent is left alone. It is sent as the member would send it
/// then, with the rights they have then; what would be refused or held is held, with the reason on the draft, and the
/// draft waits for a person. A second run finds the draft sent.
package struct LaterSending: Sendable {
    package static let jobName = "send-later"
    private static let longest: Milliseconds = 366 * 86_400_000

    private let answering: Answering
    private let database: Database
    private let stores: Filing.Stores
    private let drafts: DraftStore
    private let members: MemberStore
    private let clock: Clock

    package init(
        answering: Answering, database: Database, stores: Filing.Stores, drafts: DraftStore, members: MemberStore,
        clock: Clock
    ) {
        self.answering = answering
        self.database = database
        self.stores = stores
        self.drafts = drafts
        self.members = members
        self.clock = clock
    }

    /// Sets or changes the time; `invalid` when it is past or more than a year away.
    package func schedule(draft id: ID, at: Milliseconds, by viewer: Viewer) async throws {
        let now = clock.now()
        guard at > now, at < now + Self.longest else { throw Failure(.invalid, "later-time-invalid") }
        try await database.write { db in
            let prepared = try answering.prepare(id, viewer, db)
            guard prepared.queue.mode == .live else { throw Failure(.refused, "composer-shadow") }
            guard prepared.ticket.version == prepared.draft.seenVersion else {
                throw Failure(.conflict, "draft-changed")
            }
            let sending = ReviewGate.Sending(
                draft: prepared.draft, hash: ReviewHash.of(prepared), ticket: prepared.ticket, sender: viewer.memberID)
            try answering.gate.require(sending, in: db)
            try drafts.schedule(id, at: at, by: viewer.memberID, in: db)
            try stores.jobs.add(Self.jobName, subject: id, after: at - now, in: db)
            let event = Event(
                "send-scheduled", actor: viewer.memberID, queue: prepared.queue.id, ticket: prepared.ticket.id,
                subject: id)
            try stores.events.add(event, at: now, in: db)
        }
    }

    /// The draft stays and is not sent by itself any more.
    package func cancel(draft id: ID, by viewer: Viewer) async throws -> Draft {
        let now = clock.now()
        return try await database.write { db in
            let draft = try drafts.require(id, visibleTo: viewer, in: db)
            let ticket = try stores.tickets.require(draft.ticket, visibleTo: viewer, in: db)
            guard viewer.may(.draft, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            guard draft.sendAt != nil else { return draft }
            try drafts.schedule(id, at: nil, by: nil, in: db)
            let event = Event(
                "send-unscheduled", actor: viewer.memberID, queue: ticket.queue, ticket: ticket.id, subject: id)
            try stores.events.add(event, at: now, in: db)
            return try drafts.require(id, in: db)
        }
    }

    package func run(_ job: Job) async throws {
        let now = clock.now()
        let due = try await database.read { db -> (Draft, Viewer)? in
            guard let draft = try drafts.find(job.subject, in: db), draft.sentMessage == nil,
                let at = draft.sendAt, at <= now + 1000, let member = draft.sendBy
            else { return nil }
            let found = try members.find(member, in: db).flatMap { $0.isDisabled ? nil : $0 }
            let nobody = Viewer(memberID: member, isAdministrator: false, rights: [:])
            return (draft, try found.map { try members.viewer($0, in: db) } ?? nobody)
        }
        if let (draft, viewer) = due {
            do {
                _ = try await answering.send(draft: draft.id, by: viewer)
            } catch let failure as Failure
                where [.conflict, .refused, .invalid, .notFound, .tooLarge].contains(failure.code)
            {
                try await hold(draft, failure.messageKey, at: now)
            }
        }
        try await database.write { db in try stores.jobs.finish(job, in: db) }
    }

    private func hold(_ draft: Draft, _ reason: String, at: Milliseconds) async throws {
        try await database.write { db in
            guard let ticket = try stores.tickets.find(draft.ticket, in: db),
                let now = try drafts.find(draft.id, in: db), now.sentMessage == nil, now.sendAt == draft.sendAt
            else { return }
            try drafts.schedule(draft.id, at: nil, by: nil, held: reason, in: db)
            let event = Event("send-held", queue: ticket.queue, ticket: ticket.id, subject: draft.id)
            try stores.events.add(event, at: at, in: db)
        }
    }
}
