import Base
import Foundation
import HTTPTypes
import Hummingbird
import Mail
import Storage
import Text
import Web

/// Paths of the public forms.
enum FormPaths {
    static let list: PathPattern = "/contact"
    static let form: PathPattern = "/contact/:name"
    static let followRoute: PathPattern = "/contact/follow/:reference"
    static let adding: PathPattern = "/contact/follow/:reference/adding"
    static let withdrawal: PathPattern = "/contact/follow/:reference/withdrawal"
    static let proof: PathPattern = "/contact/follow/:reference/proof"
    static let settings: PathPattern = "/queues/:id/form"

    static func form(_ name: String) -> String { "/contact/\(URLEncoding.encode(name))" }
    static func follow(_ reference: String) -> String { "/contact/follow/\(reference)" }
}

/// Public forms: writing to a queue, and following what was written. No cookies, no scripts needed.
package struct FormRoutes: Sendable {
    private static let filingPatience = 30

    private let desk: Desk
    private let site: Site
    private let forms: FormStore
    private let submitting: Submitting

    package init(desk: Desk, site: Site, forms: FormStore, submitting: Submitting) {
        self.desk = desk
        self.site = site
        self.forms = forms
        self.submitting = submitting
    }

    package func add(to router: Router<WebContext>, signedIn: RouterGroup<SignedInContext>) {
        router.get(FormPaths.list.route, use: list)
        router.get(FormPaths.form.route) { request, context in
            try await show(request, context, entered: nil, problem: nil)
        }
        router.post(FormPaths.form.route, use: submit)
        router.get(FormPaths.followRoute.route) { request, context in
            try await follow(request, context, entered: "", problem: nil)
        }
        router.post(FormPaths.adding.route, use: addMore)
        router.post(FormPaths.withdrawal.route) { request, context in
            try await change(request, context) { submission, ticket, at, db in
                guard submission.withdrawnAt == nil else { return }
                try forms.withdraw(submission, at: at, in: db)
                guard let ticket else { return }
                try desk.stores.events.add(
                    Event("form-withdrawn", queue: ticket.queue, ticket: ticket.id), at: at, in: db)
                guard try forms.mayClose(submission, ticket, in: db) else { return }
                try desk.stores.tickets.setState(.closed, of: ticket, actor: nil, at: at, in: db)
            }
        }
        router.post(FormPaths.proof.route) { request, context in
            try await change(request, context, onlyAddress: true) { submission, ticket, at, db in
                try forms.prove(submission, at: at, in: db)
                try desk.stores.events.add(
                    Event("form-address-proven", queue: submission.queue, ticket: ticket?.id), at: at, in: db)
            }
        }
        signedIn.get(FormPaths.settings.route, use: showSettings)
        signedIn.post(FormPaths.settings.route, use: changeSettings)
    }

    // MARK: - Writing

    private func language(_ request: Request) -> String {
        site.language(of: request)
    }

    private func languages(_ request: Request, path: String) -> [LanguageLink] {
        let current = language(request)
        return site.strings.languages.map {
            LanguageLink(
                code: $0, name: site.strings.ownName($0), path: "\(path)?language=\($0)", isCurrent: $0 == current)
        }
    }

    @Sendable private func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let language = language(request)
        let open = try await desk.database.read { [forms] db in try forms.open(language: language, in: db) }
        let page = FormListPage(
            languages: languages(request, path: FormPaths.list()),
            forms: open.map {
                Link(.verbatim($0.title), FormPaths.form($0.queue.name) + "?language=\(language)")
            })
        return site.page(page, for: request)
    }

    private func requireForm(_ request: Request, _ context: WebContext) async throws -> PublicForm {
        let name = context.parameters.get("name") ?? ""
        let language = language(request)
        return try await desk.database.read { [forms] db in
            try forms.requireOpen(name: name, language: language, in: db)
        }
    }

    private func show(
        _ request: Request, _ context: WebContext, entered: Form?, problem: Failure?
    ) async throws -> Response {
        let form = try await requireForm(request, context)
        let path = FormPaths.form(form.queue.name)
        func wrong(_ keys: String...) -> Phrase? {
            problem.flatMap { keys.contains($0.messageKey) ? Phrase($0.messageKey) : nil }
        }
        let page = FormPage(
            languages: languages(request, path: path), heading: form.title,
            intro: form.intro.split(separator: "\n\n").map(String.init), path: path, language: language(request),
            name: Field(entered?["name"] ?? ""),
            address: Field(entered?["address"] ?? "", problem: wrong("form-address-wrong")),
            subject: Field(entered?["subject"] ?? ""),
            text: Field(entered?["text"] ?? "", problem: wrong("form-text-missing", "form-text-long")),
            started: shown.text(at: desk.clock.now()), problem: problem.map { Phrase($0.messageKey) })
        return site.page(page, for: request, status: problem?.status ?? .ok)
    }

    private var shown: ShownMoment { ShownMoment("form-started", key: site.key) }

    @Sendable private func submit(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form.read(request)
        let language = form.has("language") ? site.strings.supported(form["language"]) : language(request)
        do {
            let target = try await requireForm(request, context)
            try shown.requireFresh(form["started"], at: desk.clock.now())
            // Only machines fill in what people do not see; they are told what people are told.
            guard form["website"].isEmpty else { throw Failure(.tooMany, "form-busy") }
            let content = Submitting.Content(
                name: form.trimmed("name"), address: form.trimmed("address"), subject: form.trimmed("subject"),
                text: form["text"], files: Self.files(form))
            let id = try await submitting.submit(content, to: target, language: language, network: context.network)
            try await waitForFiling(id)
            let reference = FormReference(submission: id, holder: .sender).text(site.key)
            return site.redirect(FormPaths.follow(reference) + "?language=\(language)&new=1")
        } catch let failure as Failure where [.invalid, .tooMany, .tooLarge].contains(failure.code) {
            return try await show(request, context, entered: form, problem: failure)
        }
    }

    private static func files(_ form: Form) -> [OutgoingAttachment] {
        form.files.filter { $0.name == "files" && !$0.bytes.isEmpty }.map {
            OutgoingAttachment(filename: $0.filename, contentType: plainType($0.contentType), bytes: $0.bytes)
        }
    }

    /// What a browser says of a file, if it can stand in a header.
    private static func plainType(_ type: String) -> String {
        let parts = type.lowercased().split(separator: "/")
        let isPlain =
            parts.count == 2 && type.utf8.count < 100
            && type.utf8.allSatisfy { ($0 > 0x60 && $0 < 0x7B) || ($0 > 0x2C && $0 < 0x3A) || $0 == 0x2B }
        return isPlain ? type : "application/octet-stream"
    }

    /// The number is there as soon as the mail is filed; who waits longer sees it when they come back.
    private func waitForFiling(_ id: ID) async throws {
        for _ in 0..<Self.filingPatience {
            let isFiled = try await desk.database.read { [forms] db in try !forms.messages(of: id, in: db).isEmpty }
            if isFiled { return }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    // MARK: - Following

    private struct Followed {
        var reference: FormReference
        var text: String
        var submission: Submission
        var ticket: Ticket?
        var thread: [Message]
        var files: [ID: [Attachment]]
    }

    private func requireReference(_ context: WebContext) throws -> (FormReference, String) {
        let text = context.parameters.get("reference") ?? ""
        guard let reference = FormReference(text, site.key) else { throw Failure(.notFound, "error-not-found") }
        return (reference, text)
    }

    private func read(_ context: WebContext, in db: any Connection) throws -> Followed {
        let (reference, text) = try requireReference(context)
        guard let submission = try forms.find(reference.submission, in: db) else {
            throw Failure(.notFound, "error-not-found")
        }
        let own = try forms.messages(of: submission.id, in: db)
        let ticket = try own.first.flatMap { try desk.stores.tickets.target(of: $0.ticket, in: db) }
        var thread = own
        if let ticket, try forms.showsAnswers(submission, to: reference.holder, ticket: ticket.id, in: db) {
            let addresses = try desk.stores.messages.addresses(ofTicket: ticket.id, in: db)
            let sent = Set(
                try desk.stores.outbox.ofTicket(ticket.id, in: db).filter { $0.state == .handedOver }
                    .compactMap(\.message))
            thread += try desk.stores.messages.ofTicket(ticket.id, in: db).filter { message in
                message.direction == .outgoing && sent.contains(message.id)
                    && (addresses[message.id] ?? []).contains { EmailAddress.folded($0.address) == submission.address }
            }
        }
        let files = try ticket.map { try desk.stores.messages.attachments(ofTicket: $0.id, in: db) } ?? [:]
        return Followed(
            reference: reference, text: text, submission: submission, ticket: ticket,
            thread: thread.sorted { ($0.sentAt, $0.id) < ($1.sentAt, $1.id) }, files: files)
    }

    private func follow(
        _ request: Request, _ context: WebContext, entered: String, problem: Failure?
    ) async throws -> Response {
        let signs = Signs(language: language(request), zone: desk.zone, now: desk.clock.now())
        let page = try await desk.database.read { db in
            let followed = try read(context, in: db)
            let queue = try desk.stores.queues.require(followed.submission.queue, in: db)
            let reference = followed.text
            let isWithdrawn = followed.submission.withdrawnAt != nil
            let canProve = followed.reference.holder == .address && followed.submission.provenAt == nil
            let isOpen = !isWithdrawn && followed.ticket?.state != .junk
            func path(_ pattern: PathPattern) -> String {
                pattern.pattern.replacing(":reference", with: reference) + "?language=\(signs.language)"
            }
            return FollowPage(
                languages: languages(request, path: FormPaths.follow(reference)), number: followed.ticket?.number,
                state: Self.state(followed.ticket, isWithdrawn: isWithdrawn),
                isNew: request.uri.queryParameters["new"] != nil,
                thread: followed.thread.map { message in
                    FollowItem(
                        isOurs: message.direction == .outgoing,
                        who: message.direction == .outgoing ? queue.displayName : followed.submission.name,
                        moment: signs.moment(message.sentAt), text: message.newText,
                        formatted: message.hasLightFormatting ? TextBlock(formatted: .words, message.newText) : nil,
                        language: message.language ?? "",
                        files: (followed.files[message.id] ?? []).map(\.filename))
                },
                language: signs.language, addPath: isOpen && followed.ticket != nil ? path(FormPaths.adding) : nil,
                withdrawPath: isWithdrawn ? nil : path(FormPaths.withdrawal),
                provePath: canProve && !isWithdrawn ? path(FormPaths.proof) : nil, isWithdrawn: isWithdrawn,
                problem: problem.map { Phrase($0.messageKey) }, text: Field(entered))
        }
        return site.page(page, for: request, status: problem?.status ?? .ok)
    }

    /// Where it stands, in words that tell nothing of the house.
    private static func state(_ ticket: Ticket?, isWithdrawn: Bool) -> Phrase {
        if isWithdrawn { return Phrase("follow-state-withdrawn") }
        switch ticket?.state {
        case nil, .new: return Phrase("follow-state-new")
        case .answered, .waiting: return Phrase("follow-state-answered")
        case .closed, .junk: return Phrase("follow-state-closed")
        default: return Phrase("follow-state-open")
        }
    }

    @Sendable private func addMore(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await Form.read(request)
        let followed = try await desk.database.read { db in try read(context, in: db) }
        do {
            guard followed.submission.withdrawnAt == nil else { throw Failure(.conflict, "error-conflict") }
            try await submitting.add(
                form["text"], files: Self.files(form), to: followed.submission, network: context.network)
            return site.redirect(FormPaths.follow(followed.text) + "?language=\(language(request))&new=1")
        } catch let failure as Failure where [.invalid, .tooMany, .tooLarge, .unavailable].contains(failure.code) {
            return try await follow(request, context, entered: form["text"], problem: failure)
        }
    }

    private func change(
        _ request: Request, _ context: WebContext, onlyAddress: Bool = false,
        _ body: @escaping @Sendable (Submission, Ticket?, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        let now = desk.clock.now()
        let text = try await desk.database.write { db in
            let followed = try read(context, in: db)
            guard !onlyAddress || followed.reference.holder == .address else {
                throw Failure(.notFound, "error-not-found")
            }
            try body(followed.submission, followed.ticket, now, db)
            return followed.text
        }
        return site.redirect(FormPaths.follow(text) + "?language=\(language(request))")
    }

    // MARK: - Settings

    private func requireManaged(_ context: SignedInContext, in db: any Connection) throws -> Queue {
        let id = try context.requireID()
        guard context.viewer.may(.manage, queue: id) else { throw Failure(.notFound, "error-not-found") }
        return try desk.stores.queues.require(id, in: db)
    }

    @Sendable private func showSettings(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let language =
            request.uri.queryParameters["language"].map { site.strings.supported(String($0)) }
            ?? site.strings.supported(context.visitor.language)
        let (queue, form) = try await desk.database.read { db in
            let queue = try requireManaged(context, in: db)
            return (queue, try forms.form(queue, language, in: db))
        }
        let path = FormPaths.settings(queue.id)
        let page = FormSettingsPage(
            queue: queue.name, tabs: Office.tabs(of: queue, context.viewer, current: FormPaths.settings), path: path,
            isOpen: form.isOpen, publicPath: FormPaths.form(queue.name),
            canOpen: queue.mode == .live && queue.address != nil,
            languages: site.strings.languages.map {
                LanguageLink(
                    code: $0, name: site.strings.ownName($0), path: "\(path)?language=\($0)",
                    isCurrent: $0 == language)
            }, language: language, languageName: site.strings.ownName(language), heading: Field(form.title),
            intro: Field(form.intro))
        return site.page(page, for: context.visitor)
    }

    @Sendable private func changeSettings(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        let language = site.strings.supported(form["language"])
        let id = try await desk.database.write { db in
            let queue = try requireManaged(context, in: db)
            if form.has("open") {
                try forms.setOpen(
                    form["open"] == "on", queue: queue.id, actor: context.viewer.memberID, at: now, in: db)
            } else {
                try forms.setText(
                    title: form.trimmed("title"), intro: form.trimmed("intro"), language: language, queue: queue.id,
                    in: db)
            }
            return queue.id
        }
        return site.redirect(FormPaths.settings(id) + "?language=\(language)")
    }
}
