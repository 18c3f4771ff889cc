import Base
import Hummingbird
import Storage
import Web

/// `/api/v1/incidents`: incidents and causes, their tickets, lines and answers.
package struct IncidentAPI: Sendable {
    private let api: APIRoutes
    private let grouping: GroupAnswering
    private var store: IncidentStore { grouping.incidents }
    private var database: Database { grouping.answering.database }

    package init(_ api: APIRoutes, grouping: GroupAnswering) {
        self.api = api
        self.grouping = grouping
    }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1/incidents")
        group.get { request, _ in try await list(request) }
        group.post { request, _ in try await api.write(request, status: 201, open) }
        group.get(":id") { request, context in
            let caller = try await APICaller.require(request, api.access)
            return APIRoutes.json(try await value(try context.requireID(), caller))
        }
        group.patch(":id") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { try await change(id, $0, $1) }
        }
        group.post(":id/tickets") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 201) { try await put(id, $0, $1) }
        }
        group.post(":id/links") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 201) { try await link(id, $0, $1) }
        }
        group.post(":id/lines") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 201) { try await line(id, $0, $1) }
        }
        group.post(":id/answers") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 201) { input, caller in
                let everybody = try input.optionalBool("everybody") ?? false
                let answer = try await grouping.start(id, everybody: everybody, by: caller.viewer)
                return try await self.answer(answer, caller)
            }
        }
        let answers = router.group("/api/v1/group-answers")
        answers.get(":id") { request, context in
            let caller = try await APICaller.require(request, api.access)
            return APIRoutes.json(try await self.answer(try context.requireID(), caller))
        }
        answers.post(":id/undo") { request, context in
            let answer = try context.requireID()
            return try await api.write(request, status: 200) { _, caller in
                try await grouping.undo(answer, by: caller.viewer)
                return try await self.answer(answer, caller)
            }
        }
    }

    // MARK: - Reading

    private func list(_ request: Request) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        let found = try await database.read { [store] db in
            try Incident.Kind.allCases.flatMap {
                try store.all($0, states: Incident.State.allCases, visibleTo: caller.viewer, in: db)
            }
        }
        let items = found.map { line in
            JSONText.object(Self.head(line.incident) + [("tickets", String(line.tickets))])
        }
        return APIRoutes.json(APIValues.page(items, next: nil))
    }

    private static func head(_ incident: Incident) -> [(String, String)] {
        [
            ("id", APIValues.id(incident.id)), ("kind", JSONText.quote(incident.kind.rawValue)),
            ("queue", APIValues.id(incident.queue)), ("name", JSONText.quote(incident.name)),
            ("state", JSONText.quote(incident.state.rawValue)), ("owner", incident.owner.map(APIValues.id) ?? "null"),
            ("joins", incident.joins ? "true" : "false"),
            ("told", JSONText.quote(incident.toldURL.isEmpty ? nil : incident.toldURL)),
            ("cause", incident.cause.map(APIValues.id) ?? "null"),
            ("createdAt", JSONText.quote(ISO8601.string(incident.madeAt))),
            ("endedAt", JSONText.quote(incident.endedAt.map { ISO8601.string($0) })),
        ]
    }

    private func value(_ id: ID, _ caller: APICaller) async throws -> String {
        let read = try await database.read { db in try content(of: id, caller, in: db) }
        try await api.desk.noteOpened(.ticket, of: read.tickets, by: caller.viewer)
        return read.text
    }

    /// An incident, and the tickets it shows.
    private func content(
        of id: ID, _ caller: APICaller, in db: any Connection
    ) throws -> (text: String, tickets: [ID]) {
        let incident = try store.require(id, visibleTo: caller.viewer, in: db)
        let found = try store.tickets(of: id, visibleTo: caller.viewer, in: db)
        let (links, lines) = (try store.links(of: id, in: db), try store.lines(of: id, withOld: true, in: db))
        let tickets = found.entries.map { entry in
            JSONText.object([
                ("ticket", APIValues.id(entry.ticket.id)), ("number", JSONText.quote(entry.ticket.number)),
                ("state", JSONText.quote(entry.item.state.rawValue)),
                ("differs", entry.item.differs ? "true" : "false"),
            ])
        }
        let others = links.map { link in
            JSONText.object([
                ("kind", JSONText.quote(link.kind.rawValue)), ("url", JSONText.quote(link.url)),
                ("name", JSONText.quote(link.name)),
            ])
        }
        let text = JSONText.object(
            Self.head(incident) + [
                ("tickets", JSONText.array(tickets)), ("hidden", String(found.hidden)),
                ("links", JSONText.array(others)), ("lines", JSONText.array(lines.map(Self.line))),
            ])
        return (text, found.entries.map(\.ticket.id))
    }

    private static func line(_ line: IncidentLine) -> String {
        JSONText.object([
            ("id", APIValues.id(line.id)), ("language", JSONText.quote(line.language)),
            ("version", String(line.version)), ("text", JSONText.quote(line.text)),
            ("member", APIValues.id(line.member)), ("approvedBy", line.approvedBy.map(APIValues.id) ?? "null"),
            ("speakers", JSONText.array(line.speakers.map(APIValues.id))), ("uses", String(line.uses)),
            ("expiresAt", JSONText.quote(ISO8601.string(line.expiresAt))),
        ])
    }

    private func answer(_ id: ID, _ caller: APICaller) async throws -> String {
        let view = try await database.read { [grouping] db in
            try GroupAnswerView.read(id, grouping, caller.viewer, in: db)
        }
        try await api.desk.noteOpened(.ticket, of: view.letters.map(\.ticket.id), by: caller.viewer)
        let letters = view.letters.map { letter, ticket in
            JSONText.object([
                ("ticket", APIValues.id(ticket.id)), ("state", JSONText.quote(letter.state.rawValue)),
                ("line", letter.line.map(APIValues.id) ?? "null"),
                ("message", letter.message.map(APIValues.id) ?? "null"),
                ("problem", JSONText.quote(letter.problem.isEmpty ? nil : letter.problem)),
            ])
        }
        return JSONText.object([
            ("id", APIValues.id(id)), ("incident", APIValues.id(view.incident.id)),
            ("state", JSONText.quote(view.answer.state.rawValue)),
            ("notBefore", JSONText.quote(ISO8601.string(view.answer.notBefore))),
            ("letters", JSONText.array(letters)),
        ])
    }

    // MARK: - Writing

    /// Asked before the input is looked at: who may not see it learns nothing of it.
    private func requireSeen(_ id: ID, _ caller: APICaller) async throws {
        _ = try await database.read { [store] db in try store.require(id, visibleTo: caller.viewer, in: db) }
    }

    @Sendable private func open(_ input: APIInput, _ caller: APICaller) async throws -> String {
        guard let kind = Incident.Kind(rawValue: try input.optionalText("kind") ?? "incident") else {
            throw Failure(.invalid, "error-invalid")
        }
        let opening = IncidentStore.Opening(
            kind: kind, queue: ID(try input.requireText("queue")) ?? 0, name: try input.requireText("name"))
        let now = api.desk.clock.now()
        let id = try await database.write { [store] db in
            try store.open(opening, by: caller.viewer, at: now, in: db)
        }
        return try await value(id, caller)
    }

    private func change(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        try await requireSeen(id, caller)
        let now = api.desk.clock.now()
        let state = try input.optionalText("state")
        let name = try input.optionalText("name")
        let joins = try input.optionalBool("joins")
        let told = try input.optionalText("told")
        let owner = try input.optionalText("owner")
        try await database.write { [store] db in
            let incident = try store.require(id, for: .note, visibleTo: caller.viewer, in: db)
            try caller.requireMatch(try content(of: id, caller, in: db).text)
            if input.has("name") || input.has("joins") || input.has("told") || input.has("owner") {
                let settings = IncidentStore.Settings(
                    name: name ?? incident.name, owner: input.has("owner") ? owner.flatMap { ID($0) } : incident.owner,
                    joins: joins ?? incident.joins, toldURL: input.has("told") ? told ?? "" : incident.toldURL)
                try store.set(settings, of: id, by: caller.viewer, at: now, in: db)
            }
            guard let state else { return }
            guard let wanted = Incident.State(rawValue: state) else { throw Failure(.invalid, "error-invalid") }
            try store.setState(wanted, of: id, by: caller.viewer, at: now, in: db)
        }
        return try await value(id, caller)
    }

    /// `state`: `in` or `left`; `differs`: asks something else.
    private func put(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        try await requireSeen(id, caller)
        let now = api.desk.clock.now()
        let ticket = ID(try input.requireText("ticket")) ?? 0
        let state = try input.optionalText("state") ?? "in"
        let differs = try input.optionalBool("differs")
        guard ["in", "left"].contains(state) else { throw Failure(.invalid, "error-invalid") }
        try await database.write { [store, tickets = api.desk.stores.tickets] db in
            if state == "in" {
                try store.join(ticket, to: id, by: caller.viewer, at: now, tickets: tickets, in: db)
            }
            let entries = try store.tickets(of: id, visibleTo: caller.viewer, in: db).entries
            guard let entry = entries.first(where: { $0.ticket.id == ticket }) else {
                throw Failure(.notFound, "error-not-found")
            }
            if state == "left" {
                try store.change(.leave, item: entry.item.id, of: id, by: caller.viewer, at: now, in: db)
            } else if let differs, differs != entry.item.differs {
                try store.change(
                    differs ? .differs : .same, item: entry.item.id, of: id, by: caller.viewer, at: now, in: db)
            }
        }
        return try await value(id, caller)
    }

    private func link(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        try await requireSeen(id, caller)
        let now = api.desk.clock.now()
        guard let kind = IncidentItem.Kind(rawValue: try input.requireText("kind")) else {
            throw Failure(.invalid, "error-invalid")
        }
        let (url, name) = (try input.requireText("url"), try input.optionalText("name") ?? "")
        try await database.write { [store] db in
            try store.addLink(kind, url: url, name: name, to: id, by: caller.viewer, at: now, in: db)
        }
        return try await value(id, caller)
    }

    private func line(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        try await requireSeen(id, caller)
        let now = api.desk.clock.now()
        guard let expires = APITime.parse(try input.requireText("expires")) else {
            throw Failure(.invalid, "incident-expiry-invalid")
        }
        let wording = IncidentStore.Wording(
            language: try input.requireText("language"), text: try input.requireText("text"), expiresAt: expires,
            speakers: try (input.optionalTexts("speakers") ?? []).compactMap { ID($0) })
        try await database.write { [store] db in
            _ = try store.write(wording, for: id, by: caller.viewer, at: now, in: db)
        }
        return try await value(id, caller)
    }
}
