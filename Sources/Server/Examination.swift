import Base
import Correspondence
import Foundation
import Mail
import Storage

/// `liaison doctor`: each part of the installation, in words for the administrator at the terminal.
package struct Examination: Sendable {
    package typealias Finding = Verification.Finding

    private let services: Services

    package init(_ services: Services) { self.services = services }

    package func run() async -> [Finding] {
        var findings = SettingsFaults.all(services.settings).map {
            Finding(name: "configuration", isFine: false, detail: $0)
        }
        findings.append(configuration())
        findings.append(resources())
        findings += await database()
        findings.append(await queues())
        findings.append(await mailServer())
        findings += await mailboxes()
        findings.append(await search())
        findings.append(await care())
        return findings
    }

    private func configuration() -> Finding {
        let isSafe = services.settings.publicURL.hasPrefix("https://")
        let isLocal = ["127.0.0.1", "localhost"].contains { services.settings.publicURL.contains("//\($0)") }
        let detail = "public address \(services.settings.publicURL), instance key \(services.key.fingerprint)"
        return Finding(
            name: "configuration", isFine: isSafe || isLocal,
            detail: isSafe || isLocal ? detail : detail + ": people can sign in only over https; set --public-url")
    }

    private func resources() -> Finding {
        do {
            _ = try Resources.folder(services.settings)
            return Finding(name: "resources", isFine: true, detail: "templates and strings are there")
        } catch { return Finding(name: "resources", isFine: false, detail: error.details) }
    }

    private func search() async -> Finding {
        let isCurrent = (try? await services.database.read { try SearchVersion.isCurrent(in: $0) }) ?? false
        let advice = isCurrent ? "words are as they are looked for" : "made by an older version: run liaison reindex"
        return Finding(name: "search", isFine: isCurrent, detail: advice)
    }

    private func database() async -> [Finding] {
        do {
            let facts = try await services.database.facts()
            let words = facts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
            let isDurable = Self.isDurable(facts)
            let advice =
                isDurable ? "" : ": acknowledged mail could be lost with the power; see docs/admin/operations.md"
            return [
                Finding(
                    name: "database", isFine: isDurable,
                    detail: "\(services.database.engine.rawValue) \(words)\(advice)")
            ]
        } catch {
            return [Finding(name: "database", isFine: false, detail: "does not answer: \(error)")]
        }
    }

    /// True when a commit waits for the disk.
    static func isDurable(_ facts: [(String, String)]) -> Bool {
        facts.allSatisfy { name, value in
            switch name {
            // SQLite says 2 for FULL.
            case "synchronous": value == "2" || value == "3"
            case "synchronous_commit": value != "off" && value != "local"
            case "fsync", "full_page_writes": value == "on"
            default: true
            }
        }
    }

    private func queues() async -> Finding {
        let queues =
            (try? await services.database.read { [services] db in try services.stores.queues.all(in: db) }) ?? []
        if queues.isEmpty {
            return Finding(name: "queues", isFine: false, detail: "none: liaison queue add NAME --address MAIL")
        }
        let mute = queues.filter { $0.address == nil }.map(\.name)
        return Finding(
            name: "queues", isFine: true,
            detail: "\(queues.count)"
                + (mute.isEmpty ? "" : "; without an address to answer from: \(mute.joined(separator: " "))"))
    }

    private func mailServer() async -> Finding {
        if !services.settings.sendsMail, (try? await services.usedServer()) == nil {
            return Finding(name: "smtp", isFine: true, detail: "none: no mail leaves this desk")
        }
        do {
            let server = try await services.serverInUse()
            if let failure = await SMTPClient(server: server, timeoutSeconds: 10).test() {
                return Finding(name: "smtp", isFine: false, detail: "\(server.host):\(server.port) \(failure.details)")
            }
            return Finding(name: "smtp", isFine: true, detail: "\(server.host):\(server.port) takes our mail")
        } catch { return Finding(name: "smtp", isFine: false, detail: (error as? Failure)?.details ?? "unknown") }
    }

    private func mailboxes() async -> [Finding] {
        let mailboxes =
            (try? await services.database.read { [services] db in try services.mailboxes.all(in: db) }) ?? []
        return mailboxes.map { mailbox in
            let isFine = mailbox.state == "ok" || mailbox.state == "new"
            return Finding(name: "mailbox \(mailbox.name)", isFine: isFine, detail: mailbox.state)
        }
    }

    private func care() async -> Finding {
        let counts = try? await services.database.read { [services] db in
            (
                try services.stores.jobs.dead(limit: 1000, in: db).count,
                try db.int("SELECT COUNT(*) AS n FROM outbox WHERE state IN ('in-doubt', 'failed')")
            )
        }
        guard let (dead, mails) = counts else { return Finding(name: "care", isFine: false, detail: "unknown") }
        return Finding(
            name: "care", isFine: dead == 0 && mails == 0,
            detail: "\(dead) dead jobs, \(mails) mails failed or in doubt: see /care")
    }
}
