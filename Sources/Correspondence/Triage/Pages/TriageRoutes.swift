import Base
import Hummingbird
import Storage
import Web

/// Labels and suggestions of a ticket.
package struct TriageRoutes: Sendable {
    private let desk: Desk
    private let site: Site
    private var deciding: TriageDeciding { TriageDeciding(stores: desk.stores, members: desk.members) }
    private var labelling: Labelling { Labelling(stores: desk.stores) }

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.post(TriagePaths.labels.route, use: setLabel)
        signedIn.post(TriagePaths.labelEnd.route, use: endLabel)
        signedIn.post(TriagePaths.suggestion.route, use: decide)
    }

    @Sendable private func setLabel(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        guard let label = SpecialistLabel(rawValue: field("label", form, request)) else {
            throw Failure(.invalid, "error-invalid")
        }
        try await desk.database.write { [labelling] db in
            try labelling.set(label, on: id, by: context.viewer, at: now, in: db)
        }
        desk.alarm.ring()
        return site.redirect(TicketPaths.show(id) + "?labelled=\(label.rawValue)")
    }

    @Sendable private func endLabel(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        guard let label = SpecialistLabel(rawValue: field("label", form, request)),
            let end = Labelling.End(rawValue: field("end", form, request))
        else { throw Failure(.invalid, "error-invalid") }
        try await desk.database.write { [labelling] db in
            try labelling.end(label, on: id, end, by: context.viewer, at: now, in: db)
        }
        return site.redirect(TicketPaths.show(id) + "?ended=\(label.rawValue)")
    }

    @Sendable private func decide(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (id, suggestion) = (try context.requireID(), try context.requireID("suggestion"))
        let now = desk.clock.now()
        let decision = field("decision", form, request)
        try await desk.database.write { [deciding] db in
            try deciding.decide(
                decision, suggestion, of: id, value: form.trimmed("value"), by: context.viewer, at: now, in: db)
        }
        desk.alarm.ring()
        let isVisible = try await desk.database.read { [desk] db in
            try desk.stores.tickets.find(id, in: db).map { context.viewer.may(.see, queue: $0.queue) } ?? false
        }
        // Moved to where one cannot look: the list is all that is left.
        guard isVisible else { return site.redirect(TicketPaths.list()) }
        let notice = decision == "undo" ? "?notice=undone-triage" : "?decided=\(suggestion)"
        return site.redirect(TicketPaths.show(id) + notice)
    }

    /// The bar after a decision, with a way to take it back.
    static func notices(_ request: Request, ticket: ID) -> [Frame.Notice] {
        let query = request.uri.queryParameters
        func done(_ text: Phrase, _ undo: String?) -> [Frame.Notice] {
            [Frame.Notice(.done, text, action: undo.map { Frame.NoticeAction(Phrase("delivery-undo"), $0) })]
        }
        if let decided = query["decided"].flatMap({ ID($0) }) {
            return done(
                Phrase("triage-decided-notice"), TriagePaths.suggestion(ticket, decided) + "?decision=undo")
        }
        if let label = query["labelled"].flatMap({ SpecialistLabel(rawValue: String($0)) }) {
            let undo = TriagePaths.labelEnd(ticket) + "?label=\(label.rawValue)&end=mistaken"
            return done(
                Phrase("label-set-notice", .phrase(Phrase("label-\(label.rawValue)"))),
                label == .childSafety ? nil : undo)
        }
        if let label = query["ended"].flatMap({ SpecialistLabel(rawValue: String($0)) }) {
            return done(
                Phrase("label-ended-notice", .phrase(Phrase("label-\(label.rawValue)"))),
                TriagePaths.labels(ticket) + "?label=\(label.rawValue)")
        }
        return query["notice"] == "undone-triage" ? done(Phrase("triage-undone-notice"), nil) : []
    }
}

/// A field of the form, or of the address where a button of a notice has no fields.
private func field(_ name: String, _ form: Form, _ request: Request) -> String {
    form[name].isEmpty ? request.uri.queryParameters[Substring(name)].map { String($0) } ?? "" : form[name]
}

extension TriageDeciding {
    /// By the word of a form or of the API.
    func decide(
        _ decision: String, _ suggestion: ID, of ticket: ID, value: String, by viewer: Viewer, at: Milliseconds,
        in db: any Connection
    ) throws {
        switch decision {
        case "accept": try accept(suggestion, of: ticket, by: viewer, at: at, in: db)
        case "dismiss": try dismiss(suggestion, of: ticket, by: viewer, at: at, in: db)
        case "correct": try correct(suggestion, of: ticket, to: value, by: viewer, at: at, in: db)
        case "undo": try undo(suggestion, of: ticket, by: viewer, at: at, in: db)
        default: throw Failure(.invalid, "error-invalid")
        }
    }
}
