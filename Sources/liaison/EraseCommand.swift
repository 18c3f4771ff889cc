import ArgumentParser
import Base
import Correspondence
import Foundation
import Server
import Storage

struct EraseCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Erase a person: words, names, addresses, files. Facts without persons stay. It cannot be undone.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "An address of the person.") var address: String?
    @Flag(help: "Only say what is held about them.") var dryRun = false
    @Flag(help: "In confidential queues too.") var confidential = false
    @Flag(help: "Erase again whom a restored backup has brought back.") var again = false
    @Option(help: "The list of what was erased, if it is not erasures.log in the data folder.") var log: String?

    func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
        if again {
            let count = try await services.eraseAgain(log.map { io.url($0) })
            io.output("Erased \(count) persons again.")
            return 0
        }
        guard let address, EmailAddress.isPlausible(address) else {
            throw Failure(.invalid, "error-invalid", details: "give the address of the person, or --again")
        }
        guard let contact = try await findContact(address, services) else {
            throw Failure(.notFound, "error-not-found", details: "nothing is held about this address")
        }
        try await tell(contact, services, io)
        guard !dryRun else { return 0 }
        let id = try await services.erasing.ask(
            contact, cause: .request, member: nil, reach: confidential ? .all : .queues([]), at: services.clock.now())
        try await services.finish([id])
        return try await report(id, services, io)
    }

    /// Of somebody who only takes part in what others wrote one is made, unless nothing is to be done.
    private func findContact(_ address: String, _ services: Services) async throws -> ID? {
        let now = services.clock.now()
        let isDry = dryRun
        return try await services.database.write { db in
            let contacts = services.stores.contacts
            if let known = try contacts.find(address: address, in: db) { return known.id }
            let folded = EmailAddress.folded(address)
            let takesPart = try db.first("SELECT ticket_id FROM participant WHERE address = \(folded) LIMIT 1") != nil
            guard takesPart, !isDry else { return nil }
            return try contacts.matchSender(address: address, name: "", at: now, in: db).id
        }
    }

    private func tell(_ contact: ID, _ services: Services, _ io: CommandIO) async throws {
        let holdings = try await services.database.read { db in
            try Holdings.read(contact, in: nil, services.stores, db: db)
        }
        guard let holdings else { return }
        io.output("tickets of theirs\t\(holdings.own.count)")
        io.output("tickets of others they take part in\t\(holdings.others.count)")
        for kind in Holdings.Kind.allCases { io.output("\(kind.rawValue)\t\(holdings.counts[kind] ?? 0)") }
        for held in holdings.kept { io.output("kept\t\(held.ticket.number)") }
    }

    private func report(_ id: ID, _ services: Services, _ io: CommandIO) async throws -> Int32 {
        let store = ErasureStore(ids: services.ids, key: services.key)
        let counts = try await services.database.read { db in try store.counts(of: id, in: db) }
        let kept = counts[.kept] ?? 0
        io.output("Erased the person from \(counts[.done] ?? 0) tickets.")
        if kept > 0 { io.output("\(kept) tickets are kept for a reason that stands with them, and so is the address.") }
        return 0
    }
}
