import Base
import Hummingbird
import Knowledge
import Storage
import Web

/// Choosing a text for an answer: those that may help, or those with words one types. The composer's box asks for the
/// inside of the page; without scripts it is a page of its own.
struct TextChoosing: Sendable {
    private static let mostFound = 12
    private static let longestQuery = 300

    let desk: Desk
    let site: Site

    func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(SuggestionPaths.texts.route, use: show)
        signedIn.post(SuggestionPaths.texts.route, use: insert)
    }

    @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let viewer = context.viewer
        let query = String((request.queryText("query") ?? "").prefix(Self.longestQuery))
        let (ticket, found) = try await desk.database.read { [desk] db in
            let ticket = try desk.stores.tickets.require(id, for: .draft, visibleTo: viewer, in: db)
            return (ticket, try Self.texts(query, ticket, desk, viewer, in: db))
        }
        try await desk.noteOpened(.ticket, of: [id], by: viewer)
        let maker = TextSuggestionMaker(
            ticket: ticket, signs: TicketRoutes(desk: desk, site: site).signs(context))
        let items = found.map(maker.line)
        let none = Phrase(query.trimming.isEmpty ? "suggestion-none" : "suggestion-none-found")
        guard request.queryText("part") == nil else {
            let part = TextChoicePart(
                query: query, items: items, none: none, insertPath: SuggestionPaths.insert(id),
                reportPath: SuggestionPaths.report())
            return site.page(part, for: context.visitor)
        }
        let page = TextChoicePage(
            ticket: Link(.verbatim("#" + ticket.number), TicketPaths.show(id) + "#answer"),
            path: SuggestionPaths.texts(id), draft: ID(request.queryText("draft") ?? "").map { String($0) } ?? "",
            query: query, items: items, none: none, insertPath: SuggestionPaths.texts(id),
            reportPath: SuggestionPaths.report())
        return site.page(page, for: context.visitor)
    }

    private static func texts(
        _ query: String, _ ticket: Ticket, _ desk: Desk, _ viewer: Viewer, in db: any Connection
    ) throws -> [Suggestion] {
        let (suggesting, now) = (desk.answering.suggesting, desk.clock.now())
        guard !query.trimming.isEmpty else {
            return try suggesting.suggestions(for: ticket, visibleTo: viewer, at: now, in: db)
        }
        do {
            return try suggesting.found(query, for: ticket, limit: mostFound, visibleTo: viewer, at: now, in: db)
        } catch let failure as Failure where failure.code == .invalid {
            // A field that texts do not have finds nothing.
            return []
        }
    }

    /// Into the draft that was named, else into one's own answer, which begins with it if need be.
    @Sendable private func insert(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (id, now, viewer) = (try context.requireID(), desk.clock.now(), context.viewer)
        let (text, draft) = (ID(form["insert"]) ?? 0, ID(form["draft"]))
        let saved = try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, for: .draft, visibleTo: viewer, in: db)
            let into = try draft ?? desk.ownAnswer(of: ticket, viewer, at: now, in: db)
            let saved = try desk.inserting.insert(text, into: into, by: viewer, at: now, in: db)
            guard saved.ticket == id else { throw Failure(.notFound, "error-not-found") }
            return saved
        }
        let path = WritingPages(desk: desk, site: site).path(of: saved, viewer)
        return site.redirect(path + "?notice=draft-saved#answer")
    }
}

extension Desk {
    /// The viewer's answer to a ticket they may answer: the draft they have, else an empty one.
    func ownAnswer(
        of ticket: Ticket, _ viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        if let own = try drafts.find(ticket: ticket.id, author: viewer.memberID, in: db) { return own.id }
        let view = try TicketView.read(ticket.id, self, viewer, in: db)
        let signs = Signs(language: "en", zone: zone, now: at)
        let usual = TicketPageMaker(view: view, viewer: viewer, signs: signs).emptyAnswer
        return try drafts.save(
            usual, ticket: ticket, author: viewer.memberID, seenVersion: ticket.version, at: at, in: db
        ).id
    }
}
