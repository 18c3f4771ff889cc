import Base
import Hummingbird
import Storage
import Web

/// Lists that a member keeps: saved, changed, shared, removed.
struct SavedListRoutes: Sendable {
    let desk: Desk
    let site: Site

    func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.post(WorkPaths.filters.route, use: add)
        signedIn.post(WorkPaths.filterChange.route, use: change)
        signedIn.post(WorkPaths.filter.route, use: remove)
    }

    @Sendable private func add(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let filter = SavedFilter(
            id: 0, member: context.viewer.memberID, name: form["name"], query: form["query"],
            sort: TicketSort(rawValue: form["sort"]) ?? .updated, isShared: form["shared"] == "on")
        let now = desk.clock.now()
        _ = try await desk.database.write { [desk] db in try desk.filters.add(filter, at: now, in: db) }
        return site.redirect(TicketPaths.list(query: [("query", filter.query), ("sort", filter.sort.rawValue)]))
    }

    @Sendable private func change(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (id, now) = (try context.requireID(), desk.clock.now())
        try await desk.database.write { [desk] db in
            var filter = try desk.filters.require(id, visibleTo: context.viewer, in: db)
            (filter.name, filter.query) = (form["name"], form.trimmed("query"))
            filter.isShared = form["shared"] == "on"
            try desk.filters.change(filter, by: context.viewer, at: now, in: db)
        }
        return site.redirect(WorkPaths.settings() + "?notice=saved")
    }

    @Sendable private func remove(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let (id, now) = (try context.requireID(), desk.clock.now())
        try await desk.database.write { [desk] db in
            try desk.filters.remove(id, by: context.viewer, at: now, in: db)
        }
        return site.redirect(WorkPaths.settings() + "?notice=saved")
    }
}

extension SavedFilterLine {
    init(_ filter: SavedFilter, _ viewer: Viewer, current: String?) {
        let mayRemove = filter.member == viewer.memberID || (viewer.isAdministrator && filter.isShared)
        self.init(
            name: filter.name,
            path: TicketPaths.list(query: [("query", filter.query), ("sort", filter.sort.rawValue)]),
            isCurrent: filter.query == current, isShared: filter.isShared,
            remove: mayRemove ? Action(WorkPaths.filter(filter.id)) : nil, query: filter.query,
            change: filter.member == viewer.memberID ? Action(WorkPaths.filterChange(filter.id)) : nil)
    }
}
