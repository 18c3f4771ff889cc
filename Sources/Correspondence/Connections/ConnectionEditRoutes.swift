import Base
import Hummingbird
import Mail
import Storage
import Web

/// Adding and changing mail connections, for administrators. A new or changed one is tried at once.
package struct ConnectionEditRoutes: Sendable {
    private let office: Office
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(ConnectionPaths.newMailbox.route) { _, context in
            try await showMailbox(nil, ConnectionForm(Mailbox?.none), context)
        }
        signedIn.get(ConnectionPaths.mailbox.route) { _, context in
            let mailbox = try await requireMailbox(context)
            return try await showMailbox(mailbox, ConnectionForm(mailbox), context)
        }
        signedIn.get(ConnectionPaths.newServer.route) { _, context in
            try showServer(nil, ConnectionForm(MailServer?.none), context)
        }
        signedIn.get(ConnectionPaths.server.route) { _, context in
            let server = try await requireServer(context)
            return try showServer(server, ConnectionForm(server), context)
        }
        signedIn.post(ConnectionPaths.mailboxes.route) { request, context in
            try await saveMailbox(nil, request, context)
        }
        signedIn.post(ConnectionPaths.mailbox.route) { request, context in
            try await saveMailbox(try await requireMailbox(context), request, context)
        }
        signedIn.post(ConnectionPaths.servers.route) { request, context in
            try await saveServer(nil, request, context)
        }
        signedIn.post(ConnectionPaths.server.route) { request, context in
            try await saveServer(try await requireServer(context), request, context)
        }
    }

    // MARK: - Mailboxes

    private func requireMailbox(_ context: SignedInContext) async throws -> Mailbox {
        try office.requireAdministrator(context)
        let id = try context.requireID()
        let found = try await desk.database.read { [mailboxes = office.mailboxes] db in try mailboxes.find(id, in: db) }
        guard let found else { throw Failure(.notFound, "error-not-found") }
        return found
    }

    private func saveMailbox(
        _ old: Mailbox?, _ request: Request, _ context: SignedInContext
    ) async throws -> Response {
        try office.requireAdministrator(context)
        let form = ConnectionForm(try await site.form(request, of: context.visitor))
        let now = desk.clock.now()
        do {
            let (mailbox, secret) = try form.mailbox(instead: old)
            try await desk.database.write { [desk, mailboxes = office.mailboxes] db in
                guard try desk.stores.queues.find(mailbox.queue, in: db) != nil else {
                    throw Failure(.invalid, "connection-queue-missing")
                }
                let id: ID
                if let old {
                    id = old.id
                    try mailboxes.change(mailbox, secret: secret, in: db)
                } else {
                    id = try mailboxes.add(mailbox, secret: secret ?? "", in: db)
                }
                let event = Event(
                    old == nil ? "mailbox-added" : "mailbox-changed", actor: context.viewer.memberID,
                    queue: mailbox.queue, subject: id)
                try desk.stores.events.add(event, at: now, in: db)
                try ConnectionTesting.ask(mailbox: id, jobs: desk.stores.jobs, in: db)
            }
        } catch let failure as Failure where failure.code == .invalid || failure.messageKey == "mailbox-name-taken" {
            return try await showMailbox(old, form, context, problem: failure)
        }
        desk.alarm.ring()
        return site.redirect(ConnectionPaths.list())
    }

    private func showMailbox(
        _ mailbox: Mailbox?, _ form: ConnectionForm, _ context: SignedInContext, problem: Failure? = nil
    ) async throws -> Response {
        try office.requireAdministrator(context)
        let queues = try await desk.database.read { [desk] db in try desk.stores.queues.all(in: db) }
        let choices = queues.map { Choice(String($0.id), .verbatim($0.name), isSelected: $0.id == form.queue) }
        return show(
            form, context,
            heading: mailbox.map { Phrase("connection-mailbox-title", .text($0.name)) }
                ?? Phrase("connection-mailbox-new"),
            path: mailbox.map { ConnectionPaths.mailbox($0.id) } ?? ConnectionPaths.mailboxes(), queues: choices,
            removal: mailbox.map { Action(ConnectionPaths.mailboxRemoval($0.id)) }, problem: problem)
    }

    // MARK: - Servers

    private func requireServer(_ context: SignedInContext) async throws -> MailServer {
        try office.requireAdministrator(context)
        let id = try context.requireID()
        return try await desk.database.read { [servers = office.servers] db in try servers.require(id, in: db) }
    }

    private func saveServer(
        _ old: MailServer?, _ request: Request, _ context: SignedInContext
    ) async throws -> Response {
        try office.requireAdministrator(context)
        let form = ConnectionForm(try await site.form(request, of: context.visitor))
        let now = desk.clock.now()
        do {
            let (server, secret) = try form.server(instead: old)
            try await desk.database.write { [desk, servers = office.servers] db in
                let me = context.viewer.memberID
                let id: ID
                if let old {
                    id = old.id
                    try servers.change(server, secret: secret, actor: me, at: now, in: db)
                } else {
                    id = try servers.add(server, secret: secret ?? "", actor: me, at: now, in: db)
                }
                try ConnectionTesting.ask(server: id, jobs: desk.stores.jobs, in: db)
            }
        } catch let failure as Failure where failure.code == .invalid || failure.messageKey == "mailbox-name-taken" {
            return try showServer(old, form, context, problem: failure)
        }
        desk.alarm.ring()
        return site.redirect(ConnectionPaths.list())
    }

    private func showServer(
        _ server: MailServer?, _ form: ConnectionForm, _ context: SignedInContext, problem: Failure? = nil
    ) throws -> Response {
        try office.requireAdministrator(context)
        return show(
            form, context,
            heading: server.map { Phrase("connection-server-title", .text($0.name)) }
                ?? Phrase("connection-server-new"),
            path: server.map { ConnectionPaths.server($0.id) } ?? ConnectionPaths.servers(), queues: [],
            removal: server.map { Action(ConnectionPaths.serverRemoval($0.id)) }, problem: problem)
    }

    // MARK: - The form

    private func show(
        _ form: ConnectionForm, _ context: SignedInContext, heading: Phrase, path: String, queues: [Choice],
        removal: Action?, problem: Failure?
    ) -> Response {
        let phrase = problem.map { Phrase($0.messageKey, texts: $0.arguments) }
        func field(_ name: String, _ value: String) -> Field {
            Field(value, problem: problem?.messageKey.hasPrefix("connection-\(name)") == true ? phrase : nil)
        }
        let page = ConnectionPage(
            heading: heading, listPath: ConnectionPaths.list(), path: path, isMailbox: !queues.isEmpty,
            isNew: removal == nil, name: field("name", form.name), host: field("host", form.host),
            port: field("port", form.portText),
            security: SMTPServer.Security.choices.map {
                Choice($0, Phrase("connection-security-\($0)"), isSelected: $0 == form.security)
            }, login: field("login", form.login), secret: field("secret", ""), queues: queues, folder: form.folder,
            moveTo: form.moveTo, interval: form.intervalText, isOAuth: form.isOAuth, removal: removal, problem: phrase)
        return site.page(page, for: context.visitor, status: problem == nil ? .ok : .unprocessableContent)
    }
}

extension SMTPServer.Security {
    /// The safest first; mailboxes know the same ones.
    fileprivate static var choices: [String] { ["tls", "starttls", "none"] }
}
