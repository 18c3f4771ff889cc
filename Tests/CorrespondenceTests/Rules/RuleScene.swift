import Base
import Foundation
import Jobs
import Storage

@testable import Correspondence

extension Scene {
    var rules: RuleStore { RuleStore(ids: stores.tickets.ids, events: stores.events) }
    var effects: RuleEffectStore { RuleEffectStore(ids: stores.tickets.ids) }
    var macros: MacroStore { MacroStore(ids: stores.tickets.ids, events: stores.events) }
    var lists: ChecklistStore { ChecklistStore(ids: stores.tickets.ids, events: stores.events) }
    var assignments: AssignmentStore { AssignmentStore(ids: stores.tickets.ids, events: stores.events) }
    var assigning: Assigning { Assigning(stores: stores, members: members, zone: .gmt) }

    var running: RuleRunning {
        RuleRunning(
            database: database, stores: stores, members: members, zone: .gmt, clock: time.clock, alarm: alarm)
    }

    func runRules() async throws {
        let running = running
        let kind = JobKind.single(RuleRunning.jobName) { try await running.run($0) }
        try await JobRunner(database: database, store: stores.jobs, kinds: [kind], alarm: alarm, log: log).drain()
    }

    @discardableResult func addRule(
        _ name: String, queue: ID? = nil, subject: String = "photo", isOn: Bool = true,
        _ fill: @Sendable (inout RuleBody) -> Void
    ) async throws -> ID {
        var body = RuleBody(conditions: [RuleCondition(.all, .subject, subject)])
        fill(&body)
        let rule = Rule(
            id: 0, queue: queue, place: 0, name: name, body: body, isOn: isOn, version: 0, changedAt: 0)
        return try await database.write { [rules, viewer] db in try rules.save(rule, by: viewer, at: 1, in: db) }
    }

    func addQueue(_ name: String, isConfidential: Bool = false) async throws -> Queue {
        try await database.write { [stores] db in
            let queue = try stores.queues.add(
                name: name, displayName: name, addresses: ["\(name)@desk.example"], isList: false, actor: nil, at: 0,
                in: db)
            guard isConfidential else { return queue }
            let settings = QueueStore.Settings(
                name: name, displayName: name, addresses: queue.addresses, mode: .live, isList: false,
                isConfidential: true, usesPlus: true)
            try stores.queues.change(queue.id, to: settings, actor: nil, at: 0, in: db)
            return try stores.queues.require(queue.id, in: db)
        }
    }

    func effects(of ticket: ID) async throws -> [RuleEffect] {
        try await database.read { [effects] db in try effects.effects(of: ticket, in: db) }
    }

    func jobs(_ kind: String) async throws -> Int64 {
        try await database.read { try $0.int("SELECT COUNT(*) AS n FROM job WHERE kind = \(kind)") }
    }
}
