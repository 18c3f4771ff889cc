import Base
import Jobs
import Mail
import Storage

/// Tries a connection in the background and writes down in words what happened.
///
/// A test that has not ended after ten seconds is called too slow; what the connection says later is not looked at.
/// The test may run twice: only a test that is still waited for writes its outcome.
package struct ConnectionTesting: Sendable {
    package static let mailboxJob = "mailbox-test"
    package static let serverJob = "mail-server-test"
    private static let limit = Duration.seconds(10)

    private let database: Database
    private let jobs: JobStore
    private let servers: MailServerStore
    private let clock: Clock
    private let caFile: String?
    private let tryMailbox: @Sendable (Mailbox) async -> Failure?

    /// `tryMailbox` signs in to a mailbox and opens its folder; nil when all is well.
    package init(
        database: Database, jobs: JobStore, servers: MailServerStore, clock: Clock, caFile: String?,
        tryMailbox: @escaping @Sendable (Mailbox) async -> Failure?
    ) {
        self.database = database
        self.jobs = jobs
        self.servers = servers
        self.clock = clock
        self.caFile = caFile
        self.tryMailbox = tryMailbox
    }

    package var kinds: [JobKind] {
        [
            JobKind.single(Self.mailboxJob, workers: 2, lease: 120_000, maximumAttempts: 2) { try await run($0) },
            JobKind.single(Self.serverJob, workers: 2, lease: 120_000, maximumAttempts: 2) { try await run($0) },
        ]
    }

    private func run(_ job: Job) async throws {
        let isMailbox = job.kind == Self.mailboxJob
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                let state = await attempt(job.subject, isMailbox: isMailbox)
                await note(state, of: job.subject, isMailbox: isMailbox)
            }
            group.addTask {
                guard (try? await Task.sleep(for: Self.limit)) != nil else { return }
                await note("connection-slow", of: job.subject, isMailbox: isMailbox)
            }
            await group.next()
            group.cancelAll()
        }
        try await database.write { db in try jobs.finish(job, in: db) }
    }

    private func attempt(_ id: ID, isMailbox: Bool) async -> String {
        do {
            let failure: Failure?
            if isMailbox {
                let mailbox = try await database.read { db in
                    try db.first("SELECT * FROM mailbox WHERE id = \(id)").map(MailboxStore.read)
                }
                failure = if let mailbox { await tryMailbox(mailbox) } else { nil }
            } else {
                let server = try await database.read { db in try servers.connection(id, caFile: caFile, in: db) }
                failure = if let server { await SMTPClient(server: server, timeoutSeconds: 8).test() } else { nil }
            }
            return failure?.messageKey ?? ConnectionTest.fine
        } catch { return (error as? Failure)?.messageKey ?? "error-internal" }
    }

    private func note(_ state: String, of id: ID, isMailbox: Bool) async {
        let now = clock.now()
        let table: SQL = isMailbox ? "mailbox" : "mail_server"
        _ = try? await database.write { db in
            try db.execute(
                """
                UPDATE \(table) SET test_state = \(state), tested_at = \(now)
                WHERE id = \(id) AND test_state = \(ConnectionTest.waiting)
                """)
        }
    }

    /// In the transaction that asks for a test.
    package static func ask(
        mailbox: ID, jobs: JobStore, in db: any Connection
    ) throws {
        try db.executeOne("UPDATE mailbox SET test_state = \(ConnectionTest.waiting) WHERE id = \(mailbox)")
        try jobs.add(mailboxJob, subject: mailbox, in: db)
    }

    /// The same for a server that takes our mail.
    package static func ask(server: ID, jobs: JobStore, in db: any Connection) throws {
        try db.executeOne("UPDATE mail_server SET test_state = \(ConnectionTest.waiting) WHERE id = \(server)")
        try jobs.add(serverJob, subject: server, in: db)
    }
}
