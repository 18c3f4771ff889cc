import Base
import Foundation
import Hummingbird
import Storage
import Web

/// `/api/v1`: redaction, protection, the child-safety label, blocked senders.
package struct SafetyAPI: Sendable {
    private let api: APIRoutes
    private var desk: Desk { api.desk }

    package init(_ api: APIRoutes) { self.api = api }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1")
        group.post("/messages/:id/redaction") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 201) { try await redact(id, $0, $1) }
        }
        group.get("/tickets/:id/redactions") { request, context in
            try await redactions(request, try context.requireID())
        }
        group.get("/refuges") { request, _ in try await refuges(request) }
        group.post("/tickets/:id/protection") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 201) { try await protect(id, $0, $1) }
        }
        group.put("/tickets/:id/child-safety") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { try await label(id, $0, $1) }
        }
        group.get("/queues/:id/blocks") { request, context in try await blocks(request, try context.requireID()) }
        group.post("/queues/:id/blocks") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 201) { try await block(id, $0, $1) }
        }
        group.delete("/queues/:id/blocks/:address") { request, context in try await unblock(request, context) }
    }

    // MARK: - Redaction

    private func redact(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let scope: Redacting.Scope
        switch Redaction.Kind(rawValue: try input.requireText("kind")) {
        case .passage: scope = .passage(try input.requireText("passage"))
        case .message: scope = .message
        case .attachment:
            guard let attachment = ID(try input.requireText("attachment")) else {
                throw Failure(.invalid, "error-invalid")
            }
            scope = .attachment(attachment)
        case nil: throw Failure(.invalid, "error-invalid", details: "kind is passage, message or attachment")
        }
        let reason = try input.requireText("reason")
        let others = try await desk.database.read { [desk] db in
            try StandingElsewhere(stores: desk.stores).tickets(scope, of: id, visibleTo: caller.viewer, in: db)
        }
        let ticket = try await desk.redacting.redact(scope, of: id, reason: reason, by: caller.viewer)
        if !others.isEmpty { try await desk.noteOpened(.excerpt, of: others, by: caller.viewer) }
        return JSONText.object([
            ("id", APIValues.id(id)), ("ticket", APIValues.id(ticket)),
            ("also", JSONText.array(others.map(APIValues.id))),
        ])
    }

    private func redactions(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        let text = try await desk.database.read { [desk] db in
            _ = try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db)
            let all = try desk.redactions.ofTicket(id, in: db).values.flatMap { $0 }.sorted { $0.at < $1.at }
            let items = all.map { redaction in
                JSONText.object([
                    ("message", APIValues.id(redaction.message)), ("kind", JSONText.quote(redaction.kind.rawValue)),
                    ("reason", JSONText.quote(redaction.reason)), ("member", APIValues.id(redaction.member)),
                    ("at", JSONText.quote(ISO8601.string(redaction.at))),
                ])
            }
            return APIValues.page(items, next: nil)
        }
        try await desk.noteOpened(.ticket, of: [id], by: caller.viewer)
        return APIRoutes.json(text)
    }

    // MARK: - Protection

    private func refuges(_ request: Request) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        let text = try await desk.database.read { [desk] db in
            // Whoever may protect something learns where to.
            guard !caller.viewer.queues(.note).isEmpty else { return APIValues.page([], next: nil) }
            let items = try desk.protecting.refuges(in: db).map {
                JSONText.object([("queue", APIValues.id($0.queue)), ("name", JSONText.quote($0.name))])
            }
            return APIValues.page(items, next: nil)
        }
        return APIRoutes.json(text)
    }

    /// Answers with the members who had read it.
    private func protect(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        guard let refuge = ID(try input.requireText("queue")) else { throw Failure(.invalid, "protect-no-refuge") }
        let reason = try input.requireText("reason")
        let now = desk.clock.now()
        return try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db)
            let readers = try desk.protecting.readers(of: id, before: now, in: db)
            try desk.protecting.protect(id, in: refuge, reason: reason, by: caller.viewer, at: now, db)
            return JSONText.object([
                ("id", APIValues.id(id)), ("number", JSONText.quote(ticket.number)),
                ("readers", JSONText.array(readers.map { APIValues.id($0) })),
            ])
        }
    }

    private func label(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        guard let isOn = try input.optionalBool("on") else { throw Failure(.invalid, "error-invalid") }
        let now = desk.clock.now()
        try await desk.database.write { [desk] db in
            try desk.childSafety.set(isOn, ticket: id, by: caller.viewer, at: now, in: db)
        }
        return JSONText.object([("on", isOn ? "true" : "false")])
    }

    // MARK: - Blocked senders

    private func requireQueue(_ id: ID, _ caller: APICaller, in db: any Connection) throws -> Queue {
        guard caller.viewer.may(.note, queue: id) else { throw Failure(.notFound, "error-not-found") }
        return try desk.stores.queues.require(id, in: db)
    }

    private func blocks(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        let all = try await desk.database.read { [desk] db in
            try desk.blocks.all(queue: try requireQueue(id, caller, in: db).id, in: db)
        }
        return APIRoutes.json(APIValues.page(all.map(Self.value), next: nil))
    }

    private static func value(_ blocked: BlockStore.Blocked) -> String {
        JSONText.object([
            ("address", JSONText.quote(blocked.address)), ("member", APIValues.id(blocked.member)),
            ("at", JSONText.quote(ISO8601.string(blocked.at))),
        ])
    }

    private func block(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let now = desk.clock.now()
        _ = try await desk.database.read { db in try requireQueue(id, caller, in: db) }
        let address = EmailAddress.folded(try input.requireText("address"))
        return try await desk.database.write { [desk] db in
            let queue = try requireQueue(id, caller, in: db)
            try desk.blocks.block(
                address, queue: queue.id, ticket: nil, actor: caller.viewer.memberID, at: now, in: db)
            return Self.value(
                BlockStore.Blocked(address: address, member: caller.viewer.memberID, at: now))
        }
    }

    private func unblock(_ request: Request, _ context: WebContext) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        try caller.requireWriting()
        let id = try context.requireID()
        let address = EmailAddress.folded((context.parameters.get("address") ?? "").removingPercentEncoding ?? "")
        let now = desk.clock.now()
        try await desk.database.write { [desk] db in
            let queue = try requireQueue(id, caller, in: db)
            guard try desk.blocks.all(queue: queue.id, in: db).contains(where: { $0.address == address }) else {
                throw Failure(.notFound, "error-not-found")
            }
            try desk.blocks.unblock(address, queue: queue.id, actor: caller.viewer.memberID, at: now, in: db)
        }
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }
}
