import Base
import Correspondence
import Foundation
import Jobs
import Logging
import Mail
import Outbox
import ServiceLifecycle
import Storage

/// `liaison serve`: everything that runs for long, as services of one group, ended together by SIGTERM or SIGINT.
package struct Serving: Sendable {
    private let services: Services
    private let commands: ControlServer.Run
    private let announce: @Sendable (String) -> Void

    /// `commands` runs what the command line sends through the socket; `announce` is told the address when ready.
    package init(
        _ services: Services, commands: @escaping ControlServer.Run, announce: @escaping @Sendable (String) -> Void
    ) {
        self.services = services
        self.commands = commands
        self.announce = announce
    }

    package func run() async throws {
        _ = try services.resources.requireCards()
        var parts: [any Service] = [Loop { await renewLease() }, Loop { try await readPacks() }]
        if services.database.engine == .sqlite {
            let control = ControlServer(socket: services.directory.socket, log: services.log, run: commands)
            parts.append(Loop { try await control.serve() })
        }
        let present = Present(services)
        try await present.begin()
        let roles = services.settings.roles
        if roles.contains(.jobs) {
            parts += try jobParts(present)
            parts += try present.jobParts()
        }
        if roles.contains(.lmtp) { parts.append(try MailListener(services).service()) }
        if roles.contains(.web) {
            let announce = announce
            let address = services.settings.publicURL
            parts.append(Loop { await services.examined.run(services) })
            parts.append(try WebServer(services).application { _ in announce(address) })
        } else {
            announce("")
        }
        // The last is ended first: a page server waits for its streams to end.
        parts.append(Loop { await present.run() })
        let group = ServiceGroup(
            configuration: .init(
                services: parts.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        )
        try await group.run()
        services.parsers.stop()
    }

    /// Meanwhile pages are shown and mail is accepted; filing waits. Without the packs danger to life would go
    /// unnoticed: better not to run.
    private func readPacks() async throws {
        _ = try services.resources.requirePacks()
        ProcessMemory.giveBack()
        try? await gracefulShutdown()
    }

    /// The group's own messages matter when something is wrong only.
    private var quiet: Logger {
        var log = services.log
        log.logLevel = .warning
        return log
    }

    private func jobParts(_ present: Present) throws -> [any Service] {
        let kinds =
            try services.readingKinds + services.sendingKinds() + services.workingKinds + services.tellingKinds()
            + services.triageKinds
        let runner = JobRunner(
            database: services.database, store: services.stores.jobs, kinds: kinds, alarm: services.alarm,
            log: services.log)
        let fetching = MailFetching(services)
        return [
            Loop { await runner.run() }, Loop { await seal(present) }, Loop { await sweep() },
            Loop { await fetching.run() },
        ]
    }

    /// Seals events, woken by them and at most a second behind; ten times a second at most, so that many are sealed
    /// together.
    private func seal(_ present: Present) async {
        let sealer = EventSealer()
        let heads = AuditHeads(services.directory.auditHeads)
        var kept: Milliseconds = 0
        var last: EventSealer.Head?
        while !Task.isCancelled {
            let generation = services.eventAlarm.generation
            do {
                while try await services.database.read({ try sealer.isNeeded(in: $0) }),
                    let head = try await services.database.write({ try sealer.seal(limit: 250, in: $0) })
                {
                    last = head
                    present.tell(head.seq)
                }
                let now = services.clock.now()
                if let head = last, now - kept > 10_000 {
                    try heads.append(head, at: now)
                    (kept, last) = (now, nil)
                }
            } catch { services.log.warning("events wait to be sealed", metadata: ["error": "\(error)"]) }
            try? await Task.sleep(for: .milliseconds(100))
            await services.eventAlarm.wait(after: generation, atMost: 1000)
        }
    }

    /// Ends old sessions and forgets what is past undoing, hourly.
    private func sweep() async {
        let forgetting = Forgetting(
            database: services.database, bulks: BulkStore(ids: services.ids), mailboxes: services.mailboxes,
            servers: services.mailServers, clock: services.clock)
        while !Task.isCancelled {
            let now = services.clock.now()
            let sessions = services.sessions
            do {
                try await services.database.write { try sessions.sweep(at: now, in: $0) }
                try await forgetting.run()
                try await services.retaining.run()
                try await services.keepErasures()
            } catch { services.log.warning("sessions and old records were not swept") }
            try? await Task.sleep(for: .seconds(3600))
        }
    }

    /// A process whose node number was taken by another makes no more ids, and ends.
    private func renewLease() async {
        let lease = services.lease
        var renewed = ContinuousClock.now
        var hasLapsed = false
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(lease.duration / 6))
            let asked = ContinuousClock.now
            do {
                try await lease.renew(services.database)
                renewed = asked
                if hasLapsed { services.ids.resume(node: lease.number) }
                hasLapsed = false
                try await services.database.write { [jobs = services.stores.jobs] in try jobs.releaseOrphans(in: $0) }
            } catch let failure as Failure where failure.code == .conflict {
                services.ids.lapse()
                services.log.critical("another process has this node number: ending")
                kill(getpid(), SIGTERM)
                return
            } catch {
                // Before the lease ends by the database's clock, no id is made any more.
                guard ContinuousClock.now - renewed > .milliseconds(lease.duration * 2 / 3) else { continue }
                services.ids.lapse()
                hasLapsed = true
            }
        }
    }
}

/// A loop that runs until the group shuts down.
struct Loop: Service {
    let body: @Sendable () async throws -> Void

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await body() }
        // A loop that ends by itself while others run would stop the group: wait for the shutdown.
        try? await gracefulShutdown()
    }
}
