import Base
import Jobs
import Mail
import Outbox
import People
import Storage

/// Takes everybody out of tickets that a queue need not keep any longer: the rule "closed for so many months".
///
/// 1. Hourly, of each queue whose rule is on, some tickets that are past their time.
/// 2. Each is erased by `TicketErasing`, as for a person, but for everybody in it.
/// 3. Whoever has no ticket with words left is no contact any more.
/// What is kept, for a reason of its own, is passed over. A crash leaves a ticket half done: the next hour does the
/// rest.
package struct Retaining: Sendable {
    private static let slice = 50

    private let database: Database
    private let stores: Filing.Stores
    private let store: RetentionStore
    private let tickets: TicketErasing
    private let key: InstanceKey
    private let clock: Clock

    package init(
        database: Database, stores: Filing.Stores, drafts: DraftStore, reader: MailReader, key: InstanceKey,
        clock: Clock
    ) {
        self.database = database
        self.stores = stores
        self.key = key
        self.clock = clock
        store = RetentionStore(events: stores.events)
        tickets = TicketErasing(
            database: database, stores: stores, drafts: drafts, reader: reader, clock: clock)
    }

    /// Returns how many tickets were erased, when nothing is due any more.
    @discardableResult package func run() async throws -> Int {
        var count = 0
        for rule in try await database.read({ db in try store.all(in: db) }) {
            count += try await run(rule)
        }
        guard count > 0 else { return 0 }
        while try await database.write({ db in try RawEmptying.step(in: db) }) {}
        try await database.write { db in try stores.jobs.add(Sweeping.jobName, subject: 0, in: db) }
        return count
    }

    private func run(_ rule: Retention) async throws -> Int {
        var (count, last): (Int, ID) = (0, 0)
        while true {
            let (after, now) = (last, clock.now())
            let due = try await database.read { db in
                try store.due(rule, at: now, after: after, limit: Self.slice, in: db)
            }
            for ticket in due {
                let contact = try await database.read { db in try stores.tickets.find(ticket, in: db)?.contact }
                guard try await tickets.erase(ticket, .everybody, erasure: nil) == .done else { continue }
                count += 1
                if let contact { try await forget(contact) }
            }
            guard due.count == Self.slice, let id = due.last else { return count }
            last = id
        }
    }

    /// A contact nobody writes to any more.
    private func forget(_ contact: ID) async throws {
        try await database.write { db in
            let all = try stores.contacts.addresses(of: contact, in: db)
            let addresses = Set(all.map { EmailAddress.folded($0.address) })
            guard try PersonFinding.known(contact, addresses, in: db).isEmpty else { return }
            try AddressTraces(key: key).erase(addresses, within: .queues([]), in: db)
            try stores.contacts.erase(contact, in: db)
        }
    }
}
