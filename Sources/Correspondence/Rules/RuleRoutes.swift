import Base
import Foundation
import Hummingbird
import Storage
import Web

/// Rules, for administrators and for leads of queues.
package struct RuleRoutes: Sendable {
    let desk: Desk
    let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to group: RouterGroup<SignedInContext>) {
        group.get(RulePaths.list.route, use: list)
        group.get(RulePaths.new.route) { _, context in
            try requireKeeper(context)
            let rule = Rule(
                id: 0, queue: firstHome(context.viewer), place: 0, name: "", body: RuleBody(), isOn: true, version: 0,
                changedAt: 0)
            return try await show(rule, context)
        }
        group.post(RulePaths.list.route) { request, context in try await save(nil, request, context) }
        group.get(RulePaths.rule.route) { request, context in
            let rule = try await requireRule(context)
            return try await show(rule, context, notices: QueueRoutes.notices(request))
        }
        group.post(RulePaths.rule.route) { request, context in
            try await save(try await requireRule(context), request, context)
        }
        addChanges(to: group)
        group.post(RulePaths.application.route, use: apply)
    }

    var rules: RuleStore { RuleStore(ids: desk.ids, events: desk.stores.events) }

    func requireKeeper(_ context: SignedInContext) throws(Failure) {
        guard context.viewer.keepsRules else { throw Failure(.notFound, "error-not-found") }
    }

    private func firstHome(_ viewer: Viewer) -> ID? { viewer.isAdministrator ? nil : viewer.queues(.manage).first }

    private func requireRule(_ context: SignedInContext) async throws -> Rule {
        let id = try context.requireID()
        return try await desk.database.read { [rules] db in try rules.require(id, keptBy: context.viewer, in: db) }
    }

    // MARK: - Small changes

    private func addChanges(to group: RouterGroup<SignedInContext>) {
        post(RulePaths.switching, group) { [rules] id, form, viewer, at, db in
            try rules.setOn(form["value"] == "on", id, by: viewer, at: at, in: db)
        }
        post(RulePaths.moving, group) { [rules] id, form, viewer, at, db in
            try rules.move(up: form["value"] == "up", id, by: viewer, at: at, in: db)
        }
        for (path, isRemoved) in [(RulePaths.removal, true), (RulePaths.returning, false)] {
            group.post(path.route) { request, context in
                _ = try await site.form(request, of: context.visitor)
                let (id, now) = (try context.requireID(), desk.clock.now())
                try await desk.database.write { [rules] db in
                    try rules.setRemoved(isRemoved, id, by: context.viewer, at: now, in: db)
                }
                return site.redirect(RulePaths.list() + (isRemoved ? "?removed=\(id)" : ""))
            }
        }
        group.post(RulePaths.restoring.route) { request, context in
            _ = try await site.form(request, of: context.visitor)
            let (id, version, now) = (try context.requireID(), try context.requireID("version"), desk.clock.now())
            do {
                try await desk.database.write { [desk, rules] db in
                    // What an older version did may be out of reach by now, or was written by somebody with more.
                    let old = try rules.version(Int(version), of: id, keptBy: context.viewer, in: db)
                    try context.viewer.requireReach(old.body.change, desk, in: db)
                    try rules.restore(Int(version), of: id, by: context.viewer, at: now, in: db)
                }
            } catch let failure as Failure where failure.code == .invalid {
                return try await show(
                    try await requireRule(context), context,
                    problem: Phrase(failure.messageKey, texts: failure.arguments))
            }
            return site.redirect(RulePaths.rule(id) + "?notice=changed")
        }
    }

    private func post(
        _ path: PathPattern, _ group: RouterGroup<SignedInContext>,
        _ body: @escaping @Sendable (ID, Form, Viewer, Milliseconds, any Connection) throws -> Void
    ) {
        group.post(path.route) { request, context in
            let form = try await site.form(request, of: context.visitor)
            let (id, now) = (try context.requireID(), desk.clock.now())
            try await desk.database.write { db in try body(id, form, context.viewer, now, db) }
            return site.redirect(RulePaths.list())
        }
    }

    // MARK: - List

    @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try requireKeeper(context)
        let viewer = context.viewer
        let (found, words, counts) = try await desk.database.read { [desk, rules] db in
            let found = try rules.all(keptBy: viewer, in: db)
            return (
                found, try ChangeWords.read(desk, viewer, in: db),
                try RuleEffectStore(ids: desk.ids).counts(of: found.map(\.id), in: db)
            )
        }
        var groups: [RuleGroup] = []
        for queue in Set(found.map(\.queue)).sorted(by: { ($0 ?? 0) < ($1 ?? 0) }) {
            let same = found.filter { $0.queue == queue }
            let rows = same.enumerated().map { index, rule in
                row(rule, words, fitted: counts[rule.id] ?? 0, isFirst: index == 0, isLast: index == same.count - 1)
            }
            let name = queue.map { Phrase.verbatim(words.queues[$0] ?? "…") } ?? Phrase("rule-queue-all")
            groups.append(RuleGroup(name: name, rows: rows))
        }
        let empty = EmptyList(
            heading: Phrase("rule-list-empty"), advice: Phrase("rule-list-empty-advice"),
            step: Link(Phrase("rule-new"), RulePaths.new()))
        let page = RuleListPage(
            tabs: RuleTabs.tabs(RulePaths.list), newPath: RulePaths.new(), groups: groups,
            empty: found.isEmpty ? empty : nil)
        return site.page(page, for: context.visitor, notices: try await removed(request, context))
    }

    private func row(_ rule: Rule, _ words: ChangeWords, fitted: Int, isFirst: Bool, isLast: Bool) -> RuleRow {
        RuleRow(
            name: rule.name, path: RulePaths.rule(rule.id), isOn: rule.isOn,
            conditions: words.conditions(of: rule.body), effects: words.effects(of: rule.body),
            fitted: Phrase("rule-fitted", .number(fitted)), switchPath: RulePaths.switching(rule.id),
            movePath: RulePaths.moving(rule.id), isFirst: isFirst, isLast: isLast)
    }

    /// "Removed", with a way back.
    private func removed(_ request: Request, _ context: SignedInContext) async throws -> [Frame.Notice] {
        guard let id = request.uri.queryParameters["removed"].flatMap({ ID(String($0)) }) else { return [] }
        let name = try await desk.database.read { [rules] db -> String? in
            guard let rule = try rules.find(id, in: db), rule.removedAt != nil,
                context.viewer.mayKeepRules(of: rule.queue)
            else { return nil }
            return rule.name
        }
        guard let name else { return [] }
        let undo = Frame.NoticeAction(Phrase("web-undo"), RulePaths.returning(id))
        return [Frame.Notice(.done, Phrase("rule-removed", .text(name)), action: undo)]
    }

    // MARK: - Saving, trying, applying

    private func save(_ old: Rule?, _ request: Request, _ context: SignedInContext) async throws -> Response {
        try requireKeeper(context)
        let form = try await site.form(request, of: context.visitor)
        let viewer = context.viewer
        var entered = Rule(
            id: old?.id ?? 0, queue: ID(form["queue"]), place: 0, name: form.trimmed("name"), body: RuleBody(),
            isOn: form.has("on"), version: Int(form["version"]) ?? 0, changedAt: 0)
        do {
            entered = try RuleForm.read(form, id: entered.id, version: entered.version)
            let rule = entered
            guard viewer.mayKeepRules(of: rule.queue) else { throw Failure(.invalid, "error-invalid") }
            try rule.body.validate()
            try await desk.database.read { [desk] db in try viewer.requireReach(rule.body.change, desk, in: db) }
            if ["try", "further"].contains(form["do"]) {
                let cursor = form["do"] == "further" ? RuleTrial.Cursor(text: form["before"]) : nil
                return try await show(rule, context, trial: try await trial(rule, after: cursor, viewer))
            }
            let now = desk.clock.now()
            let id = try await desk.database.write { [rules] db in
                try rules.save(rule, by: viewer, at: now, in: db)
            }
            return site.redirect(RulePaths.rule(id) + "?notice=changed")
        } catch let failure as Failure where [.invalid, .conflict].contains(failure.code) {
            return try await show(
                entered, context, problem: Phrase(failure.messageKey, texts: failure.arguments))
        }
    }

    private func trial(
        _ rule: Rule, after cursor: RuleTrial.Cursor?, _ viewer: Viewer
    ) async throws -> RuleTrial.Found {
        let found = try await RuleTrial(database: desk.database, stores: desk.stores, zone: desk.zone).run(
            rule, after: cursor, visibleTo: viewer)
        // What fits tells what is in them.
        try await desk.noteOpened(.excerpt, of: found.hits.map(\.ticket), by: viewer)
        return found
    }

    /// What the saved rule changes, for the tickets that were listed: a change of many, to be undone like any other.
    @Sendable private func apply(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let rule = try await requireRule(context)
        let tickets = form.all("ticket").compactMap { ID($0) }
        guard !rule.body.change.isEmpty else { throw Failure(.invalid, "rule-changes-nothing") }
        let change = try await desk.bulking.change(
            tickets, rule.body.change, back: RulePaths.rule(rule.id), by: context.viewer)
        return site.redirect(WorkPaths.change(change))
    }
}

/// The pages of rules, macros, checklists and of giving out tickets.
enum RuleTabs {
    static func tabs(_ current: PathPattern) -> [Tab] {
        [
            (RulePaths.list, Phrase("rule-list-title")), (MacroPaths.list, Phrase("macro-list-title")),
            (ChecklistPaths.list, Phrase("checklist-list-title")),
            (AssignmentPaths.list, Phrase("assignment-title")),
        ].map { Tab($0.1, $0.0(), isCurrent: $0.0.pattern == current.pattern) }
    }
}
