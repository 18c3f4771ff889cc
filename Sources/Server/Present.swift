import Base
import Correspondence
import Foundation
import Jobs
import Logging
import ServiceLifecycle
import Storage

/// What is live: nodes tell each other what is new, streams are woken, notices are made.
///
/// Every node looks once a second at what is sealed, whatever it was told: signals only make it faster.
struct Present: Sendable {
    private let services: Services
    private let signals: NodeSignals?

    init(_ services: Services) {
        self.services = services
        guard services.database.engine == .postgres else {
            signals = nil
            return
        }
        let (hub, alarm) = (services.live, services.alarm)
        signals = NodeSignals(services.settings.databaseLocation, log: services.log) { signal in
            hub.advance(to: signal.head)
            if signal.hasJobs { alarm.ringHere() }
            for word in signal.words { hub.hear(word) }
        }
    }

    /// Before the first page: pages are told where they stand.
    func begin() async throws {
        let (events, organisation) = (services.stores.events, services.organisation)
        let head = try await services.database.read { db in
            try organisation.refresh(in: db)
            return try events.head(in: db)
        }
        services.live.advance(to: head)
        guard let signals else { return }
        services.alarm.onRing { signals.tell(.init(hasJobs: true)) }
        services.live.onPresence { signals.tell(.init(words: [$0])) }
    }

    /// Events up to here were sealed by this node.
    func tell(_ head: Int64) {
        services.live.advance(to: head)
        signals?.tell(.init(head: head))
    }

    /// Until the shutdown; then the streams end.
    func run() async {
        let events = services.stores.events
        while !Task.isCancelled {
            do {
                let organisation = services.organisation
                let head = try await services.database.read { db in
                    try organisation.refresh(in: db)
                    return try events.head(in: db)
                }
                services.live.advance(to: head)
            } catch { services.log.debug("the newest event was not seen") }
            services.live.expire()
            try? await Task.sleep(for: .seconds(1))
        }
        services.live.close()
        signals?.close()
    }

    // MARK: - Notices

    func jobParts() throws -> [any Service] {
        let making = services.noticeMaking
        let mailing = try services.noticeMailing()
        let paging = try PagingLoop(services)
        let escalating = try EscalatingLoop(services)
        let feeding = WebhookFeeding(
            database: services.database, store: services.webhookStore, members: services.members,
            jobs: services.stores.jobs, clock: services.clock, alarm: services.alarm)
        return [
            Loop { await makeNotices(making) }, Loop { await sweepDigests(mailing) },
            Loop { await feedWebhooks(feeding) },
            Loop { await offerOfAway() }, Loop { await paging.run() }, Loop { await escalating.run() },
        ]
    }

    private func makeNotices(_ making: NoticeMaking) async {
        let hub = services.live
        while !Task.isCancelled {
            let generation = hub.alarm.generation
            do { try await making.run() } catch {
                services.log.warning("notices wait to be made", metadata: ["error": "\(error)"])
            }
            // Many events together are one pass.
            try? await Task.sleep(for: .milliseconds(500))
            await hub.alarm.wait(after: generation, atMost: 5000)
        }
    }

    private func offerOfAway() async {
        let offering = AwayOffering(
            database: services.database, stores: services.stores, members: services.members, zone: services.zone,
            clock: services.clock)
        while !Task.isCancelled {
            do { try await offering.run() } catch { services.log.warning("tickets of who is away wait") }
            try? await Task.sleep(for: .seconds(300))
        }
    }

    private func feedWebhooks(_ feeding: WebhookFeeding) async {
        let hub = services.live
        var swept: Milliseconds = 0
        while !Task.isCancelled {
            let generation = hub.alarm.generation
            do {
                try await feeding.run()
                let now = services.clock.now()
                if now - swept > 3_600_000 {
                    swept = now
                    try await feeding.sweep()
                }
            } catch { services.log.warning("webhooks wait to be told", metadata: ["error": "\(error)"]) }
            try? await Task.sleep(for: .milliseconds(500))
            await hub.alarm.wait(after: generation, atMost: 5000)
        }
    }

    private func sweepDigests(_ mailing: NoticeMailing) async {
        while !Task.isCancelled {
            do { try await mailing.sweep() } catch { services.log.warning("digests wait to be made") }
            try? await Task.sleep(for: .seconds(60))
        }
    }
}
