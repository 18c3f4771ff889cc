import Base
import Hummingbird
import Storage
import Web

/// What the house is called on public pages. POST `name`.
struct OrganisationPage: Page {
    static let template = "correspondence/organisation"

    let path: String
    let name: Field

    var title: Phrase { Phrase("organisation-title") }
    var room: String { "members" }
    var section: String { "organisation" }
}

/// The organisation's own name, for administrators.
package struct OrganisationRoutes: Sendable {
    private let office: Office
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(AccessPaths.organisation.route) { request, context in
            try office.requireAdministrator(context)
            return show(Field(site.organisation.name), context, QueueRoutes.notices(request))
        }
        signedIn.post(AccessPaths.organisation.route, use: change)
    }

    private func show(_ name: Field, _ context: SignedInContext, _ notices: [Frame.Notice] = []) -> Response {
        site.page(
            OrganisationPage(path: AccessPaths.organisation(), name: name), for: context.visitor, notices: notices,
            status: name.problem == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func change(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        let form = try await site.form(request, of: context.visitor)
        let (name, now) = (form.trimmed("name"), desk.clock.now())
        do {
            try await desk.database.write { [desk, organisation = site.organisation] db in
                try OrganisationName.set(name, in: db)
                try desk.stores.events.add(
                    Event("organisation-renamed", actor: context.viewer.memberID), at: now, in: db)
                try organisation.refresh(in: db)
            }
        } catch let failure as Failure where failure.code == .invalid {
            return show(Field(form["name"], problem: Phrase(failure.messageKey)), context)
        }
        return site.redirect(AccessPaths.organisation() + "?notice=changed")
    }
}
