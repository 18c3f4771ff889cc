import Base
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Text
import Web

/// A second look for colleagues without a seat: a form behind an unguessable link, and the page of each text. No
/// account, no cookies, no scripts. And for leads, the links.
package struct TextRequestRoutes: Sendable {
    private let desk: Desk
    private let site: Site
    private let requesting: TextRequesting

    package init(desk: Desk, site: Site, forms: FormStore) {
        self.desk = desk
        self.site = site
        requesting = TextRequesting(
            reviewing: desk.reviewing, store: TextRequestStore(ids: desk.ids, events: desk.stores.events),
            forms: forms, clock: desk.clock)
    }

    package func add(to router: Router<WebContext>, signedIn: RouterGroup<SignedInContext>) {
        router.get(ReviewPaths.requestForm.route) { request, context in
            try await showForm(request, context, entered: nil, problem: nil)
        }
        router.post(ReviewPaths.requestForm.route, use: submit)
        router.get(ReviewPaths.requestedText.route) { request, context in
            try await showText(request, context, entered: nil, problem: nil)
        }
        router.post(ReviewPaths.requestedText.route, use: submitAgain)
        signedIn.get(ReviewPaths.texts.route) { request, context in
            try await links(request, context, problem: nil)
        }
        signedIn.post(ReviewPaths.textLinks.route, use: addLink)
        signedIn.post(ReviewPaths.textLinkEnd.route, use: endLink)
    }

    private func languages(_ request: Request, path: String) -> [LanguageLink] {
        let current = site.language(of: request)
        return site.strings.languages.map {
            LanguageLink(
                code: $0, name: site.strings.ownName($0), path: "\(path)?language=\($0)", isCurrent: $0 == current)
        }
    }

    private func reference(_ context: WebContext, _ kind: TextReference.Kind) throws -> (ID, String) {
        let text = context.parameters.get("reference") ?? ""
        guard let reference = TextReference(text, site.key), reference.kind == kind else {
            throw Failure(.notFound, "error-not-found")
        }
        return (reference.id, text)
    }

    // MARK: - The form

    private func showForm(
        _ request: Request, _ context: WebContext, entered: Form?, problem: Failure?
    ) async throws -> Response {
        let (id, text) = try reference(context, .link)
        let link = try await desk.database.read { [requesting] db in try requesting.store.findLink(id, in: db) }
        guard let link else { throw Failure(.notFound, "error-not-found") }
        let path = ReviewPaths.requestForm(text)
        let language = site.language(of: request)
        func field(_ name: String) -> Field { Field(entered?[name] ?? "") }
        let chosen = entered?["text-language"] ?? language
        let page = TextRequestPage(
            languages: languages(request, path: path), name: link.name, path: "\(path)?language=\(language)",
            sorts: TextRequest.Sort.allCases.map {
                Choice(
                    $0.rawValue, Phrase("review-request-sort-\($0.rawValue)"),
                    isSelected: $0.rawValue == (entered?["sort"] ?? ""))
            },
            textLanguages: Languages.choices(in: language, selected: [chosen]), author: field("author"),
            subject: field("subject"), goal: field("goal"), audience: field("audience"), place: field("place"),
            neededBy: field("needed-by"), address: field("address"), text: field("text"),
            started: shown.text(at: desk.clock.now()),
            problem: problem.map { Phrase($0.messageKey) })
        return site.page(page, for: request, status: problem?.status ?? .ok)
    }

    private var shown: ShownMoment { ShownMoment("text-started", key: site.key) }

    @Sendable private func submit(_ request: Request, _ context: WebContext) async throws -> Response {
        let (id, _) = try reference(context, .link)
        let form = try await Form.read(request)
        do {
            try shown.requireFresh(form["started"], at: desk.clock.now())
            // Only machines fill in what people do not see; they are told what people are told.
            guard form["website"].isEmpty else { throw Failure(.tooMany, "form-busy") }
            let language = form["text-language"]
            let wanted = TextRequest(
                author: form.trimmed("author"), sort: TextRequest.Sort(rawValue: form["sort"]) ?? .other,
                subject: form.trimmed("subject"), goal: form.trimmed("goal"), audience: form.trimmed("audience"),
                place: form.trimmed("place"), language: Languages.codes.contains(language) ? language : nil,
                neededBy: form.trimmed("needed-by"), text: form["text"])
            let address = try await requireAddress(form)
            let made = try await requesting.submit(wanted, link: id, network: context.network)
            if let address { try await leave(address, of: made, request) }
            let path = ReviewPaths.requestedText(TextReference(.text, made).text(site.key))
            return site.redirect(path + "?language=\(site.language(of: request))")
        } catch let failure as Failure where [.invalid, .tooMany, .tooLarge].contains(failure.code) {
            return try await showForm(request, context, entered: form, problem: failure)
        }
    }

    /// Nil where they left none.
    private func requireAddress(_ form: Form) async throws -> String? {
        let entered = form.trimmed("address")
        guard !entered.isEmpty else { return nil }
        return try await desk.database.read { [desk] db in
            try TextToldStore.require(entered, desk.stores.queues, in: db)
        }
    }

    private func leave(_ address: String, of review: ID, _ request: Request) async throws {
        let (language, now) = (site.language(of: request), desk.clock.now())
        let store = TextToldStore(ids: desk.ids, key: site.key)
        try await desk.database.write { [desk] db in
            try store.set(address, language: language, of: review, jobs: desk.stores.jobs, at: now, in: db)
            let queue = try desk.reviews.find(review, in: db)?.queue
            try desk.stores.events.add(Event("text-told-asked", queue: queue, subject: review), at: now, in: db)
        }
        desk.alarm.ring()
    }

    // MARK: - One text

    private func showText(
        _ request: Request, _ context: WebContext, entered: String?, problem: Failure?
    ) async throws -> Response {
        let (id, text) = try reference(context, .text)
        let language = site.language(of: request)
        let signs = Signs(language: language, zone: desk.zone, now: desk.clock.now())
        let path = ReviewPaths.requestedText(text)
        let known = ["form-address-wrong", "form-busy"]
        let wrong = request.uri.queryParameters["problem"].map(String.init).flatMap { known.contains($0) ? $0 : nil }
        let page = try await desk.database.read { [desk] db in
            guard let review = try desk.reviews.find(id, in: db), review.kind == .text,
                let asked = try TextRequestStore.find(review: id, in: db)
            else { throw Failure(.notFound, "error-not-found") }
            let queue = try desk.stores.queues.require(review.queue, in: db)
            // Whoever looked at it is not named outside: the desk is.
            let words = ReviewWords(signs: signs, names: [:])
            let comments = try desk.reviews.comments(of: id, in: db).map { comment in
                ReviewCommentLine(
                    who: queue.displayName, moment: signs.moment(comment.at), passage: comment.passage.orNil,
                    text: comment.text, lesson: nil, isLesson: false)
            }
            let isOpen = review.state == .returned
            let told = try TextToldStore.find(id, in: db)
            return RequestedTextPage(
                languages: languages(request, path: path), heading: asked.subject,
                state: Phrase("review-requested-state-\(review.state.rawValue)"), sign: review.state.rawValue,
                facts: asked.facts(signs) + (review.state == .submitted ? [words.due(review)] : []),
                comments: comments, text: ReviewParagraphs.split(asked.text),
                textLanguage: review.language ?? "", path: isOpen ? "\(path)?language=\(language)" : nil,
                edited: Field(entered ?? asked.text), number: String(review.number), verdict: review.verdict.orNil,
                problem: problem.map { Phrase($0.messageKey) },
                told: TextToldBox(
                    path: ReviewPaths.leaveAddress(text) + "?language=\(language)", isAsked: told != nil,
                    isProven: told?.provenAt != nil, problem: wrong.map { Phrase($0) }))
        }
        return site.page(page, for: request, status: problem?.status ?? .ok)
    }

    @Sendable private func submitAgain(_ request: Request, _ context: WebContext) async throws -> Response {
        let (id, text) = try reference(context, .text)
        let form = try await Form.read(request)
        do {
            try await requesting.submitAgain(
                form["text"], review: id, number: Int(form["number"]) ?? 0, network: context.network)
            return site.redirect(
                ReviewPaths.requestedText(text) + "?language=\(site.language(of: request))")
        } catch let failure as Failure where [.invalid, .tooMany, .tooLarge, .conflict].contains(failure.code) {
            return try await showText(request, context, entered: form["text"], problem: failure)
        }
    }

    // MARK: - Links, for leads

    private func links(
        _ request: Request, _ context: SignedInContext, problem: Failure?
    ) async throws -> Response {
        let viewer = context.viewer
        let signs = TicketRoutes(desk: desk, site: site).signs(context)
        let page = try await desk.database.read { [desk, requesting, site] db in
            let queues = try desk.stores.queues.all(visibleTo: viewer, in: db)
            let members = try desk.members.all(in: db)
            let words = ReviewWords(
                signs: signs,
                names: Dictionary(members.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first }))
            let managed = Set(viewer.queues(.manage))
            return TextLinksPage(
                links: try requesting.store.links(keptBy: viewer, in: db).map { link in
                    let reference = TextReference(.link, link.id).text(site.key)
                    return TextLinkLine(
                        name: link.name, queue: queues.first { $0.id == link.queue }?.name ?? "",
                        address: site.publicURL + ReviewPaths.requestForm(reference),
                        end: Action(ReviewPaths.textLinkEnd(link.id)))
                },
                texts: try desk.reviews.texts(visibleTo: viewer, in: db).map(words.line),
                path: ReviewPaths.textLinks(),
                queues: queues.filter { managed.contains($0.id) }.map { Choice(String($0.id), .verbatim($0.name)) },
                problem: problem.map { Phrase($0.messageKey) })
        }
        return site.page(
            page, for: context.visitor, notices: ReviewRoutes.notices(request, ["changed"]),
            status: problem?.status ?? .ok)
    }

    @Sendable private func addLink(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        do {
            try await desk.database.write { [requesting] db in
                _ = try requesting.store.addLink(
                    form.trimmed("name"), queue: ID(form["queue"]) ?? 0, by: context.viewer, at: now, in: db)
            }
        } catch let failure as Failure where failure.code == .invalid {
            return try await links(request, context, problem: failure)
        }
        return site.redirect(ReviewPaths.texts() + "?notice=changed")
    }

    @Sendable private func endLink(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        try await desk.database.write { [requesting] db in
            try requesting.store.endLink(id, by: context.viewer, at: now, in: db)
        }
        return site.redirect(ReviewPaths.texts() + "?notice=changed")
    }
}
