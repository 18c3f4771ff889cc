/// What a member may do with a queue.
package enum Right: String, Sendable, CaseIterable, Codable {
    case see, note, draft, send, approve, manage
}

/// Who is looking, with their rights already resolved. Every web-facing read takes one.
package struct Viewer: Sendable, Equatable {
    package let memberID: ID
    package let isAdministrator: Bool
    /// Queue id → rights. Administrators' rights on queues that are not confidential are already in here.
    package let rights: [ID: Set<Right>]

    package init(memberID: ID, isAdministrator: Bool, rights: [ID: Set<Right>]) {
        self.memberID = memberID
        self.isAdministrator = isAdministrator
        self.rights = rights
    }

    package func may(_ right: Right, queue: ID) -> Bool { rights[queue]?.contains(right) ?? false }

    /// Queues in which the viewer has this right, ascending.
    package func queues(_ right: Right) -> [ID] { rights.filter { $0.value.contains(right) }.keys.sorted() }
}
