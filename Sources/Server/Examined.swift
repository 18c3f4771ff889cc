import Base
import Correspondence
import Jobs
import Mail
import Storage
import Synchronization
import Web

/// What the doctor found last, for the page: looked at every five minutes and when asked for. Pages only read it, since
/// connecting to a mail server may take seconds.
final class Examined: Sendable {
    private static let interval: Milliseconds = 300_000

    private let found = Mutex<[Check]>([])
    private let alarm = JobAlarm()

    init() {}

    func checks() -> [Check] { found.withLock { $0 } }

    /// Has it looked at anew, soon.
    func ask() { alarm.ring() }

    /// Runs until cancelled.
    func run(_ services: Services) async {
        while !Task.isCancelled {
            let generation = alarm.generation
            let checks = await Checks(services: services).run()
            found.withLock { $0 = checks }
            await alarm.wait(after: generation, atMost: Self.interval)
        }
    }
}

/// The examination as the page says it: each check in words, with what to do.
struct Checks: Sendable {
    let services: Services

    func run() async -> [Check] {
        var checks = [configuration]
        checks.append(await database())
        checks.append(await queues())
        checks.append(await server())
        checks += await mailboxes()
        return checks
    }

    private var configuration: Check {
        let address = services.settings.publicURL
        let isSafe = address.hasPrefix("https://")
        let isLocal = ["127.0.0.1", "localhost"].contains { address.contains("//\($0)") }
        if isSafe || isLocal { return Check(.fine, Phrase("check-address-fine", .text(address))) }
        return Check(.broken, Phrase("check-address-open", .text(address)), advice: Phrase("check-address-advice"))
    }

    private func database() async -> Check {
        do {
            let facts = try await services.database.facts()
            let name = services.database.engine == .sqlite ? "SQLite" : "PostgreSQL"
            guard Examination.isDurable(facts) else {
                return Check(
                    .broken, Phrase("check-database-soft", .text(name)), advice: Phrase("check-database-advice"))
            }
            return Check(.fine, Phrase("check-database-fine", .text(name)))
        } catch { return Check(.broken, Phrase("check-database-away")) }
    }

    private func queues() async -> Check {
        let found = try? await services.database.read { [queues = services.stores.queues] db in try queues.all(in: db) }
        guard let found, !found.isEmpty else {
            return Check(.warning, Phrase("check-queues-none"), advice: Phrase("check-queues-advice"))
        }
        // Of confidential queues the page says nothing here.
        let mute = found.filter { $0.address == nil && !$0.isConfidential }.map(\.name)
        if mute.isEmpty { return Check(.fine, Phrase("check-queues-fine", .number(found.count))) }
        return Check(
            .warning, Phrase("check-queues-mute", .text(mute.joined(separator: " · "))),
            advice: Phrase("check-queues-mute-advice"))
    }

    private func server() async -> Check {
        do {
            let server = try await services.serverInUse()
            let place = "\(server.host):\(server.port)"
            if let failure = await SMTPClient(server: server, timeoutSeconds: 8).test() {
                return Check(
                    .broken, Phrase("check-server-broken", .text(place)),
                    advice: Phrase(failure.messageKey, texts: failure.arguments))
            }
            return Check(.fine, Phrase("check-server-fine", .text(place)))
        } catch {
            let key = (error as? Failure)?.messageKey ?? "error-internal"
            return Check(.broken, Phrase("check-server-broken", .text("–")), advice: Phrase(key))
        }
    }

    private func mailboxes() async -> [Check] {
        let found = try? await services.database.read { [store = services.mailboxes] db in try store.all(in: db) }
        return (found ?? []).map { mailbox in
            switch mailbox.state {
            case "ok": Check(.fine, Phrase("check-mailbox-fine", .text(mailbox.name)))
            case "new": Check(.warning, Phrase("check-mailbox-new", .text(mailbox.name)))
            default:
                Check(.broken, Phrase("check-mailbox-broken", .text(mailbox.name)), advice: Phrase(mailbox.state))
            }
        }
    }
}
