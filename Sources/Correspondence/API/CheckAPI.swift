import Base
import Hummingbird
import Storage
import Text
import Web

/// `/api/v1/drafts/{id}/findings`: what the check notices in a draft.
package struct CheckAPI: Sendable {
    private let desk: Desk
    private let access: APIAccess

    package init(desk: Desk, access: APIAccess) {
        self.desk = desk
        self.access = access
    }

    package func add(to router: Router<WebContext>) {
        router.get("/api/v1/drafts/:id/findings") { request, context in
            try await list(request, try context.requireID())
        }
    }

    private func list(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let (draft, view) = try await desk.database.read { [desk] db in
            let draft = try desk.drafts.require(id, visibleTo: caller.viewer, in: db)
            let ticket = try desk.stores.tickets.require(draft.ticket, visibleTo: caller.viewer, in: db)
            return (draft, try DraftCheckView.read(draft, ticket: ticket, desk, caller.viewer, in: db))
        }
        try await desk.noteOpened(.ticket, of: [draft.ticket], by: caller.viewer)
        let items = view.findings.map { finding in
            JSONText.object([
                ("kind", JSONText.quote(finding.kind.rawValue)), ("rule", JSONText.quote(finding.rule)),
                ("passage", JSONText.quote(finding.passage)), ("other", JSONText.quote(finding.other)),
                ("blocks", finding.isBlocking ? "true" : "false"),
                ("excused", view.excused.contains(finding.fingerprint) ? "true" : "false"),
            ])
        }
        let measure = view.readability.main.map { main in
            JSONText.object([
                ("measure", JSONText.quote(main.name)), ("value", String((main.value * 100).rounded() / 100)),
                ("low", view.usual.map { String($0.low) } ?? "null"),
                ("high", view.usual.map { String($0.high) } ?? "null"),
            ])
        }
        return APIRoutes.json(
            JSONText.object([
                ("items", JSONText.array(items)), ("held", view.held.isEmpty ? "false" : "true"),
                ("readability", measure ?? "null"),
            ]))
    }
}
