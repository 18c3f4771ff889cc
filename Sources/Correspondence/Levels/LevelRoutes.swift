import Base
import Foundation
import Hummingbird
import Oncall
import Storage
import Text
import Web

/// Goals and steps of a queue, for those who keep it.
package struct LevelRoutes: Sendable {
    private let office: Office
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(LevelPaths.queue.route) { request, context in
            try await show(context, notices: QueueRoutes.notices(request))
        }
        signedIn.post(LevelPaths.queue.route, use: setGoals)
        signedIn.post(LevelPaths.steps.route, use: addStep)
        signedIn.post(LevelPaths.stepRemoval.route, use: removeStep)
        DeadlineRoutes(desk: desk, site: site).add(to: signedIn)
        PaceRoutes(desk: desk, site: site).add(to: signedIn)
    }

    private var levels: LevelStore { LevelStore(ids: desk.ids, events: desk.stores.events) }

    private func show(
        _ context: SignedInContext, problem: Failure? = nil, notices: [Frame.Notice] = []
    ) async throws -> Response {
        let queue = try await office.requireQueue(context)
        let now = desk.clock.now()
        let query = "queue:\(queue.name) is:overdue"
        let (goals, steps, targets, overdue, hasRota) = try await desk.database.read { [desk] db in
            (
                try LevelStore.goals(of: queue.id, in: db), try LevelStore.steps(of: queue.id, in: db),
                try desk.stores.queues.targets(of: context.viewer, in: db),
                try desk.search.count(try SearchQuery.parse(query, now: now), visibleTo: context.viewer, in: db),
                try desk.paging?.rotas.find(forQueue: queue.id, in: db) != nil
            )
        }
        let others = targets.filter { $0.id != queue.id }
        let page = LevelsPage(
            name: queue.name, tabs: office.tabs(of: queue, context.viewer, current: LevelPaths.queue),
            path: LevelPaths.queue(queue.id), stepsPath: LevelPaths.steps(queue.id),
            hoursPath: QueuePaths.hours(queue.id),
            problem: problem.map { Phrase($0.messageKey, texts: $0.arguments) },
            goals: (1...4).reversed().map { priority in
                let goal = goals.first { $0.priority == priority }
                return GoalLine(
                    priority: priority, name: Phrase("ticket-priority-\(Signs.priorities[priority - 1])"),
                    first: Self.hours(goal?.firstMinutes), next: Self.hours(goal?.nextMinutes))
            }, steps: steps.map { line($0, others) },
            bases: LevelStep.Base.allCases.map { Choice($0.rawValue, Phrase("level-base-\($0.rawValue)")) },
            actions: LevelStep.Action.allCases.map { Choice($0.rawValue, Phrase("level-action-\($0.rawValue)")) },
            targets: others.map { Choice(String($0.id), .verbatim($0.name)) },
            oncallPath: hasRota ? nil : OncallPaths.list(),
            overdue: CountedLink(
                Phrase("level-overdue-now"), count: Int(overdue),
                path: TicketPaths.list(query: [("query", query), ("sort", TicketSort.due.rawValue)])))
        return site.page(
            page, for: context.visitor, notices: notices, status: problem == nil ? .ok : .unprocessableContent)
    }

    private func line(_ step: LevelStep, _ queues: [Queue]) -> StepLine {
        let target = queues.first { $0.id == step.target }?.name
        let action =
            step.action == .move
            ? Phrase("level-does-move", .text(target ?? "–")) : Phrase("level-does-\(step.action.rawValue)")
        return StepLine(
            text: Phrase("level-step-\(step.base.rawValue)", .number(step.amount), .phrase(action)),
            remove: Action(LevelPaths.stepRemoval(step.queue, step.id)))
    }

    /// `1.5`: open hours, without needless zeros.
    private static func hours(_ minutes: Int?) -> String {
        guard let minutes else { return "" }
        return minutes % 60 == 0 ? String(minutes / 60) : String((Double(minutes) / 60 * 100).rounded() / 100)
    }

    @Sendable private func setGoals(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let queue = try await office.requireQueue(context)
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        do {
            let goals = try (1...4).map { priority in
                LevelGoal(
                    priority: priority, firstMinutes: try Self.minutes(form.trimmed("first-\(priority)")),
                    nextMinutes: try Self.minutes(form.trimmed("next-\(priority)")))
            }
            try await desk.database.write { [desk, levels] db in
                try levels.setGoals(goals, of: queue.id, actor: context.viewer.memberID, at: now, in: db)
                try desk.stores.jobs.add(LevelRefreshing.jobName, subject: queue.id, in: db)
            }
        } catch let failure as Failure where failure.code == .invalid {
            return try await show(context, problem: failure)
        }
        desk.alarm.ring()
        return site.redirect(LevelPaths.queue(queue.id) + "?notice=changed")
    }

    /// Empty: no goal.
    private static func minutes(_ text: String) throws(Failure) -> Int? {
        guard !text.isEmpty else { return nil }
        guard let hours = Double(text.replacing(",", with: ".")), hours > 0, hours < 100_000 else {
            throw Failure(.invalid, "level-minutes-invalid")
        }
        return max(1, Int((hours * 60).rounded()))
    }

    @Sendable private func addStep(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let queue = try await office.requireQueue(context)
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        do {
            guard let base = LevelStep.Base(rawValue: form["base"]), let amount = Int(form.trimmed("amount")),
                let action = LevelStep.Action(rawValue: form["action"])
            else { throw Failure(.invalid, "level-amount-invalid") }
            let target = action == .move ? ID(form["target"]) : nil
            if let target, !context.viewer.targets.contains(target) {
                throw Failure(.invalid, "level-target-invalid")
            }
            let step = LevelStep(
                id: 0, queue: queue.id, base: base, amount: amount, action: action, target: target)
            try await desk.database.write { [desk, levels] db in
                _ = try levels.addStep(step, actor: context.viewer.memberID, at: now, in: db)
                try desk.stores.jobs.add(LevelRefreshing.jobName, subject: queue.id, in: db)
            }
        } catch let failure as Failure where failure.code == .invalid || failure.code == .tooMany {
            return try await show(context, problem: failure)
        }
        desk.alarm.ring()
        return site.redirect(LevelPaths.queue(queue.id) + "?notice=changed")
    }

    @Sendable private func removeStep(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let queue = try await office.requireQueue(context)
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID("step")
        let now = desk.clock.now()
        try await desk.database.write { [desk, levels] db in
            try levels.removeStep(id, queue: queue.id, actor: context.viewer.memberID, at: now, in: db)
            try desk.stores.jobs.add(LevelRefreshing.jobName, subject: queue.id, in: db)
        }
        desk.alarm.ring()
        return site.redirect(LevelPaths.queue(queue.id) + "?notice=changed")
    }
}

