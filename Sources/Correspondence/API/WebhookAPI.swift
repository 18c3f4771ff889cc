import Base
import Hummingbird
import Storage
import Web

/// `/api/v1/webhooks`: one's own, for administrators everybody's. A secret is answered once, when it is made.
package struct WebhookAPI: Sendable {
    private let api: APIRoutes
    private let webhooks: Webhooks

    package init(_ api: APIRoutes, webhooks: Webhooks) {
        self.api = api
        self.webhooks = webhooks
    }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1/webhooks")
        group.get { request, _ in try await list(request) }
        group.post { request, _ in try await api.write(request, status: 201, kept: Self.withoutSecret, create) }
        group.get(":id") { request, context in
            let caller = try await APICaller.require(request, api.access)
            return APIRoutes.json(try await value(try context.requireID(), caller))
        }
        group.patch(":id") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 200) { try await change(id, $0, $1) }
        }
        group.delete(":id") { request, context in
            let caller = try await APICaller.require(request, api.access)
            try caller.requireWriting()
            let id = try context.requireID()
            try await webhooks.remove(id, by: caller.viewer) { try requireMatch(id, caller, in: $0) }
            return Response(status: .noContent, headers: [.cacheControl: "no-store"])
        }
        group.post(":id/secret") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 201, kept: Self.withoutSecret) { _, caller in
                JSONText.object([
                    ("secret", JSONText.quote(try await webhooks.renewSecret(of: id, by: caller.viewer)))
                ])
            }
        }
        group.post(":id/test") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 201) { _, caller in
                JSONText.object([("id", APIValues.id(try await webhooks.tryOut(id, by: caller.viewer)))])
            }
        }
        group.get(":id/deliveries") { request, context in try await deliveries(request, try context.requireID()) }
    }

    /// A secret is told once and stored nowhere in the clear.
    @Sendable private static func withoutSecret(_ answer: String) -> String {
        answer.replacing(#/,?"secret":"[^"]*"/#, with: "")
    }

    private func list(_ request: Request) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        let all = try await webhooks.database.read { [webhooks] db in
            try webhooks.store.all(visibleTo: caller.viewer, in: db)
        }
        return APIRoutes.json(APIValues.page(all.map { Self.value($0, caller) }, next: nil))
    }

    private func value(_ id: ID, _ caller: APICaller, secret: String? = nil) async throws -> String {
        let webhook = try await webhooks.database.read { [webhooks] db in
            try webhooks.store.require(id, visibleTo: caller.viewer, in: db)
        }
        return Self.value(webhook, caller, secret: secret)
    }

    /// Others than its owner see the host of the address only: the rest may be a secret of its owner.
    private static func value(_ webhook: Webhook, _ caller: APICaller, secret: String? = nil) -> String {
        let isOwn = webhook.member == caller.viewer.memberID
        var members: [(String, String)] = [
            ("id", APIValues.id(webhook.id)), ("name", JSONText.quote(webhook.name)),
            ("url", JSONText.quote(isOwn ? webhook.url : nil)), ("place", JSONText.quote(webhook.place)),
            ("kinds", JSONText.array(webhook.kinds.map { JSONText.quote($0) })),
            ("member", APIValues.id(webhook.member)), ("state", JSONText.quote(webhook.state.rawValue)),
            ("failures", String(webhook.failures)), ("seq", String(webhook.seq)),
            ("createdAt", JSONText.quote(ISO8601.string(webhook.createdAt))),
        ]
        if let secret { members.append(("secret", JSONText.quote(secret))) }
        return JSONText.object(members)
    }

    @Sendable private func create(_ input: APIInput, _ caller: APICaller) async throws -> String {
        guard Webhook.mayBeKept(by: caller.viewer) else { throw Failure(.notFound, "error-not-found") }
        let content = WebhookContent(
            name: try input.requireText("name"), url: try input.requireText("url"),
            kinds: try input.optionalTexts("kinds") ?? [])
        let made = try await webhooks.add(content, by: caller.viewer)
        return Self.value(made.webhook, caller, secret: made.secret)
    }

    private func change(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let webhook = try await webhooks.database.read { [webhooks] db in
            try webhooks.store.require(id, visibleTo: caller.viewer, in: db)
        }
        let isOn = try input.optionalText("state")
        if let isOn, !["on", "off"].contains(isOn) { throw Failure(.invalid, "error-invalid") }
        let content = WebhookContent(
            name: try input.optionalText("name") ?? webhook.name, url: try input.optionalText("url") ?? webhook.url,
            kinds: try input.optionalTexts("kinds") ?? webhook.kinds)
        try await webhooks.database.read { db in try requireMatch(id, caller, in: db) }
        let isChanged = content != WebhookContent(name: webhook.name, url: webhook.url, kinds: webhook.kinds)
        if isChanged {
            try await webhooks.change(id, to: content, by: caller.viewer) { try requireMatch(id, caller, in: $0) }
        }
        if let isOn {
            try await webhooks.setOn(isOn == "on", id, by: caller.viewer) { db in
                if !isChanged { try requireMatch(id, caller, in: db) }
            }
        }
        return try await value(id, caller)
    }

    private func requireMatch(_ id: ID, _ caller: APICaller, in db: any Connection) throws {
        try caller.requireMatch(
            Self.value(try webhooks.store.require(id, visibleTo: caller.viewer, in: db), caller))
    }

    private func deliveries(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        let limit = try api.limit(request)
        let before = try api.number("cursor", request)
        let found = try await webhooks.database.read { [webhooks] db in
            _ = try webhooks.store.require(id, visibleTo: caller.viewer, in: db)
            return try webhooks.store.deliveries(
                of: id, before: before == 0 ? nil : before, limit: limit + 1, in: db)
        }
        let items = found.prefix(limit).map { delivery in
            JSONText.object([
                ("id", APIValues.id(delivery.id)), ("kind", JSONText.quote(delivery.kind)),
                ("state", JSONText.quote(delivery.state.rawValue)), ("attempts", String(delivery.attempts)),
                ("status", delivery.status == 0 ? "null" : String(delivery.status)),
                ("problem", JSONText.quote(delivery.problem.isEmpty ? nil : delivery.problem)),
                ("body", JSONText.quote(delivery.body)),
                ("createdAt", JSONText.quote(ISO8601.string(delivery.createdAt))),
                ("triedAt", JSONText.quote(delivery.triedAt.map { ISO8601.string($0) })),
            ])
        }
        let next = found.count > limit ? found[limit - 1].id : nil
        return APIRoutes.json(APIValues.page(items, next: next.map { String($0) }))
    }
}
