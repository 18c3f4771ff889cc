import Base
import HTTPTypes
import Hummingbird
import Storage
import Web

/// Mail connections, for administrators: the list, and what is done with one.
package struct ConnectionRoutes: Sendable {
    private let office: Office
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(ConnectionPaths.list.route, use: show)
        signedIn.post(ConnectionPaths.mailboxTest.route) { request, context in
            try await act(request, context) { id, _, db in
                try ConnectionTesting.ask(mailbox: id, jobs: desk.stores.jobs, in: db)
            }
        }
        signedIn.post(ConnectionPaths.serverTest.route) { request, context in
            try await act(request, context) { id, _, db in
                try ConnectionTesting.ask(server: id, jobs: desk.stores.jobs, in: db)
            }
        }
        signedIn.post(ConnectionPaths.mailboxRemoval.route) { request, context in
            try await act(request, context, undo: ConnectionPaths.mailboxRestoring) { id, at, db in
                try office.mailboxes.remove(id, at: at, in: db)
                try desk.stores.events.add(
                    Event("mailbox-removed", actor: context.viewer.memberID, subject: id), at: at, in: db)
            }
        }
        signedIn.post(ConnectionPaths.serverRemoval.route) { request, context in
            try await act(request, context, undo: ConnectionPaths.serverRestoring) { id, at, db in
                try office.servers.remove(id, actor: context.viewer.memberID, at: at, in: db)
            }
        }
        signedIn.post(ConnectionPaths.mailboxRestoring.route) { request, context in
            try await act(request, context) { id, at, db in
                try office.mailboxes.restore(id, in: db)
                try desk.stores.events.add(
                    Event("mailbox-restored", actor: context.viewer.memberID, subject: id), at: at, in: db)
            }
        }
        signedIn.post(ConnectionPaths.serverRestoring.route) { request, context in
            try await act(request, context) { id, at, db in
                try office.servers.restore(id, actor: context.viewer.memberID, at: at, in: db)
            }
        }
        signedIn.post(ConnectionPaths.serverUse.route) { request, context in
            try await act(request, context) { id, at, db in
                try office.servers.use(id, actor: context.viewer.memberID, at: at, in: db)
            }
        }
        signedIn.post(ConnectionPaths.configuredUse.route, use: useConfigured)
    }

    /// A button of the list; what is not there is not found.
    private func act(
        _ request: Request, _ context: SignedInContext, undo: PathPattern? = nil,
        _ body: @escaping @Sendable (ID, Milliseconds, any Connection) throws -> Void
    ) async throws -> Response {
        try office.requireAdministrator(context)
        _ = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let now = desk.clock.now()
        do {
            try await desk.database.write { db in try body(id, now, db) }
        } catch let failure as Failure where failure.messageKey == "error-conflict" {
            throw Failure(.notFound, "error-not-found")
        }
        desk.alarm.ring()
        if let undo {
            let kind = undo.pattern == ConnectionPaths.serverRestoring.pattern ? "server" : "mailbox"
            return site.redirect(ConnectionPaths.list() + "?removed-\(kind)=\(id)")
        }
        return site.redirect(ConnectionPaths.list() + "?notice=changed")
    }

    @Sendable private func useConfigured(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        _ = try await site.form(request, of: context.visitor)
        let now = desk.clock.now()
        try await desk.database.write { [servers = office.servers] db in
            try servers.use(nil, actor: context.viewer.memberID, at: now, in: db)
        }
        return site.redirect(ConnectionPaths.list() + "?notice=changed")
    }

    // MARK: - The list

    @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        let (mailboxes, servers, queues) = try await desk.database.read { [desk, office] db in
            (
                try office.mailboxes.all(in: db), try office.servers.all(in: db),
                Dictionary(uniqueKeysWithValues: try desk.stores.queues.all(in: db).map { ($0.id, $0.name) })
            )
        }
        let signs = office.signs(context)
        let isWaiting = (mailboxes.map(\.test) + servers.map(\.test)).contains { $0.state == ConnectionTest.waiting }
        let page = ConnectionListPage(
            mailboxes: mailboxes.map { row($0, queues[$0.queue] ?? "", signs) },
            servers: servers.map { row($0, signs) },
            newMailboxPath: queues.isEmpty ? nil : ConnectionPaths.newMailbox(),
            newServerPath: ConnectionPaths.newServer(), configured: office.configuredServer,
            isConfiguredUsed: !servers.contains(where: \.isUsed),
            useConfigured: servers.contains(where: \.isUsed) ? Action(ConnectionPaths.configuredUse()) : nil,
            isWaiting: isWaiting)
        var response = site.page(page, for: context.visitor, notices: isWaiting ? [] : notices(request))
        if isWaiting, let field = HTTPField.Name("Refresh") {
            response.headers[field] = "2; url=\(ConnectionPaths.list())"
        }
        return response
    }

    /// What was removed just now can be brought back.
    private func notices(_ request: Request) -> [Frame.Notice] {
        for (field, path) in [
            ("removed-mailbox", ConnectionPaths.mailboxRestoring), ("removed-server", ConnectionPaths.serverRestoring),
        ] {
            guard let id = request.queryText(field).flatMap({ ID($0) }) else { continue }
            let undo = Frame.NoticeAction(Phrase("web-undo"), path(id))
            return [Frame.Notice(.done, Phrase("connection-removed"), action: undo)]
        }
        return QueueRoutes.notices(request)
    }

    private func row(_ mailbox: Mailbox, _ queue: String, _ signs: Signs) -> ConnectionRow {
        // Only the newer of the last test and the last look counts.
        let isTestNewer = mailbox.test.testedAt ?? 0 >= mailbox.checkedAt ?? 0
        let isTested = mailbox.test.state == ConnectionTest.waiting || isTestNewer || mailbox.state == "new"
        return ConnectionRow(
            name: mailbox.name, place: "\(mailbox.login) · \(mailbox.host):\(mailbox.port)/\(mailbox.folder)",
            queue: queue, editPath: ConnectionPaths.mailbox(mailbox.id),
            test: Action(ConnectionPaths.mailboxTest(mailbox.id)), tested: isTested ? sign(mailbox.test, signs) : nil,
            fetched: mailbox.state == "new" || (isTested && !mailbox.test.state.isEmpty)
                ? nil
                : sign(
                    ConnectionTest(state: mailbox.state, testedAt: mailbox.checkedAt), signs, fine: "connection-fetched"
                ),
            isUsed: false, use: nil)
    }

    private func row(_ server: MailServer, _ signs: Signs) -> ConnectionRow {
        let login = server.login.isEmpty ? "" : server.login + " · "
        return ConnectionRow(
            name: server.name, place: "\(login)\(server.host):\(server.port)", queue: nil,
            editPath: ConnectionPaths.server(server.id), test: Action(ConnectionPaths.serverTest(server.id)),
            tested: sign(server.test, signs), fetched: nil, isUsed: server.isUsed,
            use: server.isUsed ? nil : Action(ConnectionPaths.serverUse(server.id)))
    }

    private func sign(_ test: ConnectionTest, _ signs: Signs, fine: String = "connection-fine") -> ConnectionSign? {
        guard !test.state.isEmpty else { return nil }
        let words: Phrase =
            switch test.state {
            case ConnectionTest.waiting: Phrase("connection-waiting")
            case ConnectionTest.fine: Phrase(fine)
            default: Phrase(test.state)
            }
        return ConnectionSign(
            isFine: test.state == ConnectionTest.fine, isWaiting: test.state == ConnectionTest.waiting, words: words,
            moment: test.state == ConnectionTest.waiting ? nil : test.testedAt.map { signs.moment($0) })
    }
}
