import Base
import Correspondence
import Foundation
import Server
import Storage

/// Rules, macros and checklists as they are written in `Resources/demo/rules.json`.
struct Arrangement: Decodable, Sendable {
    struct List: Decodable, Sendable {
        var name: String
        var queue: String?
        var blocks: Bool
        var items: [String]
    }

    struct Shortcut: Decodable, Sendable {
        var name: String
        var queue: String?
        var state: String?
        var outcome: String?
        var owner: String?
        var snooze: String?
        var toQueue: String?
        var addTags: [String]?
        var priority: Int?
    }

    struct Line: Decodable, Sendable {
        var name: String
        var queue: String?
        var place: String
        var words: String
        var occasion: String?
        var toQueue: String?
        var addTags: [String]?
        var priority: Int?
        var checklist: String?
        var notifyTeam: String?
        var acknowledges: Bool?
        var stops: Bool?
        var isOff: Bool?
    }

    struct Giving: Decodable, Sendable {
        var queue: String
        var mode: String
        var cap: Int
    }

    var checklists: [List]
    var macros: [Shortcut]
    var rules: [Line]
    var assignment: [Giving]
    /// Who takes tickets of the queues they answer in.
    var takers: [String]
}

/// Arranges the desk's rules after the year was told, and runs them for the newest mail, so that there is something to
/// see.
struct Arranging: Sendable {
    private static let newest = 40

    let services: Services
    let founded: Founding.Founded
    let arrangement: Arrangement

    func arrange() async throws {
        let now = services.clock.now()
        let messages = try await services.database.write { db in
            try write(at: now, in: db)
            return try RuleRunning.expectNewest(Self.newest, ids: services.ids, in: db)
        }
        let running = services.ruleRunning
        for message in messages { try await running.runNow(message) }
        try await services.database.write { db in try give(at: now, in: db) }
    }

    /// By whoever leads the queue; what is for all queues, by the administrator.
    private func writer(_ queue: String?) -> Viewer? {
        let leads = founded.viewers.values.sorted { $0.memberID < $1.memberID }
        guard let id = queue.flatMap({ founded.queues[$0]?.id }) else { return leads.first { $0.isAdministrator } }
        return leads.first { $0.may(.manage, queue: id) } ?? leads.first { $0.isAdministrator }
    }

    private func write(at now: Milliseconds, in db: any Connection) throws {
        let (ids, events) = (services.ids, services.stores.events)
        var lists: [String: ID] = [:]
        for list in arrangement.checklists {
            guard let writer = writer(list.queue) else { continue }
            let made = Checklist(
                id: 0, queue: list.queue.flatMap { founded.queues[$0]?.id }, name: list.name, items: list.items,
                blocks: list.blocks, version: 0)
            lists[list.name] = try ChecklistStore(ids: ids, events: events).save(made, by: writer, at: now, in: db)
        }
        for macro in arrangement.macros {
            guard let writer = writer(macro.queue) else { continue }
            let made = Macro(
                id: 0, queue: macro.queue.flatMap { founded.queues[$0]?.id }, name: macro.name, body: body(of: macro),
                version: 0)
            try MacroStore(ids: ids, events: events).save(made, by: writer, at: now, in: db)
        }
        let teams = try services.teams.all(in: db)
        for line in arrangement.rules {
            guard let writer = writer(line.queue) else { continue }
            var body = body(of: line, lists)
            body.notifiedTeams = teams.filter { $0.name == line.notifyTeam }.map(\.id)
            let made = Rule(
                id: 0, queue: line.queue.flatMap { founded.queues[$0]?.id }, place: 0, name: line.name, body: body,
                isOn: line.isOff != true, version: 0, changedAt: now)
            try RuleStore(ids: ids, events: events).save(made, by: writer, at: now, in: db)
        }
    }

    private func body(of macro: Arrangement.Shortcut) -> MacroBody {
        var change = TicketChange()
        change.state = macro.state
        change.outcome = macro.outcome
        change.owner = macro.owner
        change.queue = macro.toQueue.flatMap { founded.queues[$0]?.id }
        change.addTags = macro.addTags
        change.priority = macro.priority
        return MacroBody(change: change, snooze: macro.snooze)
    }

    private func body(of line: Arrangement.Line, _ lists: [String: ID]) -> RuleBody {
        var change = TicketChange()
        change.queue = line.toQueue.flatMap { founded.queues[$0]?.id }
        change.addTags = line.addTags
        change.priority = line.priority
        change.checklist = line.checklist.flatMap { lists[$0] }
        let place = RuleCondition.Place(rawValue: line.place) ?? .words
        return RuleBody(
            occasion: line.occasion.flatMap { RuleBody.Occasion(rawValue: $0) } ?? .opening,
            conditions: [RuleCondition(.all, place, line.words)], change: change, acknowledges: line.acknowledges,
            stops: line.stops ?? false)
    }

    /// From now on: new tickets are proposed or given to who takes part.
    private func give(at now: Milliseconds, in db: any Connection) throws {
        let store = AssignmentStore(ids: services.ids, events: services.stores.events)
        for giving in arrangement.assignment {
            guard let queue = founded.queues[giving.queue]?.id, let writer = writer(giving.queue) else { continue }
            let setting = QueueAssignment(mode: QueueAssignment.Mode(rawValue: giving.mode) ?? .off, cap: giving.cap)
            try store.set(setting, of: queue, by: writer, at: now, in: db)
        }
        for name in arrangement.takers {
            guard let viewer = founded.viewers[name] else { continue }
            let queues = arrangement.assignment.compactMap { founded.queues[$0.queue]?.id }
                .filter { viewer.may(.draft, queue: $0) }
            try store.set(TakerSetting(), queues: Set(queues), of: viewer, at: now, in: db)
        }
    }
}
