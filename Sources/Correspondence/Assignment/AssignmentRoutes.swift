import Base
import Hummingbird
import Storage
import Web

/// How tickets are given out: leads say it for queues, members for themselves.
package struct AssignmentRoutes: Sendable {
    private let desk: Desk
    private let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to group: RouterGroup<SignedInContext>) {
        group.get(AssignmentPaths.list.route) { request, context in
            try await show(context, problem: nil, notices: QueueRoutes.notices(request))
        }
        group.post(AssignmentPaths.queue.route, use: set)
        group.get(AssignmentPaths.own.route) { request, context in
            try await showOwn(context, problem: nil, notices: QueueRoutes.notices(request))
        }
        group.post(AssignmentPaths.own.route, use: setOwn)
        for (path, accepts) in [(AssignmentPaths.accepting, true), (AssignmentPaths.declining, false)] {
            group.post(path.route) { request, context in
                _ = try await site.form(request, of: context.visitor)
                let (id, now) = (try context.requireID(), desk.clock.now())
                try await desk.database.write { [assigning = desk.assigning] db in
                    if accepts {
                        try assigning.take(id, by: context.viewer, at: now, in: db)
                    } else {
                        try assigning.decline(id, by: context.viewer, at: now, in: db)
                    }
                }
                return site.redirect(
                    accepts ? TicketPaths.show(id) + "?notice=taken" : WorkPaths.home() + "?notice=declined")
            }
        }
    }

    // MARK: - Queues

    private func show(
        _ context: SignedInContext, problem: Phrase?, notices: [Frame.Notice] = []
    ) async throws -> Response {
        let viewer = context.viewer
        guard viewer.keepsRules else { throw Failure(.notFound, "error-not-found") }
        let forms = try await desk.database.read { [desk] db in
            let names = Dictionary(uniqueKeysWithValues: try desk.members.all(in: db).map { ($0.id, $0.name) })
            return try desk.stores.queues.all(keptBy: viewer, in: db).map { queue in
                let setting = try desk.assignments.setting(of: queue.id, in: db)
                return QueueAssignmentForm(
                    name: queue.name, path: AssignmentPaths.queue(queue.id),
                    modes: QueueAssignment.Mode.allCases.map {
                        Choice($0.rawValue, Phrase("assignment-mode-\($0.rawValue)"), isSelected: $0 == setting.mode)
                    }, cap: String(setting.cap),
                    takers: try desk.assignments.takers(of: queue.id, in: db).compactMap { names[$0.member] }.sorted())
            }
        }
        let page = AssignmentPage(
            tabs: RuleTabs.tabs(AssignmentPaths.list), queues: forms, ownPath: AssignmentPaths.own(), problem: problem)
        return site.page(
            page, for: context.visitor, notices: notices, status: problem == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func set(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (id, now) = (try context.requireID(), desk.clock.now())
        let setting = QueueAssignment(
            mode: QueueAssignment.Mode(rawValue: form["mode"]) ?? .off, cap: Int(form.trimmed("cap")) ?? 0)
        do {
            try await desk.database.write { [desk] db in
                _ = try desk.stores.queues.require(id, keptBy: context.viewer, in: db)
                try desk.assignments.set(setting, of: id, by: context.viewer, at: now, in: db)
            }
        } catch let failure as Failure where failure.code == .invalid {
            return try await show(context, problem: Phrase(failure.messageKey))
        }
        return site.redirect(AssignmentPaths.list() + "?notice=changed")
    }

    // MARK: - Oneself

    private func showOwn(
        _ context: SignedInContext, problem: Phrase?, notices: [Frame.Notice] = []
    ) async throws -> Response {
        let viewer = context.viewer
        let (queues, taken, setting) = try await desk.database.read { [desk] db in
            (
                try desk.stores.queues.all(visibleTo: viewer, in: db).filter { viewer.may(.draft, queue: $0.id) },
                try desk.assignments.queues(takenBy: viewer.memberID, in: db),
                try desk.assignments.setting(ofMember: viewer.memberID, in: db)
            )
        }
        let isQuiet = setting.quietFrom != setting.quietTo
        let page = OwnAssignmentPage(
            path: AssignmentPaths.own(),
            queues: queues.map { Choice(String($0.id), .verbatim($0.name), isSelected: taken.contains($0.id)) },
            hasQueues: !queues.isEmpty, cap: setting.cap == 0 ? "" : String(setting.cap),
            quietFrom: isQuiet ? ChangeWords.time(setting.quietFrom) : "",
            quietTo: isQuiet ? ChangeWords.time(setting.quietTo) : "", languagesPath: WorkPaths.settings(),
            problem: problem)
        return site.page(
            page, for: context.visitor, notices: notices, status: problem == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func setOwn(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        let cap = form.trimmed("cap").isEmpty ? 0 : Int(form.trimmed("cap")) ?? -1
        let setting = TakerSetting(
            cap: cap, quietFrom: ChangeWords.minute(form["quiet-from"]) ?? 0,
            quietTo: ChangeWords.minute(form["quiet-to"]) ?? 0)
        let queues = Set(form.all("queue").compactMap { ID($0) })
        do {
            try await desk.database.write { [desk] db in
                try desk.assignments.set(setting, queues: queues, of: context.viewer, at: now, in: db)
            }
        } catch let failure as Failure where failure.code == .invalid {
            return try await showOwn(context, problem: Phrase(failure.messageKey))
        }
        return site.redirect(AssignmentPaths.own() + "?notice=changed")
    }
}
