import Base
import Jobs
import Mail
import Outbox
import People
import Storage

/// Erases a person for good: words, names, addresses, files, and what was made of them. Facts without persons stay.
///
/// 1. Asking writes a row and a job in one transaction, with salted hashes of the addresses, by which a backup's copy
///    of the person is found again.
/// 2. The job lists the tickets the person stands in, by participants and by every message's addresses.
/// 3. Ticket by ticket `TicketErasing`, in slices; what is done is noted, so that a job that was killed goes on there.
/// 4. Bytes are emptied a little at a time.
/// 5. At the end what hangs on the addresses themselves, and the contact. While tickets are kept, the contact stays.
/// A second run finds nothing to do. Confidential queues are left out unless they are in the erasure's reach.
package struct Erasing: Sendable {
    package static let jobName = "erasure"
    private static let slice = 500

    let database: Database
    let stores: Filing.Stores
    let store: ErasureStore
    private let tickets: TicketErasing
    private let key: InstanceKey
    let clock: Clock
    private let alarm: JobAlarm

    package init(
        database: Database, stores: Filing.Stores, drafts: DraftStore, reader: MailReader, key: InstanceKey,
        ids: IDMaker, clock: Clock, alarm: JobAlarm, reached: @escaping @Sendable () -> Void = {}
    ) {
        self.database = database
        self.stores = stores
        self.key = key
        self.clock = clock
        self.alarm = alarm
        store = ErasureStore(ids: ids, key: key)
        tickets = TicketErasing(
            database: database, stores: stores, drafts: drafts, reader: reader, clock: clock, reached: reached)
    }

    // MARK: - Asking

    /// By an administrator: all queues that are not confidential, and the confidential ones they manage.
    package func ask(_ contact: ID, cause: Erasure.Cause, by viewer: Viewer) async throws -> ID {
        guard viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
        let reach = Erasure.Reach.queues(viewer.confidentialQueues.filter { viewer.may(.manage, queue: $0) })
        return try await ask(contact, cause: cause, member: viewer.memberID, reach: reach, at: clock.now())
    }

    /// From the command line, and again after a restore. One that goes on already is returned.
    package func ask(
        _ id: ID, cause: Erasure.Cause, member: ID?, reach: Erasure.Reach, at: Milliseconds
    ) async throws -> ID {
        let now = clock.now()
        let erasure = try await database.write { db in
            guard let contact = try stores.contacts.find(id, in: db) else {
                throw Failure(.notFound, "error-not-found")
            }
            if let former = try store.find(contact: contact.id, in: db), former.isGoingOn { return former.id }
            let addresses = try stores.contacts.addresses(of: contact.id, in: db).map(\.address)
            let erasure = try store.add(
                contact: contact.id, addresses: addresses, cause: cause, member: member, reach: reach, at: at, in: db)
            let event = Event("erasure-asked", actor: member, subject: contact.id, data: ["cause": cause.rawValue])
            try stores.events.add(event, at: now, in: db)
            try stores.jobs.add(Self.jobName, subject: erasure, in: db)
            return erasure
        }
        alarm.ring()
        return erasure
    }

    // MARK: - The job

    package func run(_ job: Job) async throws {
        let (erasure, person) = try await database.read { db in
            let erasure = try store.find(job.subject, in: db)
            return (erasure, try erasure.flatMap { try findPerson(of: $0.contact, in: db) })
        }
        if var erasure, erasure.isGoingOn {
            if let person {
                if erasure.state == .planning { erasure = try await plan(erasure, person) }
                try await eraseTickets(of: erasure, person)
            }
            try await emptyRaws()
            try await finish(erasure, person)
        }
        try await database.write { db in try stores.jobs.finish(job, in: db) }
        alarm.ring()
    }

    private func findPerson(of contact: ID, in db: any Connection) throws -> ErasedPerson? {
        guard let found = try stores.contacts.find(contact, in: db) else { return nil }
        let addresses = try stores.contacts.addresses(of: contact, in: db).map { EmailAddress.folded($0.address) }
        return ErasedPerson(addresses: Set(addresses), names: found.name.contains("@") ? [] : [found.name])
    }

    private func plan(_ former: Erasure, _ person: ErasedPerson) async throws -> Erasure {
        var erasure = former
        let found = try await PersonFinding(database: database).tickets(of: former.contact, person)
        for start in stride(from: 0, to: found.count, by: 200) {
            let some = Array(found[start..<min(found.count, start + 200)])
            try await database.write { db in
                try store.addTickets(try reachable(some, former, in: db), to: former.id, in: db)
            }
        }
        erasure.state = .running
        try await database.write { db in try store.setState(.running, of: former.id, in: db) }
        return erasure
    }

    /// Those that the erasure may go into, and that were there when it was asked for.
    private func reachable(_ tickets: [ID], _ erasure: Erasure, in db: any Connection) throws -> [ID] {
        try db.rows(
            """
            SELECT id FROM ticket WHERE id IN \(list: tickets) AND created_at <= \(erasure.askedAt)
                AND queue_id IN \(erasure.reach.list) ORDER BY id
            """
        ).map { try $0.int("id") }
    }

    private func eraseTickets(of erasure: Erasure, _ person: ErasedPerson) async throws {
        var (last, isBusy): (ID, Bool) = (0, false)
        while true {
            let after = last
            let next = try await database.read { db in try store.waiting(of: erasure.id, after: after, in: db) }
            guard let ticket = next else { break }
            last = ticket
            switch try await tickets.erase(
                ticket, .person(person, contact: erasure.contact), erasure: erasure.id)
            {
            case .busy: isBusy = true
            case .done: try await note(ticket, .done, erasure)
            case .kept: try await note(ticket, .kept, erasure)
            }
        }
        // A mail that is just leaving has left soon.
        if isBusy { throw Failure(.unavailable, "redaction-queued", details: "a mail is just leaving") }
    }

    private func note(_ ticket: ID, _ state: ErasedTicketState, _ erasure: Erasure) async throws {
        try await database.write { db in try store.setTicket(ticket, of: erasure.id, state: state, in: db) }
    }

    private func emptyRaws() async throws {
        while try await database.write({ db in try RawEmptying.step(in: db) }) {}
    }

    private func finish(_ erasure: Erasure, _ person: ErasedPerson?) async throws {
        let now = clock.now()
        try await database.write { db in
            let counts = try store.counts(of: erasure.id, in: db)
            let isKept = (counts[.kept] ?? 0) > 0
            // Of a person who came back since, after a restore, the contact is new.
            let made = try stores.contacts.madeAt(erasure.contact, in: db)
            if !isKept, let person, made.map({ $0 <= erasure.askedAt }) ?? true {
                try AddressTraces(key: key).erase(person.addresses, within: erasure.reach, in: db)
                try stores.contacts.erase(erasure.contact, in: db)
            }
            try store.setState(isKept ? .kept : .done, of: erasure.id, at: now, in: db)
            let event = Event(
                isKept ? "erasure-kept" : "person-erased", actor: erasure.member, subject: erasure.contact,
                data: ["tickets": String(counts[.done] ?? 0), "kept": String(counts[.kept] ?? 0)])
            try stores.events.add(event, at: now, in: db)
            try stores.jobs.add(Sweeping.jobName, subject: 0, in: db)
        }
    }
}

