import Base
import Foundation
import Hummingbird
import Storage
import Web

/// Redaction, protection, the child-safety label, blocked senders, previews and the view of HTML mail.
package struct SafetyRoutes: Sendable {
    let desk: Desk
    let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(SafetyPaths.redaction.route) { _, context in
            try await showRedaction(context, form: nil, problem: nil)
        }
        signedIn.post(SafetyPaths.redaction.route, use: redact)
        signedIn.get(SafetyPaths.protection.route) { _, context in
            try await showProtection(context, form: nil, problem: nil)
        }
        signedIn.post(SafetyPaths.protection.route, use: protect)
        signedIn.post(SafetyPaths.childSafety.route, use: label)
        signedIn.post(SafetyPaths.blocking.route, use: block)
        signedIn.get(SafetyPaths.blocked.route, use: showBlocked)
        signedIn.post(SafetyPaths.blocked.route, use: changeBlocked)
        signedIn.get(SafetyPaths.room.route, use: showRoom)
        signedIn.post(SafetyPaths.room.route, use: setPeople)
        signedIn.post(SafetyPaths.refuge.route, use: setRefuge)
        signedIn.get(SafetyPaths.view.route, use: view)
        signedIn.get(SafetyPaths.preview.route) { _, context in
            try await AttachmentPictures(desk: desk).preview(try context.requireID(), for: context.viewer)
        }
    }

    // MARK: - Redaction

    private func showRedaction(_ context: SignedInContext, form: Form?, problem: Failure?) async throws -> Response {
        let id = try context.requireID()
        let (message, files) = try await desk.database.read { [desk] db in
            let message = try desk.stores.messages.require(id, visibleTo: context.viewer, in: db)
            let ticket = try desk.stores.tickets.require(message.ticket, visibleTo: context.viewer, in: db)
            guard context.viewer.may(.manage, queue: ticket.queue) else {
                throw Failure(.notFound, "error-not-found")
            }
            return (message, try desk.stores.messages.attachments(of: id, in: db))
        }
        try await desk.noteOpened(.ticket, of: [message.ticket], subject: id, by: context.viewer)
        let attachments = files.map {
            Choice(
                String($0.id), .verbatim($0.filename.isEmpty ? $0.contentType : $0.filename),
                isSelected: form?["attachment"] == String($0.id))
        }
        let kinds: [Redaction.Kind] = [.passage] + (files.isEmpty ? [] : [.attachment]) + [.message]
        let chosen = form?["kind"] ?? "passage"
        let page = RedactionPage(
            path: SafetyPaths.redaction(id), backPath: TicketPaths.show(message.ticket) + "#m\(id)",
            sender: message.fromName.isEmpty ? message.fromAddress : message.fromName, text: message.text,
            language: message.language ?? "", passage: Field(form?["passage"] ?? ""),
            reason: Field(form?["reason"] ?? ""), attachments: attachments,
            kind: kinds.map {
                Choice($0.rawValue, Phrase("redaction-kind-\($0.rawValue)"), isSelected: $0.rawValue == chosen)
            },
            problem: problem.map { Phrase($0.messageKey, texts: $0.arguments) }, hasAttachments: !files.isEmpty)
        return site.page(page, for: context.visitor, status: problem?.status ?? .ok)
    }

    @Sendable private func redact(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let scope: Redacting.Scope
        switch Redaction.Kind(rawValue: form["kind"]) {
        case .passage: scope = .passage(form["passage"])
        case .message: scope = .message
        case .attachment: scope = .attachment(ID(form["attachment"]) ?? 0)
        case nil: throw Failure(.invalid, "error-invalid")
        }
        do {
            let others = try await desk.database.read { [desk] db in
                try StandingElsewhere(stores: desk.stores).tickets(scope, of: id, visibleTo: context.viewer, in: db)
            }
            let ticket = try await desk.redacting.redact(
                scope, of: id, reason: form.trimmed("reason"), by: context.viewer)
            // Found by the words: who it was told to has read that they stand there.
            if !others.isEmpty { try await desk.noteOpened(.excerpt, of: others, by: context.viewer) }
            let also = others.isEmpty ? "" : "&also=" + others.map { String($0) }.joined(separator: ",")
            return site.redirect(TicketPaths.show(ticket) + "?notice=redacted\(also)#m\(id)")
        } catch let failure as Failure where failure.code == .invalid || failure.code == .conflict {
            return try await showRedaction(context, form: form, problem: failure)
        }
    }

    // MARK: - Protection

    private func showProtection(_ context: SignedInContext, form: Form?, problem: Failure?) async throws -> Response {
        let id = try context.requireID()
        let (ticket, refuges, readers) = try await desk.database.read { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
            guard context.viewer.may(.note, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            return (
                ticket, try desk.protecting.refuges(in: db).filter { $0.queue != ticket.queue },
                try names(try desk.protecting.readers(of: id, before: desk.clock.now(), in: db), in: db)
            )
        }
        let page = ProtectionPage(
            path: SafetyPaths.protection(id), backPath: TicketPaths.show(id), number: ticket.number,
            refuges: refuges.map {
                Choice(String($0.queue), .verbatim($0.name), isSelected: form?["queue"] == String($0.queue))
            },
            readers: readers, reason: Field(form?["reason"] ?? ""),
            problem: problem.map { Phrase($0.messageKey, texts: $0.arguments) })
        return site.page(page, for: context.visitor, status: problem?.status ?? .ok)
    }

    @Sendable private func protect(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let refuge = ID(form["queue"]) ?? 0
        let now = desk.clock.now()
        do {
            let page = try await desk.database.write { [desk] db in
                let ticket = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
                let readers = try desk.protecting.readers(of: id, before: now, in: db)
                try desk.protecting.protect(
                    id, in: refuge, reason: form.trimmed("reason"), by: context.viewer, at: now, db)
                let name = try desk.protecting.refuges(in: db).first { $0.queue == refuge }?.name ?? ""
                return ProtectedPage(
                    number: ticket.number, refuge: name, readers: try names(readers, in: db),
                    listPath: TicketPaths.list())
            }
            return site.page(page, for: context.visitor)
        } catch let failure as Failure where failure.code == .invalid || failure.code == .conflict {
            return try await showProtection(context, form: form, problem: failure)
        }
    }

    private func names(_ members: [ID], in db: any Connection) throws -> [String] {
        try members.compactMap { try desk.members.find($0, in: db)?.name }
    }

    // MARK: - Labels and blocks

    @Sendable private func label(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        try await desk.database.write { [desk] db in
            try desk.childSafety.set(form["value"] == "on", ticket: id, by: context.viewer, at: now, in: db)
        }
        return site.redirect(TicketPaths.show(id) + "?notice=changed")
    }

    @Sendable private func block(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        let me = context.viewer.memberID
        try await desk.database.write { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
            guard context.viewer.may(.note, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            guard let address = try SafetyView.address(of: id, in: db) else {
                throw Failure(.invalid, "block-no-address")
            }
            if form["value"] == "off" {
                try desk.blocks.unblock(address, queue: ticket.queue, actor: me, at: now, in: db)
                if ticket.state == .junk {
                    try desk.stores.tickets.setState(.open, of: ticket, actor: me, at: now, in: db)
                }
            } else {
                try desk.stores.tickets.requireAnswerable(id, by: context.viewer, in: db)
                try desk.blocks.block(address, queue: ticket.queue, ticket: id, actor: me, at: now, in: db)
                try desk.stores.tickets.setState(.junk, of: ticket, actor: me, at: now, in: db)
            }
        }
        let notice = form["value"] == "off" ? "unblocked" : "blocked"
        return site.redirect(TicketPaths.show(id) + "?notice=" + notice)
    }

    private func requireQueue(_ context: SignedInContext, in db: any Connection) throws -> Queue {
        let id = try context.requireID()
        guard context.viewer.may(.note, queue: id) else { throw Failure(.notFound, "error-not-found") }
        return try desk.stores.queues.require(id, in: db)
    }

    @Sendable private func showBlocked(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try await showBlocked(context, Field())
    }

    private func showBlocked(_ context: SignedInContext, _ address: Field) async throws -> Response {
        let signs = Signs(
            language: site.strings.supported(context.visitor.language), zone: desk.zone, now: desk.clock.now())
        let page = try await desk.database.read { [desk] db in
            let queue = try requireQueue(context, in: db)
            let rows = try desk.blocks.all(queue: queue.id, in: db).map {
                BlockedRow(
                    address: $0.address,
                    path: TicketPaths.list(query: [("query", "from:\"\($0.address)\" queue:\"\(queue.name)\"")]),
                    by: try desk.members.find($0.member, in: db)?.name ?? "…", moment: signs.moment($0.at))
            }
            return BlockedPage(
                queue: queue.name, tabs: Office.tabs(of: queue, context.viewer, current: SafetyPaths.blocked),
                path: SafetyPaths.blocked(queue.id), rows: rows, address: address,
                listPath: SafetyPaths.blocked(queue.id))
        }
        return site.page(page, for: context.visitor, status: address.problem == nil ? .ok : .unprocessableContent)
    }

    /// With `value` `on` an address is blocked, else it is not any more.
    @Sendable private func changeBlocked(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (address, isOn) = (form.trimmed("address"), form["value"] == "on")
        let (now, me) = (desk.clock.now(), context.viewer.memberID)
        do {
            let id = try await desk.database.write { [desk] db in
                let queue = try requireQueue(context, in: db)
                if isOn {
                    try desk.blocks.block(address, queue: queue.id, ticket: nil, actor: me, at: now, in: db)
                } else {
                    try desk.blocks.unblock(address, queue: queue.id, actor: me, at: now, in: db)
                }
                return queue.id
            }
            return site.redirect(SafetyPaths.blocked(id))
        } catch let failure as Failure where isOn && failure.code == .invalid {
            return try await showBlocked(context, Field(address, problem: Phrase("member-email-invalid")))
        }
    }

    // MARK: - The room

    @Sendable private func showRoom(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let viewer = context.viewer
        let page = try await desk.database.read { [desk] db in
            let open = Set(try desk.protecting.refuges(in: db).map(\.queue))
            let queues = try desk.stores.queues.all(visibleTo: viewer, in: db).filter {
                $0.isConfidential && viewer.may(.manage, queue: $0.id)
            }
            guard viewer.isAdministrator || !queues.isEmpty else { throw Failure(.notFound, "error-not-found") }
            let named = Set(try ChildSafety.people(in: db))
            let members = try desk.members.all(in: db).filter { !$0.isDisabled || named.contains($0.id) }
            return SafetyPage(
                path: SafetyPaths.room(),
                people: viewer.isAdministrator
                    ? members.map { Choice(String($0.id), .verbatim($0.name), isSelected: named.contains($0.id)) }
                    : nil,
                hasPeople: viewer.isAdministrator,
                refuges: queues.map {
                    RefugeRow(
                        name: $0.name, isOn: open.contains($0.id), change: Action(SafetyPaths.refuge($0.id)))
                })
        }
        return site.page(page, for: context.visitor)
    }

    @Sendable private func setPeople(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        let wanted = form.all("person").compactMap { ID($0) }
        try await desk.database.write { [desk] db in
            for id in wanted { _ = try desk.members.require(id, in: db) }
            try desk.childSafety.setPeople(Set(wanted), by: context.viewer, at: now, in: db)
        }
        return site.redirect(SafetyPaths.room())
    }

    @Sendable private func setRefuge(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        try await desk.database.write { [desk] db in
            try desk.protecting.setRefuge(form["value"] == "on", queue: id, by: context.viewer, at: now, in: db)
        }
        return site.redirect(SafetyPaths.room())
    }

    // MARK: - HTML mail

    @Sendable private func view(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let (message, files) = try await desk.database.read { [desk] db in
            let message = try desk.stores.messages.require(id, visibleTo: context.viewer, in: db)
            try ChildSafety.requireOpen(message.ticket, to: context.viewer, in: db)
            guard message.raw != nil, message.hasHTML else { throw Failure(.notFound, "error-not-found") }
            return (message, try desk.stores.messages.attachments(of: id, in: db))
        }
        try await desk.noteOpened(.html, of: [message.ticket], subject: id, by: context.viewer)
        let areShown = request.uri.queryParameters["pictures"] == "shown"
        let hasPictures = files.contains { !$0.contentID.isEmpty && AttachmentPictures.canShow($0.contentType) }
        let query = areShown ? "?pictures=shown" : ""
        let page = MailViewPage(
            backPath: TicketPaths.show(message.ticket) + "#m\(id)", subject: message.subject,
            sender: Party(
                name: message.fromName.isEmpty ? message.fromAddress : message.fromName, address: message.fromAddress),
            framePath: MessagePaths.html(id) + query,
            picturesPath: hasPictures && !areShown ? SafetyPaths.view(id) + "?pictures=shown" : nil)
        return site.page(page, for: context.visitor)
    }
}
