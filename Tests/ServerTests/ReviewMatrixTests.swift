import Base
import HTTPTypes
import Storage
import Testing

@testable import Correspondence
@testable import Server

/// Row 39 of the table of desks.
///
/// The rule of reviews by pages and API, through the router: whoever is in training sends nothing by any of them.
@Suite struct ReviewMatrixTests {
    /// A request that would send, if it might: what is asked, and with which body.
    struct Attempt: Sendable {
        var name: String
        var path: @Sendable (Ground) -> String
        var form: @Sendable (Ground) -> [String: String] = { _ in [:] }
    }

    /// A ticket with a draft of the member's, ready to go.
    struct Ground: Sendable {
        var ticket: ID
        var message: ID
        var draft: ID
        var version: String
        var queue: ID
    }

    static let attempts: [Attempt] = [
        Attempt(name: "page: the composer", path: { "/tickets/\($0.ticket)/sending" }, form: composer),
        Attempt(
            name: "page: the preview", path: { "/drafts/\($0.draft)/sending" }, form: { ["draft-version": $0.version] }),
        Attempt(
            name: "page: later", path: { "/tickets/\($0.ticket)/draft/schedule" },
            form: { composer($0).merging(["at": tomorrow]) { $1 } }),
        Attempt(
            name: "page: redirecting", path: { "/messages/\($0.message)/redirecting" },
            form: { _ in ["to": "press@people.example"] }),
        Attempt(
            name: "page: a new letter", path: { _ in "/tickets" },
            form: {
                ["queue": String($0.queue), "to": "new@people.example", "subject": "A letter", "text": "Hello."]
            }),
        Attempt(name: "API: sending", path: { "/api/v1/drafts/\($0.draft)/sending" }),
        Attempt(name: "API: redirecting", path: { "/api/v1/messages/\($0.message)/redirects" }),
        Attempt(name: "API: rounds", path: { _ in "/api/v1/rounds" }),
    ]

    private static var tomorrow: String { String(ISO8601.string(Clock.system.now() + 86_400_000).prefix(16)) }

    private static func composer(_ ground: Ground) -> [String: String] {
        ["to": "ownzebra@people.example", "subject": "Re", "text": "Hello.", "version": "1"]
    }

    @Test func `whoever is in training sends nothing by any page or call`() async throws {
        try await House.with { house in
            try await Self.begin(training: true, house)
            for attempt in Self.attempts {
                let before = try await Self.left(house)
                _ = try await Self.run(attempt, house)
                #expect(try await Self.left(house) == before, "\(attempt.name)")
            }
        }
    }

    /// The twin: the same requests by the same member, who is not in training.
    @Test func `the same requests send where no review is needed`() async throws {
        try await House.with { house in
            for attempt in Self.attempts where !attempt.name.hasPrefix("API: re") && !attempt.name.contains("rounds") {
                let before = try await Self.left(house)
                let status = try await Self.run(attempt, house)
                #expect(try await Self.left(house) > before, "\(attempt.name): \(status)")
            }
        }
    }

    private static func begin(training: Bool, _ house: House) async throws {
        let queue = try #require(house.belongings[.own]).queue
        let member = try #require(house.people[.with(.send)]).id
        let keeper = try #require(house.people[.administrator]).id
        try await house.services.database.write { [services = house.services] db in
            let rules = ReviewRules(members: services.members, events: services.stores.events)
            let viewer = try services.members.viewer(try services.members.require(keeper, in: db), in: db)
            try rules.beginTraining(of: member, queue: queue, by: viewer, at: 1, in: db)
        }
    }

    private static func run(_ attempt: Attempt, _ house: House) async throws -> Int {
        let ground = try await ground(house)
        return try await house.send(.post, attempt.path(ground), as: .with(.send), form: attempt.form(ground)).status
    }

    private static func ground(_ house: House) async throws -> Ground {
        let ticket = try await house.newTicket(.own)
        let member = try #require(house.people[.with(.send)]).id
        let queue = try #require(house.belongings[.own]).queue
        return try await house.services.database.write { [services = house.services] db in
            let found = try #require(try services.stores.tickets.find(ticket, in: db))
            let content = Draft.Content(
                to: ["ownzebra@people.example"], cc: [], subject: "Re", text: "Hello.")
            let draft = try services.drafts.save(
                content, ticket: found, author: member, seenVersion: found.version, at: 1, in: db)
            let message = try db.int("SELECT id FROM message WHERE ticket_id = \(ticket)")
            return Ground(
                ticket: ticket, message: message, draft: draft.id, version: String(draft.version), queue: queue)
        }
    }

    /// Mails on their way, and drafts that will go by themselves.
    private static func left(_ house: House) async throws -> Int64 {
        try await house.services.database.read { db in
            try db.int(
                """
                SELECT (SELECT COUNT(*) FROM outbox WHERE kind IN ('answer', 'forward', 'redirect'))
                    + (SELECT COUNT(*) FROM draft WHERE send_at IS NOT NULL)
                    + (SELECT COUNT(*) FROM job WHERE kind = 'write-each') AS n
                """)
        }
    }
}
