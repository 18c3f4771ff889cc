import Base
import People
import Storage

/// Changes to queues by those who keep them: administrators decide what a queue is, its leads what it says and when.
package struct QueueKeeping: Sendable {
    private let queues: QueueStore
    private let members: MemberStore
    private let hours: HoursStore

    package init(queues: QueueStore, members: MemberStore, hours: HoursStore) {
        self.queues = queues
        self.members = members
        self.hours = hours
    }

    /// For administrators. Who makes a confidential queue manages it.
    package func add(
        _ settings: QueueStore.Settings, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> Queue {
        guard viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
        let queue = try queues.add(
            name: settings.name, displayName: settings.displayName, addresses: settings.addresses,
            isList: settings.isList, actor: viewer.memberID, at: at, in: db)
        try queues.change(queue.id, to: settings, actor: viewer.memberID, at: at, in: db)
        if settings.isConfidential { try keepManaged(queue.id, viewer, at: at, in: db) }
        return try queues.require(queue.id, in: db)
    }

    /// For administrators; who makes a confidential queue open must manage it, so that this is no way around a grant.
    package func change(
        _ id: ID, to settings: QueueStore.Settings, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard viewer.isAdministrator else { throw Failure(.notFound, "error-not-found") }
        let before = try queues.require(id, in: db)
        if before.isConfidential, !settings.isConfidential, !viewer.may(.manage, queue: id) {
            throw Failure(.refused, "queue-open-refused")
        }
        try queues.change(id, to: settings, actor: viewer.memberID, at: at, in: db)
        if settings.isConfidential, !before.isConfidential { try keepManaged(id, viewer, at: at, in: db) }
    }

    /// A confidential queue that nobody manages would be shut for good.
    private func keepManaged(_ id: ID, _ viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        guard try members.members(with: .manage, queue: id, in: db).isEmpty else { return }
        try members.setRights(
            Set(Right.allCases), of: viewer.memberID, queue: id, actor: viewer.memberID, at: at, in: db)
    }

    package func setSignature(
        _ signature: String, of id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let queue = try queues.require(id, keptBy: viewer, in: db)
        guard signature.utf8.count <= 4000 else { throw Failure(.tooLarge, "error-too-large") }
        try queues.setSignature(signature, of: queue.id, actor: viewer.memberID, at: at, in: db)
    }

    package func setHours(
        _ new: QueueHours?, of id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let queue = try queues.require(id, keptBy: viewer, in: db)
        try hours.set(new, of: queue.id, actor: viewer.memberID, at: at, in: db)
    }
}
