import Base
import Foundation
import Mail
import Oncall
import Outbox
import People
import Storage
import TestKit
import Text
import Web

@testable import Correspondence

extension Scene {
    static let minute: Milliseconds = 60_000
    static let hour: Milliseconds = 3_600_000

    var levels: LevelStore { LevelStore(ids: stores.tickets.ids, events: stores.events) }
    var rotas: RotaStore { RotaStore(ids: stores.tickets.ids, events: stores.events) }

    var paging: Paging {
        let mails = NoticeMail(
            store: stores.outbox, raws: stores.raws, jobs: stores.jobs, ids: stores.tickets.ids, random: .system,
            from: MailAddress(name: "Liaison", address: "desk@desk.example"), jobKind: Answering.dispatchJob)
        return Paging(
            pages: PageStore(ids: stores.tickets.ids), rotas: rotas, members: members, random: .system,
            words: PageWords(publicURL: "https://desk.example") { _ in Translate { key, _ in key } },
            post: { try mails.add($0, at: $1, in: $2) })
    }

    var escalating: Escalating { Escalating(stores: stores, members: members, paging: paging) }

    /// Goals in minutes, the same for all priorities unless said.
    func setGoals(first: Int?, next: Int? = nil, urgent: Int? = nil) async throws {
        let goals = (1...4).map {
            LevelGoal(priority: $0, firstMinutes: $0 == 4 ? urgent ?? first : first, nextMinutes: next)
        }
        try await database.write { [levels, queue, member] db in
            try levels.setGoals(goals, of: queue.id, actor: member.id, at: 1, in: db)
        }
    }

    @discardableResult func addStep(
        _ base: LevelStep.Base, _ amount: Int, _ action: LevelStep.Action, target: ID? = nil
    ) async throws -> LevelStep {
        try await database.write { [levels, queue, member] db in
            try levels.addStep(
                LevelStep(id: 0, queue: queue.id, base: base, amount: amount, action: action, target: target),
                actor: member.id, at: 1, in: db)
        }
    }

    /// Office hours in Berlin, with a holiday on the second day of Christmas.
    func setOfficeHours() async throws {
        let week = Dictionary(uniqueKeysWithValues: (1...5).map { ($0, [BusinessHours.Span(from: 540, to: 1020)]) })
        let hours = QueueHours(zone: "Europe/Berlin", week: week, holidays: [.init(day: "2026-11-25", name: "Feast")])
        try await database.write { [events = stores.events, queue, member] db in
            try HoursStore(events: events).set(hours, of: queue.id, actor: member.id, at: 1, in: db)
        }
    }

    func setState(_ state: TicketState, _ ticket: ID) async throws {
        let now = time.clock.now()
        try await database.write { [stores, member] db in
            guard let found = try stores.tickets.find(ticket, in: db) else { return }
            try stores.tickets.setState(state, of: found, actor: member.id, at: now, in: db)
        }
    }

    /// Answers as the member and hands the mail over.
    func answerAndSend(_ ticket: ID) async throws {
        _ = try await answer(ticket, to: ["karl@people.example"])
        try await dispatch(Transport { _, _, recipients in recipients.map { _ in .accepted(reply: "250") } })
    }

    func stepsTaken(_ ticket: ID) async throws -> [String] {
        try await database.read { db in
            try db.rows("SELECT * FROM event WHERE ticket_id = \(ticket) AND kind = 'level-step-taken' ORDER BY id")
                .map(EventStore.read).compactMap { $0.event.data["action"] }
        }
    }
}