/// The date a person named, for those who work with the ticket. POST `day`, `time`, `zone`; `remove` takes it away.
struct DeadlineRoutes: Sendable {
    let desk: Desk
    let site: Site

    func add(to signedIn: RouterGroup<SignedInContext>) { signedIn.post(LevelPaths.deadline.route, use: set) }

    @Sendable private func set(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
            guard context.viewer.may(.note, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            let deadline: Deadline? =
                form.has("remove")
                ? nil
                : try Self.deadline(
                    day: form.trimmed("day"), time: form.trimmed("time"), zone: form.trimmed("zone"))
            try DeadlineStore(events: desk.stores.events).set(
                deadline, of: ticket, actor: context.viewer.memberID, at: now, in: db)
        }
        return site.redirect(TicketPaths.show(id) + "?notice=changed")
    }

    static func deadline(day: String, time: String, zone: String) throws(Failure) -> Deadline {
        guard let zone = TimeZone(identifier: zone), let local = WallTime.parse(day: day, time: time) else {
            throw Failure(.invalid, "deadline-invalid")
        }
        return Deadline(
            at: WallTime.moment(day: local.day, minute: local.minute, in: zone), zone: zone.identifier, metAt: nil)
    }
}

/// A member's own quiet hours and limits.
struct PaceRoutes: Sendable {
    let desk: Desk
    let site: Site

    func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(LevelPaths.pace.route) { request, context in
            let pace = try await desk.database.read { try PaceStore().find(context.viewer.memberID, in: $0) }
            let isSaved = request.uri.queryParameters["notice"] == "saved"
            return show(
                context, pace, notices: isSaved ? [Frame.Notice(.done, Phrase("notice-changed"))] : [])
        }
        signedIn.post(LevelPaths.pace.route, use: set)
    }

    private func show(
        _ context: SignedInContext, _ pace: Pace, problem: Phrase? = nil, notices: [Frame.Notice] = []
    ) -> Response {
        let isQuiet = pace.quietFrom != pace.quietUntil
        let page = PacePage(
            path: LevelPaths.pace(), settingsPath: NoticePaths.settings(),
            from: isQuiet ? WallTime.text(minute: pace.quietFrom) : "",
            until: isQuiet ? WallTime.text(minute: pace.quietUntil) : "",
            mostTickets: pace.mostTickets.map { String($0) } ?? "", mostMails: pace.mostMails.map { String($0) } ?? "",
            zone: context.visitor.zone.isEmpty ? desk.zone.identifier : context.visitor.zone, problem: problem)
        return site.page(
            page, for: context.visitor, notices: notices, status: problem == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func set(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let from = form.trimmed("from")
        let until = form.trimmed("until")
        let isQuiet = !from.isEmpty || !until.isEmpty
        let pace = Pace(
            quietFrom: isQuiet ? WallTime.parse(time: from) ?? -1 : 0,
            quietUntil: isQuiet ? WallTime.parse(time: until) ?? -1 : 0,
            mostTickets: Self.limit(form.trimmed("tickets")), mostMails: Self.limit(form.trimmed("mails")))
        do {
            let now = desk.clock.now()
            try await desk.database.write { [desk] db in
                let me = context.viewer.memberID
                try PaceStore().set(pace, of: me, in: db)
                try desk.stores.events.add(Event("pace-changed", actor: me, subject: me), at: now, in: db)
            }
        } catch let failure as Failure where failure.code == .invalid {
            return show(context, Pace(), problem: Phrase(failure.messageKey))
        }
        return site.redirect(LevelPaths.pace() + "?notice=saved")
    }

    private static func limit(_ text: String) -> Int? { text.isEmpty ? nil : Int(text) ?? -1 }
}
