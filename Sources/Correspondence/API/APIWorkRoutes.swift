import Base
import Foundation
import Hummingbird
import Storage
import Text
import Web

/// `/api/v1`: changes of one ticket and of many, with undo; joining, splitting, links, the next ticket.
extension APIRoutes {
    func addWork(to api: RouterGroup<WebContext>) {
        api.post("/tickets/next") { request, _ in try await write(request, status: 200, next) }
        api.post("/tickets/:id/merge") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 200) { try await merge(id, $0, $1) }
        }
        api.post("/tickets/:id/split") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 201) { try await split(id, $0, $1) }
        }
        api.get("/tickets/:id/links") { request, context in try await links(request, try context.requireID()) }
        api.post("/tickets/:id/links") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 201) { try await addLink(id, $0, $1) }
        }
        api.delete("/tickets/:id/links/:link") { request, context in
            let (id, link) = (try context.requireID(), try context.requireID("link"))
            return try await remove(request) { caller, now, db in
                let ticket = try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db)
                guard caller.viewer.may(.note, queue: ticket.queue) else {
                    throw Failure(.refused, "error-refused")
                }
                try desk.links.remove(link, from: ticket, actor: caller.viewer.memberID, at: now, in: db)
            }
        }
        addChanges(to: api)
    }

    private func addChanges(to api: RouterGroup<WebContext>) {
        api.post("/changes") { request, _ in try await write(request, status: 201, changeMany) }
        api.get("/changes/:id") { request, context in
            let caller = try await APICaller.require(request, access)
            return Self.json(try await changeValue(try context.requireID(), caller))
        }
        api.post("/changes/:id/undo") { request, context in
            let id = try context.requireID()
            return try await write(request, status: 200) { _, caller in
                try await desk.bulking.undo(id, by: caller.viewer)
                return try await changeValue(id, caller)
            }
        }
    }

    private func remove(
        _ request: Request, _ body: @escaping @Sendable (APICaller, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        try caller.requireWriting()
        let now = desk.clock.now()
        try await desk.database.write { db in try body(caller, now, db) }
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    // MARK: - Changes

    /// PATCH of a ticket: done at once, recorded, and so to be undone like any other change.
    func change(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let change = try await read(input, caller)
        guard !change.isEmpty else {
            let now = try await value(id, caller)
            try caller.requireMatch(now)
            return now
        }
        _ = try await desk.bulking.changeOne(id, change, back: TicketPaths.show(id), by: caller.viewer) { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db)
            try caller.requireMatch(try Self.value(ticket, desk, in: db))
        }
        // What was handed over to a queue the caller does not see is shown this once.
        return try await desk.database.read { [desk] db in
            guard let ticket = try desk.stores.tickets.find(id, in: db) else {
                throw Failure(.notFound, "error-not-found")
            }
            return try Self.value(ticket, desk, in: db)
        }
    }

    /// What is to change, by the names of the contract: queues by name, owners by address, times as ISO 8601.
    func read(_ input: APIInput, _ caller: APICaller) async throws -> TicketChange {
        var change = TicketChange()
        change.state = try input.optionalText("state")
        change.outcome = try input.has("outcome") ? input.optionalText("outcome") ?? "" : nil
        if change.outcome != nil, change.state == nil { change.state = TicketState.closed.rawValue }
        if let until = try input.optionalText("snoozedUntil") {
            guard let time = Self.time(until), time > desk.clock.now() else {
                throw Failure(.invalid, "snooze-invalid")
            }
            change.state = TicketState.waiting.rawValue
            change.until = time
        }
        change.subject = try input.optionalText("subject")
        change.language = try input.has("language") ? input.optionalText("language") ?? "" : nil
        change.priority = try input.optionalInt("priority")
        change.tags = try input.optionalTexts("tags")
        change.addTags = try input.optionalTexts("addTags")
        change.removeTags = try input.optionalTexts("removeTags")
        let owner = try input.has("owner") ? input.optionalText("owner") ?? "" : nil
        let queue = try input.optionalText("queue")
        let named = try await desk.database.read { [desk, change] db in
            var named = change
            if let owner {
                named.owner = try Self.owner(owner, caller, desk, in: db)
            }
            if let queue {
                let name = EmailAddress.folded(queue)
                let found = try desk.stores.queues.targets(of: caller.viewer, in: db).first { $0.name == name }
                guard let found else { throw Failure(.invalid, "error-invalid") }
                named.queue = found.id
            }
            return named
        }
        if !named.isEmpty { try named.validate() }
        return named
    }

    /// `me`, a member's id or the address of an account; empty for nobody.
    private static func owner(
        _ text: String, _ caller: APICaller, _ desk: Desk, in db: any Connection
    ) throws -> String {
        if text.isEmpty { return "" }
        if text == "me" { return String(caller.viewer.memberID) }
        let member =
            try ID(text).flatMap { try desk.members.find($0, in: db) } ?? desk.members.find(email: text, in: db)
        guard let member else { throw Failure(.invalid, "error-invalid", details: "there is no such owner") }
        return String(member.id)
    }

    static func time(_ text: String) -> Milliseconds? {
        let styles = [Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle()]
        let date = styles.lazy.compactMap { try? Date(text, strategy: $0) }.first
        return date.map { Milliseconds($0.timeIntervalSince1970 * 1000) }
    }

    /// `{"tickets": […]}` or `{"query": "…"}`, with `change`, or with `into` to join them all.
    private func changeMany(_ input: APIInput, _ caller: APICaller) async throws -> String {
        var change = try await read(try input.object("change") ?? APIInput(), caller)
        change.mergeInto = try input.optionalText("into").flatMap { ID($0) }
        let back = TicketPaths.list()
        let id: ID
        if let query = try input.optionalText("query") {
            id = try await desk.bulking.changeAll(matching: query, change, back: back, by: caller.viewer)
        } else {
            let tickets = try (input.optionalTexts("tickets") ?? []).map { text in
                guard let ticket = ID(text) else { throw Failure(.invalid, "error-invalid") }
                return ticket
            }
            id = try await desk.bulking.change(tickets, change, back: back, by: caller.viewer)
        }
        return try await changeValue(id, caller)
    }

    func changeValue(_ id: ID, _ caller: APICaller) async throws -> String {
        try await desk.database.read { [desk] db in
            let bulk = try desk.bulks.require(id, of: caller.viewer, in: db)
            let counts = try desk.bulks.counts(of: id, in: db)
            return JSONText.object([
                ("id", APIValues.id(id)), ("state", JSONText.quote(bulk.state.rawValue)),
                ("total", String(bulk.total)), ("changed", String(counts.changed)),
                ("skipped", String(counts.skipped)), ("undone", String(counts.undone)),
                ("kept", String(counts.kept)),
            ])
        }
    }

    // MARK: - Tickets

    private func next(_ input: APIInput, _ caller: APICaller) async throws -> String {
        let ticket = try await desk.takeNext(
            by: caller.viewer, except: try input.optionalText("except").flatMap { ID($0) })
        guard let ticket else { throw Failure(.notFound, "next-none") }
        return try await value(ticket.id, caller)
    }

    private func merge(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        guard let target = ID(try input.requireText("into")), target != id else {
            throw Failure(.invalid, "merge-itself")
        }
        var change = TicketChange()
        change.mergeInto = target
        let record = try await desk.bulking.changeOne(id, change, back: TicketPaths.show(id), by: caller.viewer)
        guard let record else { throw Failure(.conflict, "error-conflict") }
        return try await changeValue(record, caller)
    }

    private func split(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let messages = try (input.optionalTexts("messages") ?? []).compactMap { ID($0) }
        let made = try await desk.split(
            messages, off: id, subject: try input.optionalText("subject") ?? "", by: caller.viewer)
        return JSONText.object([("ticket", APIValues.id(made.ticket)), ("change", APIValues.id(made.change))])
    }

    // MARK: - Links

    private func links(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let answer = try await desk.database.read { [desk] db in
            _ = try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db)
            let items = try desk.links.links(of: id, visibleTo: caller.viewer, in: db).map { link in
                JSONText.object([
                    ("id", APIValues.id(link.id)), ("kind", JSONText.quote(link.kind.rawValue)),
                    ("ticket", link.other.map { APIValues.id($0.id) } ?? "null"),
                    ("url", JSONText.quote(link.url.isEmpty ? nil : link.url)), ("name", JSONText.quote(link.name)),
                ])
            }
            return Self.json(APIValues.page(items, next: nil))
        }
        try await desk.noteOpened(.ticket, of: [id], by: caller.viewer)
        return answer
    }

    private func addLink(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let now = desk.clock.now()
        let url = try input.optionalText("url")
        let name = try input.optionalText("name") ?? ""
        let other = try input.optionalText("ticket").flatMap { ID($0) }
        let kind = try TicketLink.Kind(rawValue: input.optionalText("kind") ?? "related")
        let made = try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db)
            guard caller.viewer.may(.note, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            let me = caller.viewer.memberID
            if let url { return try desk.links.add(url: url, name: name, to: ticket, actor: me, at: now, in: db) }
            guard let other, let kind else { throw Failure(.invalid, "error-invalid") }
            let target = try desk.stores.tickets.require(other, visibleTo: caller.viewer, in: db)
            return try desk.links.add(kind, from: ticket, to: target, actor: me, at: now, in: db)
        }
        return JSONText.object([("id", APIValues.id(made)), ("ticket", APIValues.id(id))])
    }
}
