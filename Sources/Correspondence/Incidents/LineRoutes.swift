import Base
import Hummingbird
import Storage
import Web

/// Agreed lines in single replies, and where each version was said.
package struct LineRoutes: Sendable {
    private let desk: Desk
    private let site: Site
    private let grouping: GroupAnswering
    private let pages: WritingPages

    package init(desk: Desk, site: Site, grouping: GroupAnswering) {
        self.desk = desk
        self.site = site
        self.grouping = grouping
        pages = WritingPages(desk: desk, site: site)
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.post(IncidentPaths.insert.route, use: insert)
        signedIn.get(IncidentPaths.uses.route) { _, context in try await uses(context) }
    }

    /// The composer's form with `line`: saved as it stands, and the line put at its end.
    @Sendable private func insert(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (read, ticket, now) = (DraftForm(form), try context.requireID(), desk.clock.now())
        do {
            let draft = try await read.save(ticket, desk, by: context.viewer)
            let saved = try await desk.database.write { [grouping] db in
                try LineInserting(grouping: grouping).insert(
                    ID(form["line"]) ?? 0, into: draft.id, by: context.viewer, at: now, in: db)
            }
            return site.redirect(pages.path(of: saved, context.viewer) + "?notice=draft-saved#answer")
        } catch let failure as Failure where [.invalid, .refused, .conflict, .tooLarge].contains(failure.code) {
            return try await pages.again(read, ticket: ticket, failure, context)
        }
    }

    private func uses(_ context: SignedInContext) async throws -> Response {
        let (id, viewer) = (try context.requireID(), context.viewer)
        let found = try await desk.database.read { [grouping] db in
            try LineUses.read(id, grouping, visibleTo: viewer, in: db)
        }
        try await desk.noteOpened(.ticket, of: found.entries.map(\.ticket.id), by: viewer)
        return site.page(
            found.page(TicketRoutes(desk: desk, site: site).signs(context)), for: context.visitor)
    }
}
