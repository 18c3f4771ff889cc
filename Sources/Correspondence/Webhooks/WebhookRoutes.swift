import Base
import HTTPTypes
import Hummingbird
import Storage
import Web

/// Webhooks, for administrators and leads of queues.
package struct WebhookRoutes: Sendable {
    private static let shown = 20

    private let office: Office
    private let webhooks: Webhooks
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office, webhooks: Webhooks) {
        self.office = office
        self.webhooks = webhooks
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(WebhookPaths.list.route, use: list)
        signedIn.post(WebhookPaths.list.route, use: create)
        signedIn.get(WebhookPaths.new.route) { _, context in
            guard Webhook.mayBeKept(by: context.viewer) else { throw Failure(.notFound, "error-not-found") }
            return showNew(WebhookContent(name: "", url: "", kinds: []), context, problem: nil)
        }
        signedIn.get(WebhookPaths.show.route) { request, context in
            try await show(try context.requireID(), request, context)
        }
        signedIn.post(WebhookPaths.show.route, use: change)
        signedIn.post(WebhookPaths.secret.route) { request, context in
            let id = try await button(request, context)
            let secret = try await webhooks.renewSecret(of: id, by: context.viewer)
            return try await show(id, request, context, secret: secret)
        }
        signedIn.post(WebhookPaths.trial.route) { request, context in
            let id = try await button(request, context)
            _ = try await webhooks.tryOut(id, by: context.viewer)
            return site.redirect(WebhookPaths.show(id) + "?wait=1#deliveries")
        }
        signedIn.post(WebhookPaths.switching.route) { request, context in
            let form = try await site.form(request, of: context.visitor)
            let id = try context.requireID()
            try await webhooks.setOn(form["value"] == "on", id, by: context.viewer)
            return site.redirect(WebhookPaths.show(id) + "?notice=changed")
        }
        signedIn.post(WebhookPaths.removal.route) { request, context in
            let id = try await button(request, context)
            try await webhooks.remove(id, by: context.viewer)
            return site.redirect(WebhookPaths.list() + "?removed=\(id)")
        }
        signedIn.post(WebhookPaths.restoring.route) { request, context in
            let id = try await button(request, context)
            try await webhooks.restore(id, by: context.viewer)
            return site.redirect(WebhookPaths.show(id) + "?notice=changed")
        }
        signedIn.post(WebhookPaths.again.route) { request, context in
            let id = try await button(request, context)
            try await webhooks.sendAgain(try context.requireID("delivery"), of: id, by: context.viewer)
            return site.redirect(WebhookPaths.show(id) + "?wait=1#deliveries")
        }
    }

    /// A form without fields.
    private func button(_ request: Request, _ context: SignedInContext) async throws -> ID {
        _ = try await site.form(request, of: context.visitor)
        return try context.requireID()
    }

    // MARK: - List

    @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let signs = office.signs(context)
        let rows = try await desk.database.read { [desk, webhooks] db in
            try webhooks.store.all(visibleTo: context.viewer, in: db).map { webhook in
                let isOwn = webhook.member == context.viewer.memberID
                return WebhookRow(
                    name: webhook.name, place: webhook.place,
                    owner: isOwn ? nil : try desk.members.find(webhook.member, in: db)?.name ?? "…",
                    path: WebhookPaths.show(webhook.id), state: Self.sign(webhook, signs))
            }
        }
        let page = WebhookListPage(webhooks: rows, newPath: WebhookPaths.new())
        let removed = request.uri.queryParameters["removed"].flatMap { ID(String($0)) }
        let notices = removed.map { id in
            Frame.Notice(
                .done, Phrase("webhook-removed"),
                action: Frame.NoticeAction(Phrase("web-undo"), WebhookPaths.restoring(id)))
        }
        return site.page(page, for: context.visitor, notices: notices.map { [$0] } ?? [])
    }

    private static func sign(_ webhook: Webhook, _ signs: Signs) -> WebhookSign {
        let since = webhook.failingSince.map { signs.moment($0) }
        if webhook.state == .on, webhook.failures > 0 {
            return WebhookSign(
                isFine: false, isWaiting: false, words: Phrase("webhook-state-trouble"), moment: since)
        }
        return WebhookSign(
            isFine: webhook.state == .on, isWaiting: webhook.state == .off,
            words: Phrase("webhook-state-\(webhook.state.rawValue)"), moment: nil)
    }

    // MARK: - Making and changing

    private func content(_ form: Form) -> WebhookContent {
        WebhookContent(
            name: form.trimmed("name"), url: form.trimmed("url"),
            kinds: form["kinds"] == "some" ? form.all("kind").filter { !$0.isEmpty } : [])
    }

    @Sendable private func create(_ request: Request, _ context: SignedInContext) async throws -> Response {
        guard Webhook.mayBeKept(by: context.viewer) else { throw Failure(.notFound, "error-not-found") }
        let entered = content(try await site.form(request, of: context.visitor))
        do {
            let made = try await webhooks.add(entered, by: context.viewer)
            return try await show(made.webhook.id, request, context, secret: made.secret)
        } catch let failure as Failure where failure.code == .invalid {
            return showNew(entered, context, problem: failure)
        }
    }

    @Sendable private func change(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let entered = content(try await site.form(request, of: context.visitor))
        let id = try context.requireID()
        do {
            try await webhooks.change(id, to: entered, by: context.viewer)
        } catch let failure as Failure where failure.code == .invalid {
            return try await show(id, request, context, entered: entered, problem: failure)
        }
        return site.redirect(WebhookPaths.show(id) + "?notice=changed")
    }

    private func form(_ content: WebhookContent, path: String, problem: Failure?) -> WebhookForm {
        let phrase = problem.map { Phrase($0.messageKey, texts: $0.arguments) }
        let isName = problem?.messageKey == "webhook-name-missing"
        let isURL = problem?.messageKey.hasPrefix("fetch-") ?? false
        let kinds = WebhookContent.offered + content.kinds.filter { !WebhookContent.offered.contains($0) }
        return WebhookForm(
            path: path, name: Field(content.name, problem: isName ? phrase : nil),
            url: Field(content.url, problem: isURL ? phrase : nil), isAll: content.kinds.isEmpty,
            kinds: kinds.map { Choice($0, words(of: $0), isSelected: content.kinds.contains($0)) }, problem: phrase)
    }

    private func words(of kind: String) -> Phrase {
        if kind == WebhookDelivery.trial { return Phrase("webhook-trial") }
        let isKnown = !site.strings.translate("en")("event-\(kind)", []).hasPrefix("⧼")
        return isKnown ? Phrase("event-\(kind)", .text("…"), .text("…")) : .verbatim(kind)
    }

    private func showNew(_ content: WebhookContent, _ context: SignedInContext, problem: Failure?) -> Response {
        let page = WebhookPage(
            heading: Phrase("webhook-new"), listPath: WebhookPaths.list(),
            form: form(content, path: WebhookPaths.list(), problem: problem), secret: nil, isNew: true, owner: nil,
            place: "", state: nil, trial: nil, renewal: nil, switchOn: nil, switchOff: nil, removal: nil,
            deliveries: [], olderPath: nil)
        return site.page(page, for: context.visitor, status: problem?.status ?? .ok)
    }

    // MARK: - One

    private func show(
        _ id: ID, _ request: Request, _ context: SignedInContext, secret: String? = nil,
        entered: WebhookContent? = nil, problem: Failure? = nil
    ) async throws -> Response {
        let before = request.uri.queryParameters["before"].flatMap { ID(String($0)) }
        let (webhook, deliveries, owner) = try await desk.database.read { [desk, webhooks] db in
            let webhook = try webhooks.store.require(id, visibleTo: context.viewer, in: db)
            return (
                webhook, try webhooks.store.deliveries(of: id, before: before, limit: Self.shown + 1, in: db),
                try desk.members.find(webhook.member, in: db)?.name ?? "…"
            )
        }
        let signs = office.signs(context)
        let isOwn = webhook.member == context.viewer.memberID
        let kept = WebhookContent(name: webhook.name, url: webhook.url, kinds: webhook.kinds)
        let shown = deliveries.prefix(Self.shown)
        let older = deliveries.count > Self.shown ? shown.last?.id : nil
        let page = WebhookPage(
            heading: Phrase("webhook-title", .text(webhook.name)), listPath: WebhookPaths.list(),
            form: isOwn ? form(entered ?? kept, path: WebhookPaths.show(id), problem: problem) : nil, secret: secret,
            isNew: false, owner: isOwn ? nil : owner, place: webhook.place, state: Self.sign(webhook, signs),
            trial: isOwn ? Action(WebhookPaths.trial(id)) : nil,
            renewal: isOwn ? Action(WebhookPaths.secret(id)) : nil,
            switchOn: isOwn && webhook.state != .on ? Action(WebhookPaths.switching(id)) : nil,
            switchOff: webhook.state == .on ? Action(WebhookPaths.switching(id)) : nil,
            removal: Action(WebhookPaths.removal(id)), deliveries: shown.map { row($0, isOwn, signs) },
            olderPath: older.map { WebhookPaths.show(id) + "?before=\($0)#deliveries" })
        let notices =
            secret == nil
            ? QueueRoutes.notices(request) : [Frame.Notice(.warning, Phrase("webhook-secret-once"))]
        var response = site.page(page, for: context.visitor, notices: notices, status: problem?.status ?? .ok)
        // After a trial the page looks again until it has ended.
        let waits = request.uri.queryParameters["wait"] != nil && deliveries.first?.state == .waiting
        if waits, deliveries.first?.attempts == 0, let field = HTTPField.Name("Refresh") {
            response.headers[field] = "2; url=\(WebhookPaths.show(id))?wait=1#deliveries"
        }
        return response
    }

    private func row(_ delivery: WebhookDelivery, _ isOwn: Bool, _ signs: Signs) -> WebhookDeliveryRow {
        let words: Phrase =
            switch delivery.state {
            case .delivered: Phrase("webhook-delivered", .text(String(delivery.status)))
            case _ where delivery.problem == "webhook-refused":
                Phrase(delivery.problem, .text(String(delivery.status)))
            case _ where !delivery.problem.isEmpty: Phrase(delivery.problem)
            default: Phrase("webhook-waiting")
            }
        let sign = WebhookSign(
            isFine: delivery.state == .delivered, isWaiting: delivery.state == .waiting, words: words,
            moment: signs.moment(delivery.triedAt ?? delivery.createdAt))
        return WebhookDeliveryRow(
            number: String(delivery.id), kind: self.words(of: delivery.kind), sign: sign,
            attempts: delivery.attempts > 1 ? Phrase("webhook-attempts", .number(delivery.attempts)) : nil,
            body: delivery.body,
            again: isOwn && delivery.state != .waiting
                ? Action(WebhookPaths.again(delivery.webhook, delivery.id)) : nil)
    }
}
