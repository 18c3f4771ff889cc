import Base
import Correspondence
import Foundation
import Logging
import Mail
import Storage

/// Looks into the mailboxes at their intervals, each in its own task so that a slow server delays nobody.
///
/// Several nodes may run this: a mailbox is looked at by the node that moves its `checked_at` on.
struct MailFetching: Sendable {
    private let services: Services
    private let fetching: Fetching
    private let tokens: OAuthTokens

    init(_ services: Services) {
        self.services = services
        tokens = OAuthTokens(clock: services.clock)
        fetching = Fetching(
            database: services.database, intake: services.intake, store: services.mailboxes,
            spool: services.directory.spool, clock: services.clock)
    }

    func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                for mailbox in await due() { group.addTask { await look(into: mailbox) } }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Mailboxes whose time has come and which this node now has.
    private func due() async -> [Mailbox] {
        let now = services.clock.now()
        let store = services.mailboxes
        do {
            return try await services.database.write { db in
                try store.all(in: db).filter { try store.claim($0, at: now, in: db) }
            }
        } catch {
            services.log.warning("mailboxes cannot be looked up", metadata: ["error": "\(error)"])
            return []
        }
    }

    private func fetch(_ mailbox: Mailbox) async throws {
        let session = IMAPSession(account: try await services.account(of: mailbox, tokens))
        _ = try await fetching.run(mailbox, session: session)
    }

    private func look(into mailbox: Mailbox) async {
        var state = "ok"
        do {
            do { try await fetch(mailbox) } catch let failure as Failure
                where failure.messageKey == "mailbox-sign-in-refused" && mailbox.secretKind == .oauth
            {
                // A token may be given up before its time: a new one is asked for, once.
                try await services.forgetToken(of: mailbox, tokens)
                try await fetch(mailbox)
            }
        } catch let failure as Failure {
            state = failure.messageKey
            services.log.warning(
                "a mailbox was not fetched", metadata: ["mailbox": "\(mailbox.id)", "failure": "\(failure.code)"])
        } catch { state = "error-internal" }
        let (store, clock, final) = (services.mailboxes, services.clock, state)
        do {
            try await services.database.write { try store.setState(final, of: mailbox.id, at: clock.now(), in: $0) }
        } catch { services.log.warning("the state of a mailbox was not noted") }
    }
}
