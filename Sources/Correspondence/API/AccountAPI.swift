import Base
import Hummingbird
import People
import Storage
import Web

/// `/api/v1/account` and `/api/v1/invitations`: one's own account, and asking people in. A link is never answered: it
/// goes by mail, or is shown on the page.
package struct AccountAPI: Sendable {
    private let api: APIRoutes
    private let ways: WaysIn

    package init(_ api: APIRoutes, ways: WaysIn) {
        self.api = api
        self.ways = ways
    }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1")
        group.get("/account") { request, _ in try await account(request) }
        group.get("/invitations") { request, _ in try await invitations(request) }
        group.post("/invitations") { request, _ in try await api.write(request, status: 201, invite) }
        group.get("/invitations/:id") { request, context in
            let caller = try await APICaller.require(request, api.access)
            let id = try context.requireID()
            return APIRoutes.json(
                try await ways.database.read { [ways] db in
                    Self.value(try ways.invitations.require(id, visibleTo: caller.viewer, in: db))
                })
        }
        group.post("/invitations/:id/resending") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { _, caller in
                Self.value(try await Inviting(ways).resend(id, by: caller.viewer).invitation)
            }
        }
        group.delete("/invitations/:id") { request, context in
            try await withdraw(try context.requireID(), request)
        }
    }

    private func account(_ request: Request) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        let member = try await ways.database.read { [ways] db in
            try ways.members.require(caller.viewer.memberID, in: db)
        }
        let text = { (value: String) in JSONText.quote(value.isEmpty ? nil : value) }
        return APIRoutes.json(
            JSONText.object([
                ("id", APIValues.id(member.id)), ("email", JSONText.quote(member.email)),
                ("name", JSONText.quote(member.name)), ("letterName", JSONText.quote(member.letterName)),
                ("language", JSONText.quote(member.language)), ("zone", text(member.zone)),
                ("administrator", member.isAdministrator ? "true" : "false"), ("awayFrom", text(member.awayFrom)),
                ("awayUntil", text(member.awayUntil)),
            ]))
    }

    private func invitations(_ request: Request) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        let all = try await ways.database.read { [ways] db in
            try ways.invitations.all(visibleTo: caller.viewer, in: db)
        }
        return APIRoutes.json(APIValues.page(all.map(Self.value), next: nil))
    }

    @Sendable private func invite(_ input: APIInput, _ caller: APICaller) async throws -> String {
        let content = InvitationStore.Content(
            email: try input.requireText("email"), name: try input.requireText("name"), isAdministrator: false,
            language: Self.language(try input.optionalText("language") ?? ""),
            teams: try (input.optionalTexts("teams") ?? []).map { text in
                guard let team = ID(text) else { throw Failure(.invalid, "invitation-team-unknown") }
                return team
            })
        guard ProfileRules.isGood(content.name) else { throw Failure(.invalid, "account-name-invalid") }
        return Self.value(try await Inviting(ways).invite(content, by: caller.viewer).invitation)
    }

    private func withdraw(_ id: ID, _ request: Request) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        try caller.requireWriting()
        let now = ways.clock.now()
        try await ways.database.write { [ways] db in
            let invitation = try ways.invitations.require(id, visibleTo: caller.viewer, in: db)
            try caller.requireMatch(Self.value(invitation))
            try ways.invitations.withdraw(id, by: caller.viewer, at: now, in: db)
        }
        return Response(status: .noContent)
    }

    private static func language(_ tag: String) -> String { tag.isEmpty ? "en" : String(tag.prefix(35)) }

    private static func value(_ invitation: Invitation) -> String {
        JSONText.object([
            ("id", APIValues.id(invitation.id)), ("email", JSONText.quote(invitation.email)),
            ("name", JSONText.quote(invitation.name)),
            ("administrator", invitation.isAdministrator ? "true" : "false"),
            ("language", JSONText.quote(invitation.language)),
            ("mail", JSONText.quote(invitation.mailState.rawValue)),
            ("createdAt", JSONText.quote(ISO8601.string(invitation.createdAt))),
            ("expiresAt", JSONText.quote(ISO8601.string(invitation.expiresAt))),
        ])
    }
}
