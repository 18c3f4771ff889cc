import Base
import Foundation
import Knowledge
import Oncall
import People
import Storage

@testable import Correspondence
@testable import Server

/// What the rooms hold besides tickets, in each queue, as near to each other as can be: the same person writes the
/// same everywhere, tickets are linked, grouped and counted together, and everybody has had to do with all of it once.
struct HouseRooms: Sendable {
    /// All tickets of a place.
    var tickets: [House.Place: [ID]] = [:]
    /// A change of many that each role made of tickets of all places, when it still could.
    var changes: [House.Role: ID] = [:]

    /// Words of what keepers of a queue write: administrators, who keep all queues, read them too.
    static func keeperWord(_ place: House.Place) -> String { "\(place.rawValue)keeper" }

    /// Words of incidents, which those see too who see one of their tickets, unless they are at home in a vault.
    static func groupWord(_ place: House.Place) -> String { "\(place.rawValue)group" }

    private static let common = """
        The whole encyclopedia has been unreachable since this morning in our town. All pages stay white, on the \
        telephone too, and the school cannot work with it today. Please look into it and tell us when it is back.
        """

    static func furnish(_ house: House) async throws -> HouseRooms {
        let (services, belongings, people) = (house.services, house.belongings, house.people)
        var rooms = HouseRooms()
        for place in House.Place.allCases {
            guard let its = belongings[place] else { continue }
            rooms.tickets[place] = try await services.database.write { db in
                let tickets = try addTickets(place, its, services, in: db)
                try addKept(place, its, services, in: db)
                try addTraces(place, its, services, in: db)
                return [its.ticket] + tickets
            }
        }
        let tickets = rooms.tickets
        rooms.changes = try await services.database.write { db in
            try tie(tickets, belongings, services, in: db)
            var changes: [House.Role: ID] = [:]
            for (role, person) in people {
                changes[role] = try involve(person.id, tickets.values.flatMap { $0 }, services, in: db)
            }
            return changes
        }
        return rooms
    }

    // MARK: - Tickets

    /// Five more, the first of one person who writes the same to all; their answers are a gap among texts.
    private static func addTickets(
        _ place: House.Place, _ its: House.Belongings, _ services: Services, in db: any Connection
    ) throws -> [ID] {
        let contact = try services.stores.contacts.matchSender(
            address: "everybody@people.example", name: "Everybody", at: 1, in: db)
        return try (0..<5).map { number in
            let ticket = try HouseKeeping.addTicket(place, queue: its.queue, services, in: db)
            let message = try db.int("SELECT MIN(id) AS id FROM message WHERE ticket_id = \(ticket)")
            if number == 0 {
                try db.execute("UPDATE ticket SET contact_id = \(contact.id) WHERE id = \(ticket)")
                try db.execute("UPDATE message SET text = \(common), new_text = \(common) WHERE id = \(message)")
            }
            if let signature = MessageSignature(common) {
                try SimilarityStore().add(signature, message: message, at: services.clock.now(), in: db)
            }
            try db.execute(
                """
                INSERT INTO answered (message_id, ticket_id, text_id, language, gap_id)
                VALUES (\(message), \(ticket), NULL, 'en', 77)
                """)
            return ticket
        }
    }

    // MARK: - What keepers write

