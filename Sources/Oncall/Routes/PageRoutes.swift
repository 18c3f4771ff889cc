import Base
import HTTPTypes
import Hummingbird
import Storage
import Web

/// Pages: their record, "I have it", giving back, and the link of the mail.
struct PageRoutes: Sendable {
    private let room: OncallRoutes
    private var paging: Paging { room.paging }
    private var site: Site { room.site }
    private var database: Database { room.database }

    init(_ room: OncallRoutes) { self.room = room }

    func add(to signedIn: RouterGroup<SignedInContext>, public router: Router<WebContext>) {
        signedIn.get(OncallPaths.page.route, use: show)
        signedIn.post(OncallPaths.holding.route) { request, context in
            _ = try await site.form(request, of: context.visitor)
            let id = try context.requireID()
            let now = room.clock.now()
            try await database.write { db in
                _ = try paging.pages.require(id, visibleTo: context.viewer, rotas: paging.rotas, in: db)
                try paging.hold(id, by: context.viewer.memberID, at: now, in: db)
            }
            return site.redirect(OncallPaths.page(id))
        }
        signedIn.post(OncallPaths.handingBack.route) { request, context in
            _ = try await site.form(request, of: context.visitor)
            let id = try context.requireID()
            let now = room.clock.now()
            try await database.write { db in
                _ = try paging.pages.require(id, visibleTo: context.viewer, rotas: paging.rotas, in: db)
                try paging.giveBack(id, by: context.viewer.memberID, at: now, in: db)
            }
            return site.redirect(OncallPaths.page(id))
        }
        router.get(OncallPaths.link.route) { request, context in try await showLink(request, context) }
        router.post(OncallPaths.link.route) { request, context in try await holdByLink(request, context) }
    }

    @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let (page, rota, steps, tickets, names) = try await database.read { db in
            let page = try paging.pages.require(id, visibleTo: context.viewer, rotas: paging.rotas, in: db)
            return (
                page, try paging.rotas.require(page.rota, visibleTo: context.viewer, in: db),
                try paging.pages.steps(of: id, in: db),
                try paging.pages.tickets(of: id, visibleTo: context.viewer, in: db), try room.names(in: db)
            )
        }
        let signs = room.signs(context, names: names)
        let shown = PagedPage(
            number: String(id), rota: Link(.verbatim(rota.name), OncallPaths.rota(rota.id)),
            call: signs.card(page, viewer: context.viewer, mayHold: true),
            tickets: tickets.map { Link(.verbatim("#\($0.number)"), SitePaths.tickets() + "/\($0.id)") },
            steps: steps.map { step in
                StepOfPage(
                    text: Phrase("oncall-step-\(step.kind.rawValue)", .text(signs.name(step.member))),
                    mail: mail(step), moment: signs.moment(step.at))
            })
        return site.page(shown, for: context.visitor)
    }

    /// How far its mail came, and that it went out again.
    private func mail(_ step: PageStep) -> Phrase? {
        if step.repeats > 0 { return Phrase("oncall-step-repeats", .number(step.repeats)) }
        return switch step.mailState {
        case "failed": Phrase("oncall-step-failed")
        case "handed-over": Phrase("oncall-step-sent")
        default: nil
        }
    }

    // MARK: - The link of a mail

    /// The same for a link that never was one.
    private func find(_ context: WebContext) async throws -> (
        reference: String, page: Paged, member: ID?, name: String?
    ) {
        let reference = context.parameters.get("reference") ?? ""
        return try await database.read { db in
            guard let link = try paging.pages.link(reference, in: db),
                let page = try paging.pages.find(link.page, in: db)
            else { throw Failure(.notFound, "error-not-found") }
            let holder = try page.heldBy.flatMap { try paging.members.find($0, in: db) }
            // Whoever is called from outside learns the name for letters only.
            return (reference, page, link.member, link.member == nil ? holder?.letterName : holder?.name)
        }
    }

    private func showLink(_ request: Request, _ context: WebContext) async throws -> Response {
        let (reference, page, member, name) = try await find(context)
        let isOpen = page.state == .open
        let ticket = try await database.read { db in try paging.pages.numbers(of: page.id, limit: 1, in: db).first }
        let held = name.map { Phrase("oncall-card-held", .text($0)) } ?? Phrase("oncall-card-held-outside")
        let shown = AnswerLinkPage(
            number: String(page.id), text: isOpen ? Phrase("oncall-link-ask") : held,
            hold: isOpen ? Action(OncallPaths.answer(reference)) : nil,
            ticketPath: member == nil ? nil : ticket.map { SitePaths.tickets() + "/\($0.id)" })
        return site.page(shown, for: request)
    }

    /// A used link, or one of a page that somebody has, changes nothing and says who has it.
    private func holdByLink(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await Form.read(request)
        let (reference, page, member, _) = try await find(context)
        let now = room.clock.now()
        try await database.write { db in
            guard try paging.pages.useLink(reference, at: now, in: db) else { return }
            try paging.hold(page.id, by: member, at: now, in: db)
        }
        return site.redirect(OncallPaths.answer(reference))
    }
}
