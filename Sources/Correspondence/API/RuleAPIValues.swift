import Base
import Foundation
import Storage

/// What the API says of rules, macros and checklists, and how it reads them.
struct RuleAPIValues: Sendable {
    /// Names of queues, addresses of members, names of teams.
    var queues: [ID: String] = [:]
    var members: [ID: String] = [:]
    var teams: [ID: String] = [:]

    static func read(_ desk: Desk, in db: any Connection) throws -> RuleAPIValues {
        var values = RuleAPIValues()
        for row in try db.rows("SELECT id, name FROM queue") {
            values.queues[try row.int("id")] = try row.text("name")
        }
        for member in try desk.members.all(in: db) { values.members[member.id] = member.email }
        for row in try db.rows("SELECT id, name FROM team") { values.teams[try row.int("id")] = try row.text("name") }
        return values
    }

    func rule(_ rule: Rule) -> String {
        let body = rule.body
        let conditions = body.conditions.map {
            JSONText.object([
                ("group", JSONText.quote($0.group.rawValue)), ("place", JSONText.quote($0.place.rawValue)),
                ("words", JSONText.quote($0.words)),
            ])
        }
        return JSONText.object([
            ("id", APIValues.id(rule.id)), ("name", JSONText.quote(rule.name)), ("queue", queue(rule.queue)),
            ("on", Self.truth(rule.isOn)), ("version", String(rule.version)),
            ("occasion", JSONText.quote(body.occasion.rawValue)), ("conditions", JSONText.array(conditions)),
            ("sender", JSONText.quote(body.sender?.rawValue)), ("attachments", JSONText.quote(body.files?.rawValue)),
            ("hours", JSONText.quote(body.hours?.rawValue)),
            ("weekdays", JSONText.array(body.weekdays.map { String($0) })),
            ("from", JSONText.quote(body.from.map(ChangeWords.time))),
            ("to", JSONText.quote(body.to.map(ChangeWords.time))), ("change", change(body.change)),
            ("notify", JSONText.array(body.notifiedMembers.compactMap { members[$0] }.map { JSONText.quote($0) })),
            ("notifyTeams", JSONText.array(body.notifiedTeams.compactMap { teams[$0] }.map { JSONText.quote($0) })),
            ("acknowledge", body.acknowledges.map(Self.truth) ?? "null"), ("stops", Self.truth(body.stops)),
        ])
    }

    func macro(_ macro: Macro) -> String {
        var change = macro.body.change
        let isMine = change.owner == MacroBody.me
        if isMine { change.owner = nil }
        return JSONText.object([
            ("id", APIValues.id(macro.id)), ("name", JSONText.quote(macro.name)), ("queue", queue(macro.queue)),
            ("change", self.change(change)), ("toMe", Self.truth(isMine)),
            ("snooze", JSONText.quote(macro.body.snooze)), ("version", String(macro.version)),
        ])
    }

    func checklist(_ list: Checklist) -> String {
        JSONText.object([
            ("id", APIValues.id(list.id)), ("name", JSONText.quote(list.name)), ("queue", queue(list.queue)),
            ("items", JSONText.array(list.items.map { JSONText.quote($0) })), ("blocks", Self.truth(list.blocks)),
            ("version", String(list.version)),
        ])
    }

    func ticketChecklist(_ list: TicketChecklist) -> String {
        let items = list.items.map { item in
            JSONText.object([
                ("position", String(item.position)), ("text", JSONText.quote(item.text)),
                ("ticked", Self.truth(item.isTicked)),
                ("by", JSONText.quote(item.tickedBy.flatMap { members[$0] })),
                ("at", item.tickedAt.map(APIValues.time) ?? "null"),
            ])
        }
        return JSONText.object([
            ("id", APIValues.id(list.id)), ("checklist", APIValues.id(list.checklist)),
            ("name", JSONText.quote(list.name)), ("blocks", Self.truth(list.blocks)),
            ("items", JSONText.array(items)),
        ])
    }