    private static func addKept(
        _ place: House.Place, _ its: House.Belongings, _ services: Services, in db: any Connection
    ) throws {
        let (ids, events, word) = (services.ids, services.stores.events, keeperWord(place))
        let keeper = Viewer(
            memberID: try db.int("SELECT MIN(id) AS id FROM member"), isAdministrator: false,
            rights: [its.queue: Set(Right.allCases)], confidentialQueues: place == .vault ? [its.queue] : [])
        var change = TicketChange()
        change.addTags = [word]
        let rule = Rule(
            id: 0, queue: its.queue, place: 0, name: word,
            body: RuleBody(conditions: [RuleCondition(.all, .subject, "About")], change: change), isOn: false,
            version: 0, changedAt: 0)
        try RuleStore(ids: ids, events: events).save(rule, by: keeper, at: 1, in: db)
        let macro = Macro(id: 0, queue: its.queue, name: word, body: MacroBody(change: change), version: 0)
        try MacroStore(ids: ids, events: events).save(macro, by: keeper, at: 1, in: db)
        let list = Checklist(id: 0, queue: its.queue, name: word, items: [word], blocks: false, version: 0)
        try ChecklistStore(ids: ids, events: events).save(list, by: keeper, at: 1, in: db)
        var properties = TextProperties(audience: .confidential, owner: keeper.memberID)
        properties.queues = [its.queue]
        _ = try services.knowledge.add(
            .playbook, language: "en", TextContent(title: "\(place.word) steps", body: "\(place.word) words"),
            properties, by: keeper.memberID, at: 1, in: db)
        let rota = try services.rotas.add(
            Rota(
                id: 0, name: word, zone: "Europe/Berlin", keeper: keeper.memberID,
                outsideAddress: "\(word)@outside.example"), queues: [its.queue], actor: keeper.memberID, at: 1, in: db)
        _ = try services.paging().page(
            rota: rota.id, reason: .trial, ticket: its.ticket, queue: its.queue, at: 1, in: db)
        try db.execute(
            """
            INSERT INTO blocked_sender (queue_id, address, member_id, at)
            VALUES (\(its.queue), \("\(place.word)-blocked@people.example"), \(keeper.memberID), 1)
            """)
        try db.execute(
            "INSERT INTO ticket_tag (ticket_id, tag) VALUES (\(its.ticket), \("tag-" + place.word))")
        try addGroups(place, its, services, by: keeper, in: db)
    }

    /// An incident without a name and a cause with one, with what is to be said.
    private static func addGroups(
        _ place: House.Place, _ its: House.Belongings, _ services: Services, by keeper: Viewer, in db: any Connection
    ) throws {
        let incidents = services.groupAnswering.incidents
        let cause = try incidents.open(
            IncidentStore.Opening(kind: .cause, queue: its.queue, name: "\(groupWord(place)) cause"), by: keeper, at: 2,
            in: db)
        try incidents.put(its.ticket, in: cause, state: .joined, member: nil, at: 2, in: db)
        try incidents.write(
            IncidentStore.Wording(language: "en", text: "\(groupWord(place)) line", expiresAt: .max / 2), for: cause,
            by: keeper, at: 2, in: db)
        try incidents.addLink(
            .page, url: "https://wiki.example/\(groupWord(place))", name: "\(groupWord(place)) page", to: cause,
            by: keeper, at: 2,
            in: db)
    }

    // MARK: - What is left of work

    private static func addTraces(
        _ place: House.Place, _ its: House.Belongings, _ services: Services, in db: any Connection
    ) throws {
        let author = try db.int("SELECT MIN(id) AS id FROM member")
        let text = try db.int("SELECT MIN(id) AS id FROM knowledge_text")
        try db.execute(
            """
            INSERT INTO ticket_label (ticket_id, label, member_id, source, at)
            VALUES (\(its.ticket), 'press', NULL, 'pack', 1)
            """)
        try db.execute(
            """
            INSERT INTO triage_suggestion (id, ticket_id, message_id, target, value, score, source, reason, state,
                former, member_id, decided_at, created_at)
            VALUES (\(try services.ids.make()), \(its.ticket), \(its.message), 'topic', \(place.word), 90, 'pack',
                \("pack:" + place.word), 'open', '', NULL, NULL, 1)
            """)
        try db.execute(
            """
            INSERT INTO insertion (id, ticket_id, draft_id, message_id, text_id, version, wanted, language, marks,
                words, member_id, at, kept)
            VALUES (\(try services.ids.make()), \(its.ticket), \(its.draft), \(its.message), \(text), 1, 'en', 'en', '',
                \(place.word), \(author), 1, 100)
            """)
        let remark = Review.Remark(passage: "\(place.word) passage", text: "\(place.word) comment")
        try ReviewStore(ids: services.ids).addComment(remark, number: 1, by: author, to: its.review, at: 3, in: db)
        try db.execute(
            """
            INSERT INTO lesson_offer (comment_id, queue_id, language, passage, text, at)
            SELECT id, \(its.queue), 'en', passage, text, 3 FROM review_comment WHERE review_id = \(its.review)
            """)
        let review = Review(
            id: try services.ids.make(), kind: .text, queue: its.queue, ticket: nil, draft: nil, message: nil,
            round: nil, writer: author, submittedBy: author, reviewer: nil, language: "en", state: .submitted,
            reasons: [.link], hash: "", note: place.word, verdictBy: nil, verdict: "", sentBy: nil, stage: .queue,
            number: 1, returns: 0, submittedAt: 2, dueAt: 3, decidedAt: nil)
        try ReviewStore(ids: services.ids).add(review, in: db)
        try ReviewStore(ids: services.ids).addVersion(
            Review.Version(number: 1, recipients: "", subject: "\(place.word) text", text: place.word, at: 2),
            by: author, of: review.id, in: db)
    }

