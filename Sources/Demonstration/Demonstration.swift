import Base
import Foundation
import Server
import Storage

/// Fills an empty database with an invented organisation and a year of its mail.
///
/// 1. `Material` is written by hand, per language, in `Resources/demo`; `Plot` makes tales of it with a seed.
/// 2. `Founding` makes queues, members and teams.
/// 3. `Telling` lets the tales happen in the order of time, by the desk's own steps and a clock that is set by hand.
package struct Demonstration: Sendable {
    /// How much there is to see.
    package enum Size: String, Sendable, CaseIterable {
        case small, large

        var tickets: Int { self == .small ? 150 : 3000 }
    }

    /// A member to look around as.
    package struct SignIn: Sendable {
        package var address: String
        package var name: String
        package var password: String
    }

    private static let hour: Milliseconds = 3_600_000

    private let services: Services
    private let size: Size
    private let seed: UInt64

    package init(services: Services, size: Size, seed: UInt64) {
        self.services = services
        self.size = size
        self.seed = seed
    }

    /// Throws `refused` for a database that holds anything, or that another process works on.
    package func fill(progress: @Sendable (Int, Int, Milliseconds) -> Void) async throws -> [SignIn] {
        try await requireEmpty()
        let folder = try Resources.folder(services.settings).appending(path: "Resources/demo")
        let house: House = try Material.read("house.json", in: folder)
        let materials = try Material.load(from: folder)
        let now = services.clock.now()
        var plot = Plot(materials: materials, house: house, end: now, seed: seed)
        let tales = plot.year(tickets: size.tickets)
        let start = (tales.flatMap(\.steps).map(\.at).min() ?? now) - Self.hour
        let founding = Founding(services: services, house: house, materials: materials, at: start)
        let signIns = house.members.filter { $0.isShown == true }.map {
            SignIn(
                address: "\($0.address)@\(house.domain)", name: $0.name,
                password: services.random.reference(byteCount: 12))
        }
        let shown = house.members.filter { $0.isShown == true }.map(\.address)
        let passwords = Dictionary(uniqueKeysWithValues: zip(shown, signIns.map(\.password)))
        let founded = try await founding.found(passwords: passwords)
        try await Telling(tales, founded: founded, services: services).tell(progress: progress)
        try await FloodIncident(services: services, founded: founded, folder: folder).tell()
        try await founding.finish(founded)
        let arrangement: Arrangement = try Material.read("rules.json", in: folder)
        try await Arranging(services: services, founded: founded, arrangement: arrangement).arrange()
        try await KnowledgeTelling(
            services: services, folder: folder.appending(path: "knowledge"), founded: founded
        ).tell()
        let words: ReviewWeek.Words = try Material.read("reviews.json", in: folder)
        try await ReviewWeek(services: services, founded: founded, house: house, words: words, end: now).tell()
        try await TextsInUse(services: services, founded: founded, end: now).tell()
        try await Furnishing(services: services, house: house, materials: materials, founded: founded).furnish()
        // Goals are counted in the hours that queues have by now.
        try await Duties(services: services, founded: founded).tell()
        try await TriageTelling(services: services, founded: founded).tell()
        try await SafetyTelling(services: services, founded: founded, folder: folder).tell()
        try await services.fileAll()
        // Their moments are long past: the chain of events is closed before anyone looks.
        try await ReviewsUnderway(services: services, founded: founded, words: words.underway, end: now).tell()
        try await services.fileAll()
        try await services.tellOfEvents()
        return signIns
    }

    private func requireEmpty() async throws {
        let node = services.lease.number
        let found = try await services.database.read { db -> String? in
            let counts = try db.first(
                """
                SELECT (SELECT COUNT(*) FROM ticket) AS tickets, (SELECT COUNT(*) FROM member) AS members,
                    (SELECT COUNT(*) FROM queue) AS queues, (SELECT COUNT(*) FROM delivery) AS deliveries
                """)
            for table in ["tickets", "members", "queues", "deliveries"] {
                let count = try counts?.int(table) ?? 0
                if count > 0 { return "\(table): \(count)" }
            }
            let others = try db.int(
                """
                SELECT COUNT(*) AS n FROM node WHERE number <> \(node) AND lease_until > \(try DatabaseClock.now(db))
                """)
            return others > 0 ? "processes at work on it: \(others)" : nil
        }
        guard let found else { return }
        throw Failure(
            .refused, "error-refused",
            details: "the demonstration fills an empty database only, and this one is not (\(found));"
                + " give it one of its own with --data FOLDER or --database")
    }
}
