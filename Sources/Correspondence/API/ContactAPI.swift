import Base
import Hummingbird
import People
import Storage
import Web

/// `/api/v1/contacts`: people outside, as far as the caller sees a ticket of theirs.
package struct ContactAPI: Sendable {
    /// Tickets that are named with a contact; the rest is found by searching.
    private static let mostTickets = 50

    private let api: APIRoutes
    private var desk: Desk { api.desk }

    package init(_ api: APIRoutes) { self.api = api }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1")
        group.get("/contacts") { request, _ in
            let caller = try await APICaller.require(request, api.access)
            guard let address = request.queryText("address"), !address.isEmpty else {
                throw HTTPError(.badRequest)
            }
            return try await answer(caller) { [desk] db in
                try desk.stores.contacts.find(address: address, in: db)
            } list: {
                APIValues.page($0.map { [$0] } ?? [], next: nil)
            }
        }
        group.get("/contacts/:id") { request, context in
            let caller = try await APICaller.require(request, api.access)
            let id = try context.requireID()
            return try await answer(caller) { [desk] db in
                try desk.stores.contacts.find(id, in: db)
            } list: { value in
                guard let value else { throw Failure(.notFound, "error-not-found") }
                return value
            }
        }
    }

    private func answer(
        _ caller: APICaller, find: @escaping @Sendable (any Connection) throws -> Contact?,
        list: @escaping @Sendable (String?) throws -> String
    ) async throws -> Response {
        let (text, tickets) = try await desk.database.read { db in
            guard let contact = try find(db) else { return (try list(nil), [ID]()) }
            let (value, tickets) = try value(contact, caller, in: db)
            return (try list(value), tickets)
        }
        try await desk.noteOpened(.ticket, of: tickets, by: caller.viewer)
        return APIRoutes.json(text)
    }

    /// Nil without a ticket that the caller sees.
    private func value(
        _ contact: Contact, _ caller: APICaller, in db: any Connection
    ) throws -> (String?, tickets: [ID]) {
        let tickets = try db.rows(
            """
            SELECT id FROM ticket WHERE contact_id = \(contact.id)
                AND queue_id IN \(list: caller.viewer.queues(.see))
            ORDER BY updated_at DESC, id DESC LIMIT \(Self.mostTickets)
            """
        ).map { try $0.int("id") }
        guard !tickets.isEmpty else { return (nil, []) }
        let addresses = try desk.stores.contacts.addresses(of: contact.id, in: db).map {
            JSONText.object([
                ("address", JSONText.quote($0.address)), ("bouncing", $0.isBouncing ? "true" : "false"),
            ])
        }
        let text = JSONText.object([
            ("id", APIValues.id(contact.id)), ("name", JSONText.quote(contact.name)),
            ("language", JSONText.quote(contact.language)), ("addresses", JSONText.array(addresses)),
            ("tickets", JSONText.array(tickets.map { APIValues.id($0) })),
        ])
        return (text, tickets)
    }
}