    /// Tickets of all places in one incident, in one cause each, and linked with each other.
    private static func tie(
        _ tickets: [House.Place: [ID]], _ belongings: [House.Place: House.Belongings], _ services: Services,
        in db: any Connection
    ) throws {
        let incidents = services.groupAnswering.incidents
        for place in House.Place.allCases {
            for (other, ids) in tickets where other != place {
                let mine = tickets[place]?.first ?? 0
                for (index, id) in ids.prefix(2).enumerated() {
                    try incidents.put(
                        id, in: belongings[place]?.incident ?? 0, state: .joined, member: nil, at: 2, in: db)
                    try db.execute(
                        "INSERT INTO may_belong (ticket_id, candidate_id, reason) VALUES (\(mine), \(id), 'reference')")
                    try db.execute(
                        """
                        INSERT INTO ticket_link (id, ticket_id, other_id, kind, url, name, actor_id, created_at)
                        VALUES (\(try services.ids.make()), \(mine), \(id), 'related', '', '', NULL, \(index))
                        """)
                }
                let causes = try db.rows(
                    "SELECT id FROM incident WHERE kind = 'cause' AND queue_id = \(belongings[place]?.queue ?? 0)")
                for cause in causes {
                    try incidents.put(
                        ids.first ?? 0, in: try cause.int("id"), state: .joined, member: nil, at: 2, in: db)
                }
            }
        }
        try db.execute(
            """
            INSERT INTO text_gap (id, language, size, state, text_id, found_at, decided_by)
            VALUES (77, 'en', 15, 'open', NULL, 1, NULL)
            """)
    }

    /// Notices, following and a change, as if the member had seen all tickets once.
    private static func involve(
        _ member: ID, _ tickets: [ID], _ services: Services, in db: any Connection
    ) throws -> ID {
        let bulk = try services.ids.make()
        try db.execute(
            """
            INSERT INTO bulk (id, member_id, change, query, last_id, state, total, back, created_at, changed_at)
            VALUES (\(bulk), \(member), '{}', NULL, 0, 'done', \(tickets.count), '/tickets', 1, 1)
            """)
        for ticket in tickets {
            try db.execute("INSERT INTO follow (ticket_id, member_id, is_on, at) VALUES (\(ticket), \(member), 1, 1)")
            try db.execute(
                """
                INSERT INTO notice (id, member_id, event_id, kind, ticket_id, actor_id, message_id, at, read_at, mail)
                VALUES (\(try services.ids.make()), \(member), \(try services.ids.make()), 'note', \(ticket), NULL,
                    NULL, 1, NULL, 'none')
                """)
            try db.execute(
                """
                INSERT INTO bulk_item (bulk_id, ticket_id, state, former, later)
                VALUES (\(bulk), \(ticket), 'done', '{}', '{}')
                """)
        }
        return bulk
    }
}
