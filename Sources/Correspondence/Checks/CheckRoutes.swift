import Base
import Hummingbird
import Storage
import Web

/// Hiding hints and showing them again: the composer's form, so that nothing written is lost.
package struct CheckRoutes: Sendable {
    private let desk: Desk
    private let site: Site
    private let pages: WritingPages

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
        pages = WritingPages(desk: desk, site: site)
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.post(CheckPaths.hints.route, use: setHints)
    }

    @Sendable private func setHints(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let isHidden = form.has("hide")
        guard let kind = Finding.Kind(rawValue: form[isHidden ? "hide" : "show"]) else {
            throw Failure(.invalid, "error-invalid")
        }
        let read = DraftForm(form)
        let ticket = try context.requireID()
        do {
            let draft = try await read.save(ticket, desk, by: context.viewer)
            try await desk.database.write { [desk] db in
                try desk.answering.checks.store.setHidden(isHidden, kind, of: context.viewer.memberID, in: db)
            }
            return site.redirect(pages.path(of: draft, context.viewer) + "?notice=draft-saved#answer")
        } catch let failure as Failure where [.invalid, .refused, .conflict, .tooLarge].contains(failure.code) {
            return try await pages.again(read, ticket: ticket, failure, context)
        }
    }
}

enum CheckPaths {
    static let hints: PathPattern = "/tickets/:id/draft/hints"
}
