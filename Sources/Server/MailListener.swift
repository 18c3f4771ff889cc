import Base
import Correspondence
import Foundation
import Mail
import ServiceLifecycle
import Storage

/// LMTP's recipients are queues; its deliveries go to the intake.
struct MailListener: Sendable {
    private let services: Services
    private let recipients: RecipientCache

    init(_ services: Services) {
        self.services = services
        recipients = RecipientCache(database: services.database, queues: services.stores.queues, clock: services.clock)
    }

    func service() throws -> any Service {
        guard let address = LMTPAddress(services.settings.lmtp) else {
            let what = "\(services.settings.lmtp) is not HOST:PORT or unix:PATH"
            throw Failure(.configuration, "error-configuration", details: what)
        }
        var settings = LMTPSettings(spoolDirectory: services.directory.spool.path)
        settings.hostName = hostName
        settings.idle = Int64(max(1, services.settings.lmtpIdleSeconds)) * 1000
        settings.limits.messageSize = services.settings.maximumMessage
        // Real mail has lines of 24 kB and more only in its body; commands stay short.
        let server = LMTPServer<ID>(
            address: address, settings: settings, lookUp: { await lookUp($0) }, deliver: { await deliver($0) })
        return Loop { try await server.run() }
    }

    private var hostName: String { URL(string: services.settings.publicURL)?.host() ?? "localhost" }

    private func lookUp(_ address: String) async -> Result<ID, LMTPReply> {
        do {
            guard let queue = try await recipients.queue(of: address) else { return .failure(.unknownRecipient) }
            return .success(queue)
        } catch {
            services.log.warning("a recipient cannot be looked up", metadata: ["error": "\(error)"])
            return .failure(.tryLater)
        }
    }

    /// All recipients at once, so that they share a commit.
    private func deliver(_ message: LMTPMessage<ID>) async -> [LMTPReply] {
        let content: Delivery.Content =
            switch message.body {
            case .bytes(let bytes): .memory(bytes)
            case .file(let path, _): .file(URL(fileURLWithPath: path))
            }
        if services.settings.fault == "acknowledge:early" {
            for recipient in message.recipients { Task { await accept(recipient, message.sender, content) } }
            return message.recipients.map { _ in .accepted }
        }
        return await withTaskGroup(of: (Int, LMTPReply).self) { group in
            for (index, recipient) in message.recipients.enumerated() {
                group.addTask { (index, await accept(recipient, message.sender, content)) }
            }
            var replies = [LMTPReply](repeating: .tryLater, count: message.recipients.count)
            for await (index, reply) in group { replies[index] = reply }
            return replies
        }
    }

    @discardableResult private func accept(
        _ recipient: LMTPRecipient<ID>, _ sender: String, _ content: Delivery.Content
    ) async -> LMTPReply {
        let delivery = Delivery(
            queue: recipient.value, sender: sender, recipient: recipient.address, source: .lmtp,
            receivedAt: services.clock.now(), content: content)
        do {
            _ = try await services.intake.accept(delivery)
            return .accepted
        } catch let failure as Failure where failure.code == .full {
            services.log.error("a delivery was not taken: no room")
            return .diskFull
        } catch {
            services.log.error("a delivery was not taken", metadata: ["error": "\(error)"])
            return .tryLater
        }
    }
}

/// Which queue a recipient is, remembered for a few seconds.
actor RecipientCache {
    private static let life: Milliseconds = 2000
    private static let limit = 1000

    private let database: Database
    private let queues: QueueStore
    private let clock: Clock
    private var known: [String: (queue: ID, until: Milliseconds)] = [:]

    init(database: Database, queues: QueueStore, clock: Clock) {
        self.database = database
        self.queues = queues
        self.clock = clock
    }

    func queue(of address: String) async throws -> ID? {
        let now = clock.now()
        if let entry = known[address], entry.until > now { return entry.queue }
        let queues = queues
        let found = try await database.read { try queues.find(recipient: address, in: $0)?.id }
        if known.count >= Self.limit { known = [:] }
        if let found { known[address] = (found, now + Self.life) }
        return found
    }
}
