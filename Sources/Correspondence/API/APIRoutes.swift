import Base
import Foundation
import HTTPTypes
import Hummingbird
import Outbox
import People
import Storage
import Text
import Web

/// `/api/v1`: tickets, messages, notes, answers, queues, search, events.
package struct APIRoutes: Sendable {
    let desk: Desk
    let access: APIAccess
    let idempotency: IdempotencyStore
    /// OpenAPI 3.1, as JSON.
    private let description: String

    package init(desk: Desk, access: APIAccess, idempotency: IdempotencyStore, description: String) {
        self.desk = desk
        self.access = access
        self.idempotency = idempotency
        self.description = description
    }

    package func add(to router: Router<WebContext>) {
        let api = router.group("/api/v1")
        api.get("/openapi.json") { _, _ in Self.json(description) }
        api.get("/tickets") { request, _ in try await list(request) }
        api.get("/search") { request, _ in try await list(request) }
        api.get("/tickets/:id") { request, context in try await ticket(request, try context.requireID()) }
        api.get("/tickets/:id/messages") { request, context in try await messages(request, try context.requireID()) }
        api.get("/tickets/:id/notes") { request, context in
            try await messages(request, try context.requireID()) { $0.direction == .note }
        }
        api.get("/messages/:id/raw") { request, context in
            let caller = try await APICaller.require(request, access)
            let id = try context.requireID()
            return try await MessageRoutes.raw(id, desk: desk, viewer: caller.viewer, filename: "\(id).eml")
        }
        api.get("/queues") { request, _ in try await queues(request) }
        api.get("/events") { request, _ in try await events(request) }
        api.post("/tickets") { request, _ in try await write(request, status: 201, create) }
        api.patch("/tickets/:id") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 200) { try await change(id, $0, $1) }
        }
        addWork(to: api)
        api.post("/tickets/:id/notes") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 201) { try await note(id, $0, $1) }
        }
        api.post("/tickets/:id/answers") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 201) { try await answer(id, $0, $1) }
        }
    }

    static func json(_ text: String, status: Int = 200) -> Response {
        var headers: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
        if status == 200 { headers[.eTag] = EntityTag.of(text) }
        return Response(
            status: .init(code: status), headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    // MARK: - Reading

    func limit(_ request: Request) throws -> Int {
        guard let text = request.uri.queryParameters["limit"] else { return 50 }
        guard let limit = Int(text), (1...200).contains(limit) else { throw HTTPError(.badRequest) }
        return limit
    }

    /// A cursor that is a number; 0 when it was not given.
    func number(_ name: Substring, _ request: Request) throws -> Int64 {
        guard let text = request.uri.queryParameters[name] else { return 0 }
        guard let number = Int64(text), number >= 0 else { throw HTTPError(.badRequest) }
        return number
    }

    private func list(_ request: Request) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let limit = try limit(request)
        var cursor: TicketSearch.Cursor?
        if let text = request.uri.queryParameters["cursor"] {
            guard let known = TicketSearch.Cursor(text: String(text)) else { throw HTTPError(.badRequest) }
            cursor = known
        }
        let order = request.uri.queryParameters["sort"].map(String.init) ?? TicketSort.updated.rawValue
        guard let sort = TicketSort(rawValue: order) else { throw HTTPError(.badRequest) }
        let text = request.queryText("q") ?? ""
        let query = try SearchQuery.parse(text, now: desk.clock.now())
        let (found, answer) = try await desk.database.read { [desk, cursor] db in
            let page = try desk.search.page(
                query, visibleTo: caller.viewer, sort: sort, after: cursor, limit: limit, in: db)
            let items = try page.tickets.map { try Self.value($0, desk, in: db) }
            return (page.tickets.map(\.id), APIValues.page(items, next: page.next?.text))
        }
        // What fits tells what is in them.
        if query.expression.asksForWords { try await desk.noteOpened(.excerpt, of: found, by: caller.viewer) }
        return Self.json(answer)
    }

    static func value(_ ticket: Ticket, _ desk: Desk, in db: any Connection) throws -> String {
        APIValues.ticket(
            ticket, queue: try desk.stores.queues.require(ticket.queue, in: db).name,
            owner: try ticket.owner.flatMap { try desk.members.find($0, in: db) },
            tags: try desk.stores.tickets.tags(of: ticket.id, in: db))
    }

    private func ticket(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let text = try await value(id, caller)
        try await desk.noteOpened(.ticket, of: [id], by: caller.viewer)
        return Self.json(text)
    }

    func value(_ id: ID, _ caller: APICaller) async throws -> String {
        try await desk.database.read { [desk] db in
            try Self.value(try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db), desk, in: db)
        }
    }

    private func messages(
        _ request: Request, _ id: ID, where isWanted: @escaping @Sendable (Message) -> Bool = { _ in true }
    ) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let limit = try limit(request)
        let after = try number("cursor", request)
        let text = try await desk.database.read { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db)
            let all = try desk.stores.messages.ofTicket(ticket.id, in: db).sorted { $0.id < $1.id }.filter {
                $0.id > after && isWanted($0)
            }
            let addresses = try desk.stores.messages.addresses(ofTicket: ticket.id, in: db)
            let attachments = try desk.stores.messages.attachments(ofTicket: ticket.id, in: db)
            let outbox = try desk.stores.outbox.ofTicket(ticket.id, in: db)
            let items = try all.prefix(limit).map { message in
                APIValues.message(
                    message, addresses[message.id] ?? [], attachments[message.id] ?? [],
                    sha256: try message.raw.map { try desk.stores.raws.sha256(of: $0, in: db) },
                    delivery: outbox.first { $0.message == message.id }?.state.rawValue)
            }
            let next = all.count > limit ? all[limit - 1].id : nil
            return APIValues.page(items, next: next.map { String($0) })
        }
        try await desk.noteOpened(.messages, of: [id], by: caller.viewer)
        return Self.json(text)
    }

    private func queues(_ request: Request) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        return try await desk.database.read { [desk] db in
            let items = try desk.stores.queues.all(visibleTo: caller.viewer, in: db).map { queue in
                APIValues.queue(queue, rights: caller.viewer.rights[queue.id] ?? [])
            }
            return Self.json(APIValues.page(items, next: nil))
        }
    }

    /// What changed since a cursor, of queues the caller may see.
    private func events(_ request: Request) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let limit = try limit(request)
        let after = try number("cursor", request)
        return try await desk.database.read { db in
            let part = try ChangeStore().after(
                after, visibleTo: caller.viewer, withoutQueue: true, limit: limit, in: db)
            // Always a cursor: what comes later is asked for with it.
            return Self.json(APIValues.page(part.events.map(APIValues.event), next: String(part.cursor)))
        }
    }

    // MARK: - Writing

    /// Reads the body, runs `body` once for an `Idempotency-Key`, answers with what it made.
    func write(
        _ request: Request, status: Int, limit: Int = APIWriting.bodyLimit,
        kept: @Sendable (String) -> String = { $0 },
        _ body: @Sendable (APIInput, APICaller) async throws -> String
    ) async throws -> Response {
        try await APIWriting(database: desk.database, access: access, idempotency: idempotency, clock: desk.clock).run(
            request, status: status, limit: limit, kept: kept, body)
    }

    @Sendable private func create(_ input: APIInput, _ caller: APICaller) async throws -> String {
        let name = try input.requireText("queue")
        let queue = try await desk.database.read { [desk] db in
            try desk.stores.queues.all(visibleTo: caller.viewer, in: db).first { $0.name == name }
        }
        guard let queue else { throw Failure(.invalid, "error-invalid") }
        let content = Draft.Content(
            to: Draft.addresses(in: try input.requireText("to")),
            cc: Draft.addresses(in: try input.optionalText("cc") ?? ""),
            subject: try input.requireText("subject"), text: try input.requireText("text"))
        return try await value(
            try await desk.writing.write(
                content, queue: queue.id, because: try input.optionalText("because") ?? "", by: caller.viewer), caller)
    }

    private func note(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let text = try input.requireText("text")
        let now = desk.clock.now()
        let note = try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db)
            let note = try desk.noting.add(text, to: ticket, by: caller.viewer, name: caller.name, at: now, in: db)
            try desk.mentioning.add(text, message: note, queue: ticket.queue, in: db)
            return note
        }
        return JSONText.object([("id", APIValues.id(note)), ("ticket", APIValues.id(id))])
    }

    /// Saves the caller's draft and sends it.
    private func answer(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let text = try input.requireText("text")
        let now = desk.clock.now()
        let draft = try await desk.database.write { [desk] db in
            let view = try TicketView.read(id, desk, caller.viewer, in: db)
            guard caller.viewer.may(.draft, queue: view.ticket.queue) else { throw Failure(.refused, "error-refused") }
            if let draft = view.draft, !draft.text.isEmpty, draft.text != text {
                // Words the caller wrote elsewhere are not overwritten.
                throw Failure(.conflict, "draft-own-exists")
            }
            let signs = Signs(language: "en", zone: desk.zone, now: now)
            let usual = TicketPageMaker(view: view, viewer: caller.viewer, signs: signs).emptyAnswer
            let content = Draft.Content(
                to: try input.optionalText("to").map(Draft.addresses) ?? usual.to,
                cc: try input.optionalText("cc").map(Draft.addresses) ?? usual.cc,
                subject: try input.optionalText("subject") ?? usual.subject, text: text)
            let seen = try input.optionalInt("version").map { Int64($0) } ?? view.ticket.version
            return try desk.drafts.save(
                content, ticket: view.ticket, author: caller.viewer.memberID, seenVersion: seen, at: now, in: db)
        }
        try await desk.answering.excuse(draft.id, because: try input.optionalText("because") ?? "", by: caller.viewer)
        let message = try await desk.answering.send(ticket: id, by: caller.viewer)
        return JSONText.object([("id", APIValues.id(message)), ("ticket", APIValues.id(id))])
    }
}
