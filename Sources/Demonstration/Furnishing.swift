import Base
import Correspondence
import Foundation
import Jobs
import Server
import Storage

/// What members have set up over the year: public forms, business hours, saved filters, the languages they know; and
/// what waits until a date.
struct Furnishing: Sendable {
    private static let day: Milliseconds = 86_400_000
    private static let zones = [
        "en": "Europe/London", "de": "Europe/Berlin", "fr": "Europe/Paris", "es": "Europe/Madrid", "ja": "Asia/Tokyo",
        "ru": "Europe/Helsinki", "zh": "Asia/Taipei", "pt": "America/Sao_Paulo", "ar": "Africa/Cairo",
        "hi": "Asia/Kolkata",
    ]

    let services: Services
    let house: House
    let materials: [String: Material]
    let founded: Founding.Founded

    func furnish() async throws {
        let now = services.clock.now()
        try await services.database.write { db in
            for material in materials.values.sorted(by: { $0.language < $1.language }) {
                guard let queue = founded.queues[material.queue] else { continue }
                try open(material, queue, at: now, in: db)
            }
            for person in house.members { try settle(person, at: now, in: db) }
            try services.name(organisation: house.organisation ?? "", in: db)
        }
        try await snooze(at: now)
    }

    /// Hours of the weekdays there, and a form in the queue's language.
    private func open(_ material: Material, _ queue: Queue, at: Milliseconds, in db: any Connection) throws {
        let zone = Self.zones[material.language] ?? "UTC"
        // The week of the Arabic desk begins on Sunday.
        let days = material.language == "ar" ? [7, 1, 2, 3, 4] : [1, 2, 3, 4, 5]
        let spans = [BusinessHours.Span(from: 540, to: 720), BusinessHours.Span(from: 780, to: 1050)]
        let hours = QueueHours(
            zone: zone, week: Dictionary(uniqueKeysWithValues: days.map { ($0, spans) }),
            holidays: [QueueHours.Holiday(day: "2027-01-01", name: "")])
        try HoursStore(events: services.stores.events).set(hours, of: queue.id, actor: nil, at: at, in: db)
        try services.forms.setOpen(true, queue: queue.id, actor: nil, at: at, in: db)
        try services.forms.setText(
            title: material.queueName, intro: material.formIntro ?? "", language: material.language, queue: queue.id,
            in: db)
    }

    private func settle(_ person: House.Person, at: Milliseconds, in db: any Connection) throws {
        guard let member = founded.members[person.address], person.hasLeft != true else { return }
        let filters = FilterStore(ids: services.ids, events: services.stores.events)
        try filters.setLanguages(person.leads + person.answers + person.learns, of: member.id, in: db)
        guard let language = person.leads.first else { return }
        let urgent = SavedFilter(
            id: 0, member: member.id, name: materials[language]?.urgentFilter ?? language,
            query: "state:open queue:info-\(language) priority:high", sort: .priority, isShared: true)
        _ = try filters.add(urgent, at: at, in: db)
    }

    /// Every ninth ticket in hand waits for a day to come.
    private func snooze(at: Milliseconds) async throws {
        let waiting = try await services.database.read { db in
            try db.rows(
                """
                SELECT id FROM ticket WHERE state = 'open' AND owner_id IS NOT NULL AND merged_into IS NULL
                ORDER BY id
                """
            ).enumerated().filter { $0.offset % 9 == 4 }.map { try $0.element.int("id") }
        }
        for (index, id) in waiting.prefix(12).enumerated() {
            let until = at + Milliseconds(index % 6 + 1) * Self.day
            try await services.database.write { [services] db in
                guard let ticket = try services.stores.tickets.find(id, in: db) else { return }
                try services.stores.tickets.setState(
                    .waiting, outcome: nil, until: until, of: ticket, actor: ticket.owner, at: at, in: db)
                try services.stores.jobs.add(Waking.jobName, subject: id, after: until - at, in: db)
            }
        }
    }
}
