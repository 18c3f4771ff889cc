import Base
import HTTPTypes
import Hummingbird
import Storage
import Web

/// Being told by mail of a text that was sent by a link: leaving an address, saying yes from it, ending it.
package struct TextToldRoutes: Sendable {
    private let desk: Desk
    private let site: Site
    private let forms: FormStore
    private let store: TextToldStore

    package init(desk: Desk, site: Site, forms: FormStore) {
        self.desk = desk
        self.site = site
        self.forms = forms
        store = TextToldStore(ids: desk.ids, key: site.key)
    }

    package func add(to router: Router<WebContext>) {
        router.post(ReviewPaths.leaveAddress.route, use: leave)
        router.get(ReviewPaths.toldPage.route, use: show)
        router.post(ReviewPaths.toldPage.route, use: answer)
    }

    /// From the page of a text: whoever has its link.
    @Sendable private func leave(_ request: Request, _ context: WebContext) async throws -> Response {
        let text = context.parameters.get("reference") ?? ""
        guard let reference = TextReference(text, site.key), reference.kind == .text else {
            throw Failure(.notFound, "error-not-found")
        }
        let form = try await Form.read(request)
        let (language, now) = (site.language(of: request), desk.clock.now())
        let (entered, network) = (form.trimmed("address"), context.network)
        let path = ReviewPaths.requestedText(text) + "?language=\(language)"
        do {
            try await desk.database.write { [desk, forms, store] db in
                guard let review = try desk.reviews.find(reference.id, in: db), review.kind == .text else {
                    throw Failure(.notFound, "error-not-found")
                }
                let address = try TextToldStore.require(entered, desk.stores.queues, in: db)
                try forms.spend(network: network, queue: review.queue, at: now, in: db)
                try store.set(
                    address, language: language, of: review.id, jobs: desk.stores.jobs, at: now, in: db)
                try desk.stores.events.add(
                    Event("text-told-asked", queue: review.queue, subject: review.id), at: now, in: db)
            }
            desk.alarm.ring()
        } catch let failure as Failure where failure.code == .invalid || failure.code == .tooMany {
            return site.redirect(path + "&problem=\(failure.messageKey)#told")
        }
        return site.redirect(path + "#told")
    }

    private func require(_ reference: String, in db: any Connection) throws -> (TextToldStore.Told, Review) {
        guard let told = try store.find(reference: reference, in: db),
            let review = try desk.reviews.find(told.review, in: db)
        else { throw Failure(.notFound, "error-not-found") }
        return (told, review)
    }

    @Sendable private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let reference = context.parameters.get("reference") ?? ""
        let told = try await desk.database.read { db in try require(reference, in: db).0 }
        let path = ReviewPaths.told(reference)
        let current = site.language(of: request)
        let languages = site.strings.languages.map {
            LanguageLink(
                code: $0, name: site.strings.ownName($0), path: "\(path)?language=\($0)", isCurrent: $0 == current)
        }
        let page = TextToldPage(
            languages: languages, path: "\(path)?language=\(current)", isProven: told.provenAt != nil, isOver: false)
        return site.page(page, for: request)
    }

    /// `yes` from the address, or the end of it.
    @Sendable private func answer(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form.read(request)
        let now = desk.clock.now()
        let (isYes, reference) = (form.has("yes"), context.parameters.get("reference") ?? "")
        try await desk.database.write { [desk, store] db in
            let (told, review) = try require(reference, in: db)
            if isYes {
                guard try store.prove(told, at: now, in: db) else { return }
                // What happened while nobody could be told.
                if review.state != .submitted {
                    try desk.stores.jobs.add(TextTelling.tellJob, subject: review.id, in: db)
                }
            } else {
                try store.end(told, in: db)
            }
            let kind = isYes ? "text-told-proven" : "text-told-ended"
            try desk.stores.events.add(Event(kind, queue: review.queue, subject: review.id), at: now, in: db)
        }
        desk.alarm.ring()
        let language = site.language(of: request)
        if isYes {
            return site.redirect(ReviewPaths.told(reference) + "?language=\(language)")
        }
        return site.page(TextToldPage(languages: [], path: "", isProven: false, isOver: true), for: request)
    }
}

/// Whoever has the mailbox says yes, or ends it. POST `yes` to `path`, or nothing.
struct TextToldPage: Page {
    static let template = "review/told"

    let languages: [LanguageLink]
    let path: String
    let isProven: Bool
    let isOver: Bool

    var title: Phrase { Phrase("review-told-title") }
}