    private func change(_ change: TicketChange) -> String {
        var parts: [(String, String)] = []
        if let queue = change.queue { parts.append(("queue", self.queue(queue))) }
        if let owner = change.owner {
            parts.append(("owner", owner.isEmpty ? "null" : JSONText.quote(ID(owner).flatMap { members[$0] })))
        }
        if let state = change.state { parts.append(("state", JSONText.quote(state))) }
        if let outcome = change.outcome, !outcome.isEmpty { parts.append(("outcome", JSONText.quote(outcome))) }
        if let priority = change.priority { parts.append(("priority", String(priority))) }
        if let tags = change.addTags { parts.append(("addTags", JSONText.array(tags.map { JSONText.quote($0) }))) }
        if let tags = change.removeTags {
            parts.append(("removeTags", JSONText.array(tags.map { JSONText.quote($0) })))
        }
        if let list = change.checklist { parts.append(("checklist", APIValues.id(list))) }
        if let text = change.proposal { parts.append(("proposal", APIValues.id(text))) }
        return JSONText.object(parts)
    }

    private func queue(_ queue: ID?) -> String { JSONText.quote(queue.flatMap { queues[$0] }) }

    static func truth(_ value: Bool) -> String { value ? "true" : "false" }

    // MARK: - Reading

    /// The queue of a name the caller keeps; nil for all queues. `invalid` for any other.
    func home(_ input: APIInput, _ viewer: Viewer) throws -> ID? {
        guard let name = try input.optionalText("queue") else {
            guard viewer.isAdministrator else { throw Failure(.invalid, "error-invalid") }
            return nil
        }
        let found = queues.first { $0.value == EmailAddress.folded(name) }?.key
        guard let found, viewer.mayKeepRules(of: found) else { throw Failure(.invalid, "error-invalid") }
        return found
    }

    /// A rule without its id; `change` was read before.
    func body(_ input: APIInput, change: TicketChange) throws -> RuleBody {
        func choice<Value: RawRepresentable>(_ name: String, _ type: Value.Type) throws -> Value?
        where Value.RawValue == String {
            guard let text = try input.optionalText(name) else { return nil }
            guard let value = Value(rawValue: text) else { throw Failure(.invalid, "error-invalid") }
            return value
        }
        func minute(_ name: String) throws -> Int? {
            guard let text = try input.optionalText(name) else { return nil }
            guard let minute = ChangeWords.minute(text) else { throw Failure(.invalid, "rule-time-invalid") }
            return minute
        }
        var body = RuleBody(occasion: try choice("occasion", RuleBody.Occasion.self) ?? .opening)
        body.conditions = try input.objects("conditions").map { line in
            guard let group = RuleCondition.Group(rawValue: try line.requireText("group")),
                let place = RuleCondition.Place(rawValue: try line.requireText("place"))
            else { throw Failure(.invalid, "error-invalid") }
            return RuleCondition(group, place, try line.requireText("words"))
        }
        body.sender = try choice("sender", RuleBody.Sender.self)
        body.files = try choice("attachments", RuleBody.Files.self)
        body.hours = try choice("hours", RuleBody.Hours.self)
        body.weekdays = try input.optionalInts("weekdays") ?? []
        (body.from, body.to) = (try minute("from"), try minute("to"))
        body.change = change
        body.notifiedMembers = try Self.ids(try input.optionalTexts("notify") ?? [], in: members)
        body.notifiedTeams = try Self.ids(try input.optionalTexts("notifyTeams") ?? [], in: teams)
        body.acknowledges = try input.optionalBool("acknowledge")
        body.stops = try input.optionalBool("stops") ?? false
        return body
    }

    private static func ids(_ names: [String], in known: [ID: String]) throws -> [ID] {
        try names.map { name in
            guard let id = known.first(where: { $0.value == name })?.key else {
                throw Failure(.invalid, "error-invalid")
            }
            return id
        }
    }
}
