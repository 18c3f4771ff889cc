import Base
import Foundation
import Jobs
import Mail
import Outbox
import Storage

@testable import Correspondence

extension Scene {
    var incidents: IncidentStore { IncidentStore(ids: stores.tickets.ids, events: stores.events) }

    var grouping: GroupAnswering {
        GroupAnswering(answering: answering) { language, name in
            language == "en" ? (name.isEmpty ? "Hello," : "Dear \(name),") : nil
        }
    }

    static let floodText = """
        The whole encyclopedia has been unreachable since this morning in our town. All pages stay white, on the \
        telephone too, and the school cannot work with it today. Please look into it and tell us when it is back.
        """

    /// Many people write nearly the same, twenty seconds apart.
    func flood(
        _ count: Int, from: (Int) -> String = { "Reader \($0) Berg <reader\($0)@people.example>" },
        headers: [String] = []
    )
        async throws
    {
        for number in 0..<count {
            let words = ["Greetings", "Regards", "Thank you", "Yours", "Bye"][number % 5]
            _ = try await accept(
                Self.mail(
                    from: from(number), id: "flood\(number)@people.example", subject: "Pages are white",
                    headers: headers, text: Self.floodText + "\n\n\(words)\n"))
            time.advance(19_000)
        }
        try await fileAll()
        try await notice()
    }

    /// As shipped.
    static let meanings: Meanings = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return (try? Meanings(file: root.appending(path: "Resources/triage/meanings.json"))) ?? .none
    }()

    func notice() async throws {
        let kind = IncidentNoticing(
            database: database, stores: stores, meanings: { Self.meanings }, clock: time.clock
        ).kind
        try await JobRunner(database: database, store: stores.jobs, kinds: [kind], alarm: alarm, log: log).drain()
    }

    func runAnswers() async throws {
        let grouping = grouping
        let kind = JobKind.single(GroupAnswering.jobName) { try await grouping.run($0) }
        try await JobRunner(database: database, store: stores.jobs, kinds: [kind], alarm: alarm, log: log).drain()
    }

    func groups() async throws -> [Incident] {
        try await database.read { db in try db.rows("SELECT * FROM incident ORDER BY id").map(IncidentStore.read) }
    }

    func entries(_ incident: ID, as viewer: Viewer? = nil) async throws -> (entries: [IncidentStore.Entry], hidden: Int)
    {
        try await database.read { [incidents] db in
            try incidents.tickets(of: incident, visibleTo: viewer ?? self.viewer, in: db)
        }
    }

    /// Opens the first proposed group, with a line that holds for a day.
    func agreed(_ text: String = "We know of it and are working on it.", language: String = "en") async throws -> ID {
        let now = time.clock.now()
        return try await database.write { [incidents, viewer] db in
            let id = try db.int("SELECT id FROM incident ORDER BY id LIMIT 1")
            let settings = IncidentStore.Settings(name: "White pages", owner: nil, joins: false, toldURL: "")
            try incidents.set(settings, of: id, by: viewer, at: now, in: db)
            try incidents.setState(.open, of: id, by: viewer, at: now, in: db)
            let wording = IncidentStore.Wording(language: language, text: text, expiresAt: now + 86_400_000)
            try incidents.write(wording, for: id, by: viewer, at: now, in: db)
            return id
        }
    }

    /// Recipients of everything in the outbox that has not been taken back, with the text of the message.
    func letters() async throws -> [(to: String, text: String)] {
        try await database.read { db in
            try db.rows(
                """
                SELECT outbox_recipient.address, message.text FROM outbox
                JOIN outbox_recipient ON outbox_recipient.outbox_id = outbox.id
                JOIN message ON message.id = outbox.message_id
                WHERE outbox.state <> 'cancelled' ORDER BY outbox_recipient.address
                """
            ).map { (try $0.text("address"), try $0.text("text")) }
        }
    }
}
