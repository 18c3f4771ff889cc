import Base
import People
import Storage
import Web

/// Says in words what a rule or macro does, with the names that ids have now.
struct ChangeWords: Sendable {
    var queues: [ID: String] = [:]
    var members: [ID: String] = [:]
    var teams: [ID: String] = [:]
    var checklists: [ID: String] = [:]
    var texts: [ID: String] = [:]
    /// Checklists on tickets, for what was done.
    var put: [ID: String] = [:]

    /// Names of what the viewer may know; others stay three dots.
    static func read(
        _ desk: Desk, _ viewer: Viewer, withTexts: Bool = true, in db: any Connection
    ) throws -> ChangeWords {
        var words = ChangeWords()
        for queue in try desk.stores.queues.targets(of: viewer, in: db) { words.queues[queue.id] = queue.name }
        for queue in try desk.stores.queues.all(keptBy: viewer, in: db) { words.queues[queue.id] = queue.name }
        for member in try desk.members.all(in: db) { words.members[member.id] = member.name }
        for row in try db.rows("SELECT id, name FROM team") { words.teams[try row.int("id")] = try row.text("name") }
        for row in try db.rows("SELECT id, name FROM checklist") {
            words.checklists[try row.int("id")] = try row.text("name")
        }
        guard withTexts else { return words }
        for text in try ProposedTexts.all(visibleTo: viewer, in: db) { words.texts[text.id] = text.title }
        return words
    }

    /// One phrase for each part.
    func phrases(of change: TicketChange, isDone: Bool = false) -> [Phrase] {
        var found: [Phrase] = []
        if let queue = change.queue { found.append(Phrase("change-queue", .text(queues[queue] ?? "…"))) }
        if let owner = change.owner { found.append(Phrase("change-owner", self.owner(owner))) }
        if let state = change.state, let known = TicketState(rawValue: state) {
            found.append(Phrase("change-state", .phrase(Phrase("ticket-state-\(known.rawValue)"))))
        }
        if let priority = change.priority {
            let name = Signs.priorities[min(3, max(0, priority - 1))]
            found.append(Phrase("change-priority", .phrase(Phrase("ticket-priority-\(name)"))))
        }
        func add(_ key: String, _ tags: [String]?) {
            if let tags { found.append(Phrase(key, .text(tags.joined(separator: ", ")))) }
        }
        add("change-tags", change.tags)
        add("change-add-tags", change.addTags)
        add("change-remove-tags", change.removeTags)
        if let text = change.proposal, text != 0 {
            found.append(Phrase("change-proposal", .text(texts[text] ?? "…")))
        }
        if let list = change.checklist {
            found.append(Phrase("change-checklist", .text((isDone ? put[list] : checklists[list]) ?? "…")))
        }
        return found
    }

    private func owner(_ owner: String) -> Phrase.Argument {
        if owner == MacroBody.me { return .phrase(Phrase("search-owner-me")) }
        guard let id = ID(owner) else { return .phrase(Phrase("ticket-list-nobody")) }
        return .text(members[id] ?? "…")
    }

    // MARK: - Rules

    /// What it asks for.
    func conditions(of body: RuleBody) -> [Phrase] {
        var found = body.conditions.map { condition in
            Phrase(
                "rule-says-\(condition.group.rawValue)", .phrase(Phrase("rule-place-\(condition.place.rawValue)")),
                .text(condition.words))
        }
        if let sender = body.sender { found.append(Phrase("rule-sender-\(sender.rawValue)")) }
        if let files = body.files { found.append(Phrase("rule-files-\(files.rawValue)")) }
        if let hours = body.hours { found.append(Phrase("rule-hours-\(hours.rawValue)")) }
        for day in body.weekdays where (1...7).contains(day) {
            found.append(Phrase("hours-\(HoursForm.weekdays[day - 1])"))
        }
        if let from = body.from, let to = body.to {
            found.append(Phrase("rule-says-time", .text(Self.time(from)), .text(Self.time(to))))
        }
        if body.occasion == .every { found.append(Phrase("rule-occasion-every")) }
        return found
    }

    /// What it does.
    func effects(of body: RuleBody) -> [Phrase] {
        var found = phrases(of: body.change)
        let told = body.notifiedTeams.map { teams[$0] ?? "…" } + body.notifiedMembers.map { members[$0] ?? "…" }
        if !told.isEmpty { found.append(Phrase("rule-notifies", .text(told.joined(separator: ", ")))) }
        if let acknowledges = body.acknowledges {
            found.append(Phrase(acknowledges ? "rule-acknowledges-on" : "rule-acknowledges-off"))
        }
        if body.stops { found.append(Phrase("rule-stops-short")) }
        return found
    }

    /// `09:30`
    static func time(_ minute: Int) -> String {
        let (hours, minutes) = (minute / 60, minute % 60)
        return (hours < 10 ? "0\(hours)" : "\(hours)") + ":" + (minutes < 10 ? "0\(minutes)" : "\(minutes)")
    }

    /// Nil for what is no time of the day.
    static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":").compactMap { Int($0) }
        guard parts.count >= 2, (0..<24).contains(parts[0]), (0..<60).contains(parts[1]) else { return nil }
        return parts[0] * 60 + parts[1]
    }
}
