import Base
import Hummingbird
import Storage
import Text
import Web

/// Changes of many tickets, from a list, and what undoes them.
package struct BulkRoutes: Sendable {
    let desk: Desk
    let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to group: RouterGroup<SignedInContext>) {
        group.post(WorkPaths.changes.route, use: start)
        group.get(WorkPaths.change.route, use: show)
        group.post(WorkPaths.undo.route, use: undo)
    }

    @Sendable private func start(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let picked = form.all("ticket").compactMap { ID($0) }
        let change = try await macro(form, context) ?? read(form, picked: picked, context)
        let back = Self.ownPath(form["back"])
        let id: ID
        if form["all"] == "on" {
            id = try await desk.bulking.changeAll(matching: form["query"], change, back: back, by: context.viewer)
        } else {
            id = try await desk.bulking.change(picked, change, back: back, by: context.viewer)
        }
        return site.redirect(Self.adding(id, to: back))
    }

    /// A macro, where one was chosen: it says all there is to change.
    private func macro(_ form: Form, _ context: SignedInContext) async throws -> TicketChange? {
        guard form["do"] == "apply", let macro = ID(form["macro"]) else { return nil }
        return try await desk.change(ofMacro: macro, by: context.viewer)
    }

    /// A button stands for one change; "apply" for all that was chosen.
    private func read(_ form: Form, picked: [ID], _ context: SignedInContext) throws -> TicketChange {
        var change = TicketChange()
        switch form["do"] {
        case "close": change.state = TicketState.closed.rawValue
        case "take": change.owner = String(context.viewer.memberID)
        case "junk": change.state = TicketState.junk.rawValue
        case "merge":
            guard let target = picked.min(), picked.count > 1 else { throw Failure(.invalid, "bulk-merge-pick") }
            change.mergeInto = target
        default: try readChoices(form, context, into: &change)
        }
        guard !change.isEmpty else { throw Failure(.invalid, "bulk-nothing-chosen") }
        return change
    }

    private func readChoices(_ form: Form, _ context: SignedInContext, into change: inout TicketChange) throws {
        if !form["state"].isEmpty { change.setState(form["state"]) }
        let date = form.trimmed("date")
        if !form["snooze"].isEmpty || !date.isEmpty {
            change.state = TicketState.waiting.rawValue
            change.outcome = nil
            change.until = try desk.snoozing(in: context.visitor.zone).time(
                choice: form["snooze"], date: date, now: desk.clock.now())
        }
        switch form["owner"] {
        case "": break
        case "none": change.owner = ""
        case "me": change.owner = String(context.viewer.memberID)
        case let owner: change.owner = owner
        }
        if let queue = ID(form["queue"]) { change.queue = queue }
        if let priority = Int(form["priority"]) { change.priority = priority }
        let added = Self.tags(form["add-tags"])
        if !added.isEmpty { change.addTags = added }
        let removed = Self.tags(form["remove-tags"])
        if !removed.isEmpty { change.removeTags = removed }
    }

    private static func tags(_ text: String) -> [String] {
        text.split(separator: ",").map { TicketStore.cleanTag(String($0)) }.filter { !$0.isEmpty }
    }

    @Sendable private func undo(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        try await desk.bulking.undo(id, by: context.viewer)
        let back = try await desk.database.read { [desk] db in
            try desk.bulks.require(id, of: context.viewer, in: db).back
        }
        return site.redirect(Self.adding(id, to: back))
    }

    /// How far it is: for changes that take a while.
    @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let (bulk, counts) = try await desk.database.read { [desk] db in
            (try desk.bulks.require(id, of: context.viewer, in: db), try desk.bulks.counts(of: id, in: db))
        }
        let sign = ChangeSign(bulk: bulk, counts: counts)
        let page = BulkPage(
            heading: sign.text, lines: sign.lines, isRunning: sign.isRunning, reloadPath: WorkPaths.change(id),
            backPath: bulk.back, undo: sign.mayUndo ? Action(WorkPaths.undo(id)) : nil)
        return site.page(page, for: context.visitor)
    }

    static func adding(_ id: ID, to path: String) -> String {
        path + (path.contains("?") ? "&" : "?") + "change=\(id)"
    }

    /// A path on this site, without what was done before.
    static func ownPath(_ text: String) -> String {
        let isOwn =
            text.hasPrefix("/") && !text.hasPrefix("//") && !text.contains("\\") && text.utf8.count < 4000
            && text.unicodeScalars.allSatisfy { $0.value > 32 && $0.value < 127 }
        return isOwn ? text : TicketPaths.list()
    }
}

/// What a change came to, in words.
struct ChangeSign: Sendable {
    let bulk: Bulk
    let counts: BulkCounts

    var isRunning: Bool { bulk.state == .running || bulk.state == .undoing }

    var mayUndo: Bool { bulk.state == .done && counts.changed > 0 }

    var text: Phrase {
        let done = counts.changed + counts.skipped
        switch bulk.state {
        case .running: return Phrase("bulk-running", .number(done), .phrase(Phrase.figure(bulk.total)))
        case .undoing: return Phrase("bulk-undoing", .number(counts.undone + counts.kept))
        case .done where bulk.change.mergeInto != nil: return Phrase("bulk-merged", .number(counts.changed))
        case .done where bulk.change.splitFrom != nil: return Phrase("bulk-split")
        case .done where counts.changed == 0: return Phrase("bulk-none")
        case .done where bulk.total == 1 && counts.skipped == 0: return Phrase("notice-changed")
        case .done: return Phrase("bulk-done", .number(counts.changed))
        case .undone where counts.undone == 0: return Phrase("bulk-undone-none")
        case .undone: return Phrase("bulk-undone", .number(counts.undone))
        }
    }

    var lines: [Phrase] {
        var lines: [Phrase] = []
        let skipped = counts.skipped - (bulk.change.mergeInto == nil ? 0 : 1)
        if skipped > 0 { lines.append(Phrase("bulk-skipped", .number(skipped))) }
        if counts.kept > 0, counts.undone > 0 { lines.append(Phrase("bulk-kept", .number(counts.kept))) }
        return lines
    }

    var notice: Frame.Notice {
        let whole = lines.reduce(text) { Phrase("bulk-both", .phrase($0), .phrase($1)) }
        let undo = mayUndo ? Frame.NoticeAction(Phrase("web-undo"), WorkPaths.undo(bulk.id)) : nil
        let link = isRunning ? Link(Phrase("bulk-look"), WorkPaths.change(bulk.id)) : nil
        return Frame.Notice(counts.kept > 0 ? .warning : .done, whole, action: undo, link: link)
    }

    /// The notice a page shows after a change: the address names it, and it must be the viewer's own.
    static func notices(
        _ request: Request, _ desk: Desk, _ viewer: Viewer, in db: any Connection
    ) throws -> [Frame.Notice] {
        guard let id = request.uri.queryParameters["change"].flatMap({ ID(String($0)) }),
            let bulk = try desk.bulks.find(id, in: db), bulk.member == viewer.memberID
        else { return [] }
        return [ChangeSign(bulk: bulk, counts: try desk.bulks.counts(of: id, in: db)).notice]
    }
}