// MARK: - Again

extension Erasing {
    /// What was erased at a time: the salted hash of an address, or a contact.
    package struct Entry: Sendable, Equatable {
        package enum What: Sendable, Equatable {
            case address([UInt8])
            case contact(ID)
        }

        package var what: What
        package var at: Milliseconds

        package init(_ what: What, at: Milliseconds) {
            self.what = what
            self.at = at
        }
    }

    /// All that was ever erased, as the database knows it: kept outside of it too, for after a restore.
    package func entries() async throws -> [Entry] {
        try await database.read { db in
            let addresses = try db.rows(
                """
                SELECT erasure_address.hash, erasure.asked_at FROM erasure
                JOIN erasure_address ON erasure_address.erasure_id = erasure.id ORDER BY erasure.id
                """
            ).map { Entry(.address(try $0.bytes("hash")), at: try $0.int("asked_at")) }
            let contacts = try db.rows("SELECT contact_id, asked_at FROM erasure ORDER BY id").map {
                Entry(.contact(try $0.int("contact_id")), at: try $0.int("asked_at"))
            }
            return addresses + contacts
        }
    }

    /// Asks again for the erasure of everybody a backup brought back; what came after is left alone. Returns them.
    package func repeatAll(_ entries: [Entry]) async throws -> [ID] {
        var (hashes, contacts): ([[UInt8]: Milliseconds], [ID: Milliseconds]) = ([:], [:])
        for entry in entries {
            switch entry.what {
            case .address(let hash): hashes[hash] = max(hashes[hash] ?? 0, entry.at)
            case .contact(let id): contacts[id] = max(contacts[id] ?? 0, entry.at)
            }
        }
        guard !entries.isEmpty else { return [] }
        let (erased, known) = (hashes, contacts)
        let again = try await database.read { db in
            var again = try db.rows("SELECT id, created_at FROM contact").compactMap { row -> (ID, Milliseconds)? in
                let (id, made) = (try row.int("id"), try row.int("created_at"))
                return known[id].flatMap { made <= $0 ? (id, $0) : nil }
            }
            try db.stream(
                """
                SELECT contact_address.address, contact.id, contact.created_at FROM contact_address
                JOIN contact ON contact.id = contact_address.contact_id
                """
            ) { row in
                let (id, made) = (try row.int("id"), try row.int("created_at"))
                if let at = erased[store.hash(try row.text("address"))], made <= at { again.append((id, at)) }
            }
            return again
        }
        let others = try await onlyParticipants(among: erased)
        var asked: Set<ID> = []
        for (contact, at) in again + others where asked.insert(contact).inserted {
            _ = try await ask(contact, cause: .again, member: nil, reach: .all, at: at)
        }
        return asked.sorted()
    }

    /// Of people who never wrote themselves, and so were no contacts in the backup.
    private func onlyParticipants(among erased: [[UInt8]: Milliseconds]) async throws -> [(ID, Milliseconds)] {
        let found = try await database.read { db in
            var found: [(String, Milliseconds)] = []
            try db.stream("SELECT DISTINCT address FROM participant") { row in
                let address = try row.text("address")
                if let at = erased[store.hash(address)] { found.append((address, at)) }
            }
            return found
        }
        guard !found.isEmpty else { return [] }
        return try await database.write { db in
            try found.map { address, at in
                (try stores.contacts.matchSender(address: address, name: "", at: at, in: db).id, at)
            }
        }
    }
}
