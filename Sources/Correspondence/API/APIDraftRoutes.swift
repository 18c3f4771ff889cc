import Base
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Text
import Web

/// `/api/v1`: drafts, sending now and later, forwarding and redirecting.
package struct APIDraftRoutes: Sendable {
    private static let bodyLimit = 2 << 20

    private let desk: Desk
    private let access: APIAccess
    private let idempotency: IdempotencyStore
    private let strings: Strings

    package init(desk: Desk, access: APIAccess, idempotency: IdempotencyStore, strings: Strings) {
        self.desk = desk
        self.access = access
        self.idempotency = idempotency
        self.strings = strings
    }

    package func add(to router: Router<WebContext>) {
        let api = router.group("/api/v1")
        api.get("/tickets/:id/drafts") { request, context in try await list(request, try context.requireID()) }
        api.post("/tickets/:id/drafts") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 201) { try await create(id, $0, $1) }
        }
        api.get("/drafts/:id") { request, context in
            let caller = try await APICaller.require(request, access)
            return APIRoutes.json(try await value(try context.requireID(), caller))
        }
        api.patch("/drafts/:id") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 200) { try await change(id, $0, $1) }
        }
        api.delete("/drafts/:id") { request, context in try await delete(request, try context.requireID()) }
        api.post("/drafts/:id/sending") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 201) { try await send(id, $0, $1) }
        }
        api.post("/drafts/:id/schedule") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 200) { try await schedule(id, $0, $1) }
        }
        api.delete("/drafts/:id/schedule") { request, context in
            let caller = try await APICaller.require(request, access)
            try caller.requireWriting()
            let id = try context.requireID()
            _ = try await desk.later.cancel(draft: id, by: caller.viewer)
            return APIRoutes.json(try await value(id, caller))
        }
        api.post("/messages/:id/forwards") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 201) { try await forward(id, $0, $1) }
        }
        api.post("/messages/:id/redirects") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 201) { try await redirect(id, $0, $1) }
        }
        api.post("/rounds") { request, _ in try await write(request, status: 201, writeEach) }
    }

    private func write(
        _ request: Request, status: Int, _ body: @Sendable (APIInput, APICaller) async throws -> String
    ) async throws -> Response {
        try await APIWriting(database: desk.database, access: access, idempotency: idempotency, clock: desk.clock).run(
            request, status: status, body)
    }

    // MARK: - Drafts

    private func list(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let answer = try await desk.database.read { [desk] db in
            _ = try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db)
            let items = try desk.drafts.ofTicket(id, in: db).map { draft in
                APIValues.draft(draft, try desk.drafts.files(of: draft.id, in: db))
            }
            return APIRoutes.json(APIValues.page(items, next: nil))
        }
        try await desk.noteOpened(.ticket, of: [id], by: caller.viewer)
        return answer
    }

    private func value(_ id: ID, _ caller: APICaller) async throws -> String {
        let (ticket, answer) = try await desk.database.read { [desk] db in
            let draft = try desk.drafts.require(id, visibleTo: caller.viewer, in: db)
            return (draft.ticket, APIValues.draft(draft, try desk.drafts.files(of: id, in: db)))
        }
        try await desk.noteOpened(.ticket, of: [ticket], by: caller.viewer)
        return answer
    }

    /// The members of a draft over those it had.
    private static func content(_ input: APIInput, over old: Draft.Content) throws -> Draft.Content {
        var content = old
        if let to = try input.optionalText("to") { content.to = Draft.addresses(in: to) }
        if let cc = try input.optionalText("cc") { content.cc = Draft.addresses(in: cc) }
        if let subject = try input.optionalText("subject") { content.subject = subject }
        if let text = try input.optionalText("text") { content.text = text }
        if let from = try input.optionalText("from") { content.from = EmailAddress.folded(from) }
        if let signature = try input.optionalBool("signature") { content.hasSignature = signature }
        if let text = try input.optionalText("then") {
            guard let then = Draft.Then(rawValue: text) else { throw Failure(.invalid, "error-invalid") }
            content.then = then
        }
        return content
    }

    /// The caller's draft of the ticket; `conflict` when they have one.
    private func create(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let now = desk.clock.now()
        let draft = try await desk.database.write { [desk] db in
            let view = try TicketView.read(id, desk, caller.viewer, in: db)
            guard caller.viewer.may(.draft, queue: view.ticket.queue) else { throw Failure(.refused, "error-refused") }
            guard view.draft == nil else { throw Failure(.conflict, "draft-own-exists") }
            let signs = Signs(language: "en", zone: desk.zone, now: now)
            let usual = TicketPageMaker(view: view, viewer: caller.viewer, signs: signs).emptyAnswer
            return try desk.drafts.save(
                try Self.content(input, over: usual), ticket: view.ticket, author: caller.viewer.memberID,
                seenVersion: try input.optionalInt("ticketVersion").map { Int64($0) } ?? view.ticket.version, at: now,
                in: db
            ).id
        }
        return try await value(draft, caller)
    }

    /// `version` is the draft's that was read; `ticketVersion` says that the ticket was read again up to there.
    private func change(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let now = desk.clock.now()
        try await desk.database.write { [desk] db in
            let draft = try desk.drafts.require(id, visibleTo: caller.viewer, in: db)
            try caller.requireMatch(APIValues.draft(draft, desk.drafts.files(of: id, in: db)))
            let matched = caller.ifMatch == nil ? nil : Int(draft.version)
            guard let version = try input.optionalInt("version") ?? matched else {
                throw Failure(.invalid, "error-invalid", details: "version is missing")
            }
            let ticket = try desk.stores.tickets.require(draft.ticket, visibleTo: caller.viewer, in: db)
            guard caller.viewer.may(.draft, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            _ = try desk.drafts.change(
                id, to: try Self.content(input, over: draft.content),
                seenVersion: try input.optionalInt("ticketVersion").map { Int64($0) } ?? draft.seenVersion,
                expecting: Int64(version), by: caller.viewer.memberID, at: now, in: db)
        }
        return try await value(id, caller)
    }

    private func delete(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        try caller.requireWriting()
        try await desk.database.write { [desk] db in
            let draft = try desk.drafts.require(id, visibleTo: caller.viewer, in: db)
            let ticket = try desk.stores.tickets.require(draft.ticket, visibleTo: caller.viewer, in: db)
            guard caller.viewer.may(.draft, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            try caller.requireMatch(APIValues.draft(draft, desk.drafts.files(of: id, in: db)))
            try desk.drafts.delete(id, in: db)
        }
        return Response(status: .noContent)
    }

    // MARK: - Leaving

    private func send(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let draft = try await desk.database.read { [desk] db in
            try desk.drafts.require(id, visibleTo: caller.viewer, in: db)
        }
        if let version = try input.optionalInt("version"), Int64(version) != draft.version {
            throw Failure(.conflict, "draft-collision")
        }
        try await desk.answering.excuse(id, because: try input.optionalText("because") ?? "", by: caller.viewer)
        let message = try await desk.answering.send(draft: id, by: caller.viewer)
        return Self.made(message, ticket: draft.ticket)
    }

    private func schedule(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        guard let at = APITime.parse(try input.requireText("at")) else {
            throw Failure(.invalid, "later-time-invalid")
        }
        try await desk.answering.excuse(id, because: try input.optionalText("because") ?? "", by: caller.viewer)
        try await desk.later.schedule(draft: id, at: at, by: caller.viewer)
        return try await value(id, caller)
    }

    private func forward(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let manner = Forwarding.Manner(rawValue: try input.optionalText("manner") ?? "attached")
        guard let manner else { throw Failure(.invalid, "error-invalid") }
        let (message, ticket) = try await desk.database.read { [desk] db in
            let message = try desk.stores.messages.require(id, visibleTo: caller.viewer, in: db)
            return (message, try desk.stores.tickets.require(message.ticket, visibleTo: caller.viewer, in: db))
        }
        let language = strings.supported(ticket.language ?? "en")
        let draft = try await desk.forwarding.begin(
            message: id, manner, ForwardWords.make(strings, language),
            date: DateText.exact(message.sentAt, language: language, zone: desk.zone.identifier), by: caller.viewer)
        return try await value(draft, caller)
    }

    private func redirect(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let message = try await desk.redirecting.redirect(
            message: id, to: Draft.addresses(in: try input.requireText("to")),
            closes: try input.optionalBool("close") ?? false, seen: try input.optionalInt("version").map { Int64($0) },
            by: caller.viewer)
        let ticket = try await desk.database.read { [desk] db in
            try desk.stores.messages.require(message, visibleTo: caller.viewer, in: db).ticket
        }
        return Self.made(message, ticket: ticket)
    }

    /// One letter to several people, each alone.
    @Sendable private func writeEach(_ input: APIInput, _ caller: APICaller) async throws -> String {
        let name = try input.requireText("queue")
        let queue = try await desk.database.read { [desk] db in
            try desk.stores.queues.all(visibleTo: caller.viewer, in: db).first { $0.name == name }
        }
        guard let queue else { throw Failure(.invalid, "error-invalid") }
        let empty = Draft.Content(to: [], cc: [], subject: try input.requireText("subject"), text: "")
        let round = try await desk.writing.writeEach(
            try Self.content(input, over: empty), queue: queue.id, because: try input.optionalText("because") ?? "",
            by: caller.viewer)
        return JSONText.object([("id", APIValues.id(round))])
    }

    private static func made(_ message: ID, ticket: ID) -> String {
        JSONText.object([("id", APIValues.id(message)), ("ticket", APIValues.id(ticket))])
    }
}

/// Times of the API.
enum APITime {
    /// ISO 8601 with a zone; nil when it is none.
    static func parse(_ text: String) -> Milliseconds? {
        let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = (try? Date.ISO8601FormatStyle().parse(text)) ?? (try? fractional.parse(text)) else {
            return nil
        }
        let time = date.timeIntervalSince1970 * 1000
        return abs(time) < 1e15 ? Milliseconds(time.rounded()) : nil
    }
}

extension APIValues {
    static func draft(_ draft: Draft, _ files: [DraftStore.File]) -> String {
        JSONText.object([
            ("id", id(draft.id)), ("ticket", id(draft.ticket)), ("author", id(draft.author)),
            ("kind", JSONText.quote(draft.kind.rawValue)),
            ("to", JSONText.array(draft.to.map { JSONText.quote($0) })),
            ("cc", JSONText.array(draft.cc.map { JSONText.quote($0) })),
            ("subject", JSONText.quote(draft.subject)), ("text", JSONText.quote(draft.text)),
            ("from", JSONText.quote(draft.content.from)),
            ("signature", draft.content.hasSignature ? "true" : "false"),
            ("then", JSONText.quote(draft.content.then.rawValue)), ("version", String(draft.version)),
            ("ticketVersion", String(draft.seenVersion)),
            ("updatedAt", JSONText.quote(ISO8601.string(draft.updatedAt))),
            ("sendAt", JSONText.quote(draft.sendAt.map { ISO8601.string($0) })),
            ("held", JSONText.quote(draft.held.isEmpty ? nil : draft.held)),
            (
                "files",
                JSONText.array(
                    files.map { file in
                        JSONText.object([
                            ("id", id(file.id)), ("filename", JSONText.quote(file.filename)),
                            ("contentType", JSONText.quote(file.contentType)), ("size", String(file.size)),
                        ])
                    })
            ),
        ])
    }
}
