/// What a member may do with a queue.
package enum Right: String, Sendable, CaseIterable, Codable {
    case see, note, draft, send, approve
    /// Put tickets into the queue without seeing what is in it.
    case handOver = "hand-over"
    /// Decide about the rights, texts and hours of the queue.
    case manage
}

extension Set<Right> {
    /// With what is needed to make use of them: drafting for sending, seeing for all but handing over.
    package var completed: Set<Right> {
        var all = self
        if all.contains(.send) { all.insert(.draft) }
        if !all.isSubset(of: [.handOver]) { all.insert(.see) }
        return all
    }
}

/// Who is looking, with their rights already resolved. Every web-facing read takes one.
package struct Viewer: Sendable, Equatable {
    package let memberID: ID
    package let isAdministrator: Bool
    /// Queue id → rights. Administrators' rights on queues that are not confidential are already in here.
    package let rights: [ID: Set<Right>]
    /// Those of these queues in which every reading is recorded.
    package let confidentialQueues: Set<ID>
    /// Teams whose members the viewer decides about.
    package let ledTeams: Set<ID>

    package init(
        memberID: ID, isAdministrator: Bool, rights: [ID: Set<Right>], confidentialQueues: Set<ID> = [],
        ledTeams: Set<ID> = []
    ) {
        self.memberID = memberID
        self.isAdministrator = isAdministrator
        self.rights = rights
        self.confidentialQueues = confidentialQueues
        self.ledTeams = ledTeams
    }

    package func may(_ right: Right, queue: ID) -> Bool { rights[queue]?.contains(right) ?? false }

    /// Queues in which the viewer has this right, ascending.
    package func queues(_ right: Right) -> [ID] { rights.filter { $0.value.contains(right) }.keys.sorted() }

    /// Queues into which the viewer may move a ticket, ascending.
    package var targets: [ID] {
        rights.filter { $0.value.contains(.see) || $0.value.contains(.handOver) }.keys.sorted()
    }

    /// True where the viewer decides about rights, texts and hours of a queue: its leads, and administrators.
    package func mayKeep(queue: ID) -> Bool { isAdministrator || may(.manage, queue: queue) }
}
