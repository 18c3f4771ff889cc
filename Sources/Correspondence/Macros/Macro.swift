import Base

/// Several changes under one name, done with one click.
package struct Macro: Sendable, Equatable {
    package var id: ID
    /// Nil for all queues.
    package var queue: ID?
    package var name: String
    package var body: MacroBody
    package var version: Int
    package var removedAt: Milliseconds?

    package init(
        id: ID, queue: ID?, name: String, body: MacroBody, version: Int, removedAt: Milliseconds? = nil
    ) {
        self.id = id
        self.queue = queue
        self.name = name
        self.body = body
        self.version = version
        self.removedAt = removedAt
    }
}

/// What a macro does.
package struct MacroBody: Sendable, Equatable, Codable {
    /// `me` as owner is whoever uses it.
    package static let me = "me"

    package var change: TicketChange
    /// A name of `Snoozing.choices`; counted from when it is used.
    package var snooze: String?

    package init(change: TicketChange = TicketChange(), snooze: String? = nil) {
        self.change = change
        self.snooze = snooze
    }

    /// The change as it is at this moment, for this member.
    func change(by viewer: Viewer, at now: Milliseconds, _ snoozing: Snoozing) throws -> TicketChange {
        var change = change
        if change.owner == Self.me { change.owner = String(viewer.memberID) }
        if let snooze {
            change.state = TicketState.waiting.rawValue
            change.outcome = nil
            change.until = try snoozing.time(choice: snooze, date: "", now: now)
        }
        return change
    }

    func validate() throws(Failure) {
        var change = change
        if change.owner == Self.me { change.owner = "" }
        if let snooze {
            guard Snoozing.choices.contains(where: { $0.0 == snooze }) else {
                throw Failure(.invalid, "snooze-invalid")
            }
            change.state = TicketState.waiting.rawValue
            change.outcome = nil
        }
        guard !change.isEmpty else { throw Failure(.invalid, "macro-does-nothing") }
        try change.validate()
    }
}
