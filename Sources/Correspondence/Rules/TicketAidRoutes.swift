import Base
import Hummingbird
import Storage
import Web

/// Small forms of a ticket's page: what a rule did is taken back, a duplicate is none.
package struct TicketAidRoutes: Sendable {
    private let desk: Desk
    private let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to group: RouterGroup<SignedInContext>) {
        group.post(RulePaths.undoing.route) { request, context in
            let effect = try context.requireID("effect")
            return try await change(request, context) { [desk] ticket, at, db in
                let undoing = RuleUndoing(
                    stores: desk.stores, members: desk.members, effects: RuleEffectStore(ids: desk.ids))
                try undoing.undo(effect, on: ticket.id, by: context.viewer, at: at, in: db)
            }
        }
        group.post(RulePaths.notDuplicate.route) { request, context in
            let other = try context.requireID("other")
            return try await change(request, context) { [desk] ticket, at, db in
                let viewer = context.viewer
                let found = try desk.stores.tickets.require(other, visibleTo: viewer, in: db)
                try Duplicates().ruleOut(
                    found.id, of: ticket, by: viewer, at: at, events: desk.stores.events, in: db)
            }
        }
    }

    private func change(
        _ request: Request, _ context: SignedInContext,
        _ body: @escaping @Sendable (Ticket, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let (id, now) = (try context.requireID(), desk.clock.now())
        let isSeen = try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, for: .note, visibleTo: context.viewer, in: db)
            try body(ticket, now, db)
            // Undone, it may be where the viewer does not look.
            let queue = try desk.stores.tickets.find(id, in: db)?.queue ?? ticket.queue
            return context.viewer.may(.see, queue: queue)
        }
        return site.redirect(isSeen ? TicketPaths.show(id) + "?notice=changed" : TicketPaths.list())
    }
}
