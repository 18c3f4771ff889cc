import Base
import Hummingbird
import Storage
import Web

/// `/api/v1/contacts/{id}/holdings` and `/api/v1/contacts/{id}/erasure`: for administrators.
package struct ErasureAPI: Sendable {
    private let api: APIRoutes
    private let erasing: Erasing
    private var desk: Desk { api.desk }

    package init(_ api: APIRoutes, erasing: Erasing) {
        self.api = api
        self.erasing = erasing
    }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1")
        group.get("/contacts/:id/holdings") { request, context in
            let caller = try await Self.administrator(request, api.access)
            return try await holdings(try context.requireID(), caller.viewer)
        }
        group.get("/contacts/:id/erasure") { request, context in
            let caller = try await Self.administrator(request, api.access)
            let id = try context.requireID()
            let text = try await desk.database.read { [erasing] db in
                guard let erasure = try erasing.store.find(contact: id, in: db) else {
                    throw Failure(.notFound, "error-not-found")
                }
                let counts = try erasing.store.counts(of: erasure.id, visibleTo: caller.viewer, in: db)
                return try Self.value(erasure, counts)
            }
            return APIRoutes.json(text)
        }
        group.post("/contacts/:id/erasure") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 202) { try await erase(id, $0, $1) }
        }
    }

    private static func administrator(_ request: Request, _ access: APIAccess) async throws -> APICaller {
        let caller = try await APICaller.require(request, access)
        guard caller.viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
        return caller
    }

    private func holdings(_ id: ID, _ viewer: Viewer) async throws -> Response {
        let read = try await desk.database.read { [desk] db in
            try Holdings.read(id, in: viewer.queues(.see), desk.stores, db: db).map { holdings in
                (holdings, try holdings.texts(visibleTo: viewer, in: db))
            }
        }
        guard let (holdings, texts) = read else { throw Failure(.notFound, "error-not-found") }
        try await desk.noteOpened(.ticket, of: holdings.tickets.map(\.ticket.id), by: viewer)
        let counts = Holdings.Kind.allCases.map { ($0.rawValue, String(holdings.counts[$0] ?? 0)) }
        return APIRoutes.json(
            JSONText.object([
                ("id", APIValues.id(id)),
                ("tickets", JSONText.array(holdings.own.map { APIValues.id($0.ticket.id) })),
                ("others", JSONText.array(holdings.others.map { APIValues.id($0.ticket.id) })),
                ("kept", JSONText.array(holdings.kept.map { APIValues.id($0.ticket.id) })),
                ("texts", JSONText.array(texts.map { APIValues.id($0.id) })),
                ("counts", JSONText.object(counts)),
            ]))
    }

    /// Asks for it; a job does it.
    private func erase(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        guard caller.viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
        guard let cause = Erasure.Cause(rawValue: try input.requireText("cause")), Erasure.Cause.named.contains(cause)
        else { throw Failure(.invalid, "erasure-cause-missing") }
        let asked = try await erasing.ask(id, cause: cause, by: caller.viewer)
        return try await desk.database.read { [erasing] db in
            guard let erasure = try erasing.store.find(asked, in: db) else {
                throw Failure(.notFound, "error-not-found")
            }
            return try Self.value(erasure, try erasing.store.counts(of: asked, visibleTo: caller.viewer, in: db))
        }
    }

    private static func value(_ erasure: Erasure, _ counts: [ErasedTicketState: Int]) throws -> String {
        JSONText.object([
            ("id", APIValues.id(erasure.id)), ("contact", APIValues.id(erasure.contact)),
            ("cause", JSONText.quote(erasure.cause.rawValue)), ("state", JSONText.quote(erasure.state.rawValue)),
            ("askedAt", JSONText.quote(ISO8601.string(erasure.askedAt))),
            ("doneAt", JSONText.quote(erasure.doneAt.map(ISO8601.string))),
            ("tickets", String(counts[.done] ?? 0)), ("waiting", String(counts[.waiting] ?? 0)),
            ("kept", String(counts[.kept] ?? 0)),
        ])
    }
}
