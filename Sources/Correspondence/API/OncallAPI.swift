import Base
import Foundation
import Hummingbird
import Oncall
import People
import Storage
import Web

/// `/api/v1/rotas`, `/api/v1/pages`, `/api/v1/queues/{id}/levels` and a ticket's deadline.
package struct OncallAPI: Sendable {
    private static let longest: Milliseconds = 60 * 86_400_000

    private let desk: Desk
    private let paging: Paging
    private let access: APIAccess
    private let writing: APIWriting

    package init(desk: Desk, paging: Paging, access: APIAccess) {
        self.desk = desk
        self.paging = paging
        self.access = access
        writing = APIWriting(
            database: desk.database, access: access, idempotency: IdempotencyStore(), clock: desk.clock)
    }

    package func add(to router: Router<WebContext>) {
        let api = router.group("/api/v1")
        api.get("/rotas") { request, _ in try await rotas(request) }
        api.get("/rotas/:id/duties") { request, context in try await duties(request, try context.requireID()) }
        api.get("/rotas/:id/pages") { request, context in try await pages(request, try context.requireID()) }
        api.post("/rotas/:id/pages") { request, context in
            let id = try context.requireID()
            return try await writing.run(request, status: 201) { try await open(id, $0, $1) }
        }
        api.get("/pages/:id") { request, context in try await page(request, try context.requireID()) }
        api.post("/pages/:id/holding") { request, context in
            let id = try context.requireID()
            return try await writing.run(request, status: 200) { _, caller in try await hold(id, caller) }
        }
        api.get("/queues/:id/levels") { request, context in try await levels(request, try context.requireID()) }
        api.put("/tickets/:id/deadline") { request, context in
            let id = try context.requireID()
            return try await writing.run(request, status: 200) { try await setDeadline(id, $0, $1) }
        }
        api.delete("/tickets/:id/deadline") { request, context in
            let id = try context.requireID()
            let caller = try await APICaller.require(request, access)
            try caller.requireWriting()
            return APIRoutes.json(try await setDeadline(id, nil, caller))
        }
    }

    // MARK: - Rotas

    private func rotas(_ request: Request) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let now = desk.clock.now()
        let text = try await desk.database.read { db in
            let items = try paging.rotas.all(visibleTo: caller.viewer, in: db).map { rota in
                let plan = try paging.shifts.plan(of: rota, in: db)
                return JSONText.object([
                    ("id", APIValues.id(rota.id)), ("name", JSONText.quote(rota.name)),
                    ("zone", JSONText.quote(rota.zone)), ("keeper", APIValues.id(rota.keeper)),
                    ("onDuty", JSONText.array(plan.onDuty(at: now).map { Self.turn($0) })),
                    ("gaps", JSONText.array(GapWatch.gaps(in: plan, at: now).map(Self.gap))),
                ])
            }
            return APIValues.page(items, next: nil)
        }
        return APIRoutes.json(text)
    }

    /// `from` and `until` as ISO 8601 days; two weeks from now where they are not given, at most sixty days.
    private func duties(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let now = desk.clock.now()
        let query = request.uri.queryParameters
        let from = query["from"].flatMap { ISO8601.startOfDay(String($0)) } ?? now
        let until = query["until"].flatMap { ISO8601.startOfDay(String($0)) } ?? from + 14 * 86_400_000
        guard from < until, until - from <= Self.longest else { throw Failure(.invalid, "error-invalid") }
        let text = try await desk.database.read { db in
            let rota = try paging.rotas.require(id, visibleTo: caller.viewer, in: db)
            let plan = try paging.shifts.plan(of: rota, in: db)
            return APIValues.page(plan.turns(from: from, until: until).map(Self.turn), next: nil)
        }
        return APIRoutes.json(text)
    }

    private static func turn(_ turn: DutyPlan.Turn) -> String {
        JSONText.object([
            ("member", APIValues.id(turn.duty.member)), ("from", time(turn.duty.from)),
            ("until", time(turn.duty.until)), ("place", String(turn.place)), ("mayBeCalled", String(turn.isIn)),
        ])
    }

    private static func gap(_ gap: Range<Milliseconds>) -> String {
        JSONText.object([("from", time(gap.lowerBound)), ("until", time(gap.upperBound))])
    }

    private static func time(_ time: Milliseconds) -> String { JSONText.quote(ISO8601.string(time)) }

    // MARK: - Pages

    private func pages(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let text = try await desk.database.read { db in
            let rota = try paging.rotas.require(id, visibleTo: caller.viewer, in: db)
            let items = try paging.pages.all(of: rota.id, limit: 100, in: db).map { try value($0, caller, in: db) }
            return APIValues.page(items, next: nil)
        }
        return APIRoutes.json(text)
    }

    private func page(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let text = try await desk.database.read { db in
            try value(
                try paging.pages.require(id, visibleTo: caller.viewer, rotas: paging.rotas, in: db), caller, in: db)
        }
        return APIRoutes.json(text)
    }

    private func value(_ page: Paged, _ caller: APICaller, in db: any Connection) throws -> String {
        let tickets = try paging.pages.tickets(of: page.id, visibleTo: caller.viewer, in: db)
        let steps = try paging.pages.steps(of: page.id, in: db).map { step in
            JSONText.object([
                ("position", String(step.position)), ("kind", JSONText.quote(step.kind.rawValue)),
                ("member", step.member.map(APIValues.id) ?? "null"), ("at", Self.time(step.at)),
                ("repeats", String(step.repeats)),
            ])
        }
        return JSONText.object([
            ("id", APIValues.id(page.id)), ("rota", APIValues.id(page.rota)),
            ("reason", JSONText.quote(page.reason.rawValue)), ("state", JSONText.quote(page.state.rawValue)),
            ("openedAt", Self.time(page.openedAt)), ("heldBy", page.heldBy.map(APIValues.id) ?? "null"),
            ("heldAt", page.heldAt.map(Self.time) ?? "null"),
            ("tickets", JSONText.array(tickets.map { APIValues.id($0.id) })), ("steps", JSONText.array(steps)),
        ])
    }

    /// `{"ticket": "…"}`: calls who is on duty for it.
    private func open(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let ticket = ID(try input.optionalText("ticket") ?? "")
        let now = desk.clock.now()
        let text = try await desk.database.write { [desk, paging] db in
            let rota = try paging.rotas.require(id, visibleTo: caller.viewer, in: db)
            guard let ticket else { throw Failure(.invalid, "error-invalid") }
            let found = try desk.stores.tickets.require(ticket, visibleTo: caller.viewer, in: db)
            guard caller.viewer.may(.note, queue: found.queue) else { throw Failure(.refused, "error-refused") }
            let page = try paging.page(
                rota: rota.id, reason: .help, ticket: found.id, queue: found.queue, actor: caller.viewer.memberID,
                at: now, in: db)
            return try value(
                try paging.pages.require(page ?? 0, visibleTo: caller.viewer, rotas: paging.rotas, in: db), caller,
                in: db)
        }
        desk.alarm.ring()
        return text
    }

    private func hold(_ id: ID, _ caller: APICaller) async throws -> String {
        let now = desk.clock.now()
        return try await desk.database.write { [paging] db in
            _ = try paging.pages.require(id, visibleTo: caller.viewer, rotas: paging.rotas, in: db)
            return try value(try paging.hold(id, by: caller.viewer.memberID, at: now, in: db), caller, in: db)
        }
    }

    // MARK: - Levels

    private func levels(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let text = try await desk.database.read { [desk] db in
            let queue = try desk.stores.queues.require(id, keptBy: caller.viewer, in: db)
            let goals = try LevelStore.goals(of: queue.id, in: db).map { goal in
                JSONText.object([
                    ("priority", JSONText.quote(Signs.priorities[goal.priority - 1])),
                    ("firstMinutes", goal.firstMinutes.map { String($0) } ?? "null"),
                    ("nextMinutes", goal.nextMinutes.map { String($0) } ?? "null"),
                ])
            }
            let steps = try LevelStore.steps(of: queue.id, in: db).map { step in
                JSONText.object([
                    ("id", APIValues.id(step.id)), ("base", JSONText.quote(step.base.rawValue)),
                    ("amount", String(step.amount)), ("action", JSONText.quote(step.action.rawValue)),
                    ("queue", step.target.map(APIValues.id) ?? "null"),
                ])
            }
            return JSONText.object([("goals", JSONText.array(goals)), ("steps", JSONText.array(steps))])
        }
        return APIRoutes.json(text)
    }

    /// `{"day": "2026-12-03", "time": "18:00", "zone": "America/New_York"}`; nil takes the date away.
    private func setDeadline(_ id: ID, _ input: APIInput?, _ caller: APICaller) async throws -> String {
        let (day, time, zone) = (
            try input?.optionalText("day"), try input?.optionalText("time"), try input?.optionalText("zone")
        )
        let now = desk.clock.now()
        return try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db)
            guard caller.viewer.may(.note, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            let deadline =
                input == nil
                ? nil : try DeadlineRoutes.deadline(day: day ?? "", time: time ?? "", zone: zone ?? "")
            try DeadlineStore(events: desk.stores.events).set(
                deadline, of: ticket, actor: caller.viewer.memberID, at: now, in: db)
            return try APIRoutes.value(
                try desk.stores.tickets.require(id, visibleTo: caller.viewer, in: db), desk, in: db)
        }
    }
}
