import Base

/// What an administrator or lead wants done with mail that looks a certain way.
package struct Rule: Sendable, Equatable {
    package var id: ID
    /// Nil for all queues that are not confidential.
    package var queue: ID?
    /// Order among the rules of the same queue.
    package var place: Int
    package var name: String
    package var body: RuleBody
    package var isOn: Bool
    /// Grows with each saving of name or body.
    package var version: Int
    package var changedAt: Milliseconds
    package var removedAt: Milliseconds?

    package init(
        id: ID, queue: ID?, place: Int, name: String, body: RuleBody, isOn: Bool, version: Int,
        changedAt: Milliseconds, removedAt: Milliseconds? = nil
    ) {
        self.id = id
        self.queue = queue
        self.place = place
        self.name = name
        self.body = body
        self.isOn = isOn
        self.version = version
        self.changedAt = changedAt
        self.removedAt = removedAt
    }
}

/// One saved state of a rule.
package struct RuleVersion: Sendable, Equatable {
    package var version: Int
    package var name: String
    package var body: RuleBody
    package var member: ID?
    package var at: Milliseconds
}

/// What a rule asks of a message and what it does then.
package struct RuleBody: Sendable, Equatable, Codable {
    package enum Occasion: String, Sendable, CaseIterable, Codable { case opening, every }
    package enum Sender: String, Sendable, CaseIterable, Codable { case new, known }
    package enum Files: String, Sendable, CaseIterable, Codable { case with, without }
    package enum Hours: String, Sendable, CaseIterable, Codable { case open, closed }

    /// The first message of a ticket, or each that comes in.
    package var occasion: Occasion
    package var conditions: [RuleCondition]
    /// Nil: no matter; so for all that follow.
    package var sender: Sender?
    package var files: Files?
    package var hours: Hours?
    /// 1 is Monday; empty for any day.
    package var weekdays: [Int]
    /// Minutes of the wall clock; both or none. `from` after `to` goes over midnight.
    package var from: Int?
    package var to: Int?
    /// Queue, tags, priority, owner, proposed text, checklist; nothing else.
    package var change: TicketChange
    package var notifiedMembers: [ID]
    package var notifiedTeams: [ID]
    /// Whether the acknowledgement goes out; nil leaves it to the queue.
    package var acknowledges: Bool?
    /// No rule after this one is looked at.
    package var stops: Bool

    package init(
        occasion: Occasion = .opening, conditions: [RuleCondition] = [], sender: Sender? = nil, files: Files? = nil,
        hours: Hours? = nil, weekdays: [Int] = [], from: Int? = nil, to: Int? = nil,
        change: TicketChange = TicketChange(), notifiedMembers: [ID] = [], notifiedTeams: [ID] = [],
        acknowledges: Bool? = nil, stops: Bool = false
    ) {
        self.occasion = occasion
        self.conditions = conditions
        self.sender = sender
        self.files = files
        self.hours = hours
        self.weekdays = weekdays
        self.from = from
        self.to = to
        self.change = change
        self.notifiedMembers = notifiedMembers
        self.notifiedTeams = notifiedTeams
        self.acknowledges = acknowledges
        self.stops = stops
    }

    var asksForTime: Bool { hours != nil || !weekdays.isEmpty || from != nil }
    var asksForNothing: Bool {
        conditions.isEmpty && sender == nil && files == nil && !asksForTime
    }
    var doesNothing: Bool {
        change.isEmpty && notifiedMembers.isEmpty && notifiedTeams.isEmpty && acknowledges == nil && !stops
    }

    private static let mostConditions = 20

    /// `invalid` with a message for whoever wrote it.
    package func validate() throws(Failure) {
        guard conditions.count <= Self.mostConditions else { throw Failure(.invalid, "rule-too-long") }
        for condition in conditions { _ = try condition.compiled() }
        guard weekdays.allSatisfy({ (1...7).contains($0) }), (from == nil) == (to == nil), from == nil || from != to,
            [from, to].compactMap({ $0 }).allSatisfy({ (0..<1440).contains($0) })
        else { throw Failure(.invalid, "rule-time-invalid") }
        guard !doesNothing else { throw Failure(.invalid, "rule-does-nothing") }
        // A rule that asks for nothing and moves would empty a queue by mistake.
        guard !asksForNothing else { throw Failure(.invalid, "rule-asks-nothing") }
        if !change.isEmpty { try change.validate() }
    }
}

/// One line of a rule: what stands where.
package struct RuleCondition: Sendable, Equatable, Codable {
    /// All of the first must hold, one of the second if there are any, none of the third.
    package enum Group: String, Sendable, CaseIterable, Codable { case all, any, none }
    package enum Place: String, Sendable, CaseIterable, Codable {
        case words, subject, text, sender, recipient, header, tag, language, file
    }

    package var group: Group
    package var place: Place
    /// Alternatives, separated by commas. See `RuleWords`.
    package var words: String

    package init(_ group: Group, _ place: Place, _ words: String) {
        self.group = group
        self.place = place
        self.words = words
    }

    func compiled() throws(Failure) -> RuleWords { try RuleWords(words, for: place) }
}
