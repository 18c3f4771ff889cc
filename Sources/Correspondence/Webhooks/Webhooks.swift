import Base
import Fetch
import Jobs
import Storage

/// What pages and API do with webhooks: the address is looked at before it is kept.
package struct Webhooks: Sendable {
    let database: Database
    let store: WebhookStore
    private let jobs: JobStore
    private let clock: Clock
    private let random: Randomness
    private let alarm: JobAlarm
    /// Networks of one's own that webhooks may lead into.
    private let allowed: [AddressRange]

    package init(
        database: Database, store: WebhookStore, jobs: JobStore, clock: Clock, random: Randomness, alarm: JobAlarm,
        allowed: [AddressRange]
    ) {
        self.database = database
        self.store = store
        self.jobs = jobs
        self.clock = clock
        self.random = random
        self.alarm = alarm
        self.allowed = allowed
    }

    /// The secret is told here and nowhere else.
    func add(_ content: WebhookContent, by viewer: Viewer) async throws -> (webhook: Webhook, secret: String) {
        guard Webhook.mayBeKept(by: viewer) else { throw Failure(.notFound, "error-not-found") }
        try await require(content)
        let (secret, now) = (WebhookSigning.makeSecret(random), clock.now())
        let webhook = try await database.write { [store] db in
            try store.add(content, secret: secret, by: viewer, at: now, in: db)
        }
        return (webhook, secret)
    }

    /// `first` looks, in the same transaction.
    func change(
        _ id: ID, to content: WebhookContent, by viewer: Viewer,
        first: @escaping @Sendable (any Connection) throws -> Void = { _ in }
    ) async throws {
        _ = try await database.read { [store] db in try store.require(id, of: viewer, in: db) }
        try await require(content)
        let now = clock.now()
        try await database.write { [store] db in
            try first(db)
            try store.change(id, to: content, by: viewer, at: now, in: db)
        }
    }

    /// A name that has no address today may have one tomorrow; a trial will tell.
    private func require(_ content: WebhookContent) async throws(Failure) {
        try content.validate()
        do { _ = try await VettedAddress.find(content.url, allowed: allowed) } catch {
            if error.code != .unavailable { throw error }
        }
    }

    func renewSecret(of id: ID, by viewer: Viewer) async throws -> String {
        let (secret, now) = (WebhookSigning.makeSecret(random), clock.now())
        try await database.write { [store] db in
            try store.renewSecret(secret, of: id, by: viewer, at: now, in: db)
        }
        return secret
    }

    func setOn(
        _ isOn: Bool, _ id: ID, by viewer: Viewer,
        first: @escaping @Sendable (any Connection) throws -> Void = { _ in }
    ) async throws {
        let now = clock.now()
        try await database.write { [store, jobs] db in
            try first(db)
            try store.setOn(
                isOn, id, by: viewer, jobs: { try jobs.add(WebhookDelivering.jobName, subject: $0, in: db) }, at: now,
                in: db)
        }
        alarm.ring()
    }

    func remove(
        _ id: ID, by viewer: Viewer, first: @escaping @Sendable (any Connection) throws -> Void = { _ in }
    ) async throws {
        let now = clock.now()
        try await database.write { [store] db in
            try first(db)
            try store.remove(id, by: viewer, at: now, in: db)
        }
    }

    func restore(_ id: ID, by viewer: Viewer) async throws {
        let now = clock.now()
        try await database.write { [store, jobs] db in
            try store.restore(
                id, by: viewer, jobs: { try jobs.add(WebhookDelivering.jobName, subject: $0, in: db) }, at: now, in: db)
        }
        alarm.ring()
    }

    /// Sends something that says that it is a trial; returns its delivery.
    func tryOut(_ id: ID, by viewer: Viewer) async throws -> ID {
        let now = clock.now()
        let delivery = try await database.write { [store, jobs] db -> ID in
            _ = try store.require(id, of: viewer, in: db)
            let made = try store.addDelivery(
                event: nil, kind: WebhookDelivery.trial,
                body: { WebhookBody.trial(webhook: id, delivery: $0, at: now) }, to: id, at: now, in: db)
            guard let made else { throw Failure(.conflict, "error-conflict") }
            try jobs.add(WebhookDelivering.jobName, subject: made, in: db)
            return made
        }
        alarm.ring()
        return delivery
    }

    func sendAgain(_ delivery: ID, of id: ID, by viewer: Viewer) async throws {
        let now = clock.now()
        try await database.write { [store, jobs] db in
            _ = try store.require(id, of: viewer, in: db)
            try store.repeatDelivery(delivery, of: id, at: now, in: db)
            try jobs.add(WebhookDelivering.jobName, subject: delivery, in: db)
        }
        alarm.ring()
    }
}
