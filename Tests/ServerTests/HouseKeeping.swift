import Base
import Foundation
import Knowledge
import Oncall
import People
import Storage

@testable import Correspondence
@testable import Server

/// Fills a house.
enum HouseKeeping {
    static func fill(_ place: House.Place, _ services: Services, in db: any Connection) throws -> House.Belongings {
        let stores = services.stores
        let queue = try stores.queues.add(
            name: place.rawValue, displayName: place.rawValue, addresses: ["\(place.rawValue)@desk.example"],
            isList: false, actor: nil, at: 1, in: db)
        if place == .vault {
            try stores.queues.change(
                queue.id,
                to: QueueStore.Settings(
                    name: queue.name, displayName: queue.displayName, addresses: queue.addresses, mode: .live,
                    isList: false, isConfidential: true, usesPlus: true), actor: nil, at: 1, in: db)
        }
        let ticket = try addTicket(place, queue: queue.id, services, in: db)
        let row = try db.first("SELECT id FROM message WHERE ticket_id = \(ticket)")
        let message = try row?.int("id") ?? 0
        let attachment = try db.int("SELECT id FROM attachment WHERE message_id = \(message)")
        let writing = try addWriting(place, queue: queue.id, ticket: ticket, services, in: db)
        var belongings = House.Belongings(
            queue: queue.id, ticket: ticket, message: message, attachment: attachment, draft: writing.draft,
            draftFile: writing.file, delivery: try addDelivery(of: message, queue: queue.id, services, in: db),
            round: writing.round,
            review: try addReview(of: writing.draft, ticket: ticket, queue: queue.id, services, in: db))
        try addIncident(ticket: ticket, queue: queue.id, &belongings, services, in: db)
        return belongings
    }

    /// An incident with the ticket, a line, and an answer to all that went out.
    private static func addIncident(
        ticket: ID, queue: ID, _ belongings: inout House.Belongings, _ services: Services, in db: any Connection
    ) throws {
        let grouping = services.groupAnswering
        belongings.incident = try grouping.incidents.propose(queue: queue, at: 1, in: db)
        try grouping.incidents.put(ticket, in: belongings.incident, state: .joined, member: nil, at: 1, in: db)
        belongings.groupAnswer = try services.ids.make()
        let author = try db.int("SELECT MIN(id) AS id FROM member")
        let writer = Viewer(memberID: author, isAdministrator: false, rights: [queue: Set(Right.allCases)])
        let line = try grouping.incidents.write(
            IncidentStore.Wording(language: "en", text: "We know of it.", expiresAt: 4_000_000_000_000),
            for: belongings.incident, by: writer, at: 1, in: db)
        try grouping.answers.add(
            GroupAnswer(
                id: belongings.groupAnswer, incident: belongings.incident, author: author, state: .done, notBefore: 1,
                madeAt: 1),
            letters: [
                GroupAnswer.Letter(
                    ticket: ticket, line: line, contact: nil, ticketVersion: 1, draft: nil, message: nil, state: .sent,
                    problem: "")
            ], in: db)
    }

    /// What somebody who is no role writes there.
    private static func addWriting(
        _ place: House.Place, queue: ID, ticket: ID, _ services: Services, in db: any Connection
    ) throws -> (draft: ID, file: ID, round: ID) {
        let author = try services.members.add(
            email: "author-\(place.rawValue)@staff.example", name: "An author", isAdministrator: false, password: nil,
            mustChange: false, actor: nil, at: 1, in: db)
        guard let found = try services.stores.tickets.find(ticket, in: db) else { return (0, 0, 0) }
        let content = Draft.Content(to: ["k@people.example"], cc: [], subject: "Re", text: "A beginning.")
        let draft = try services.drafts.save(
            content, ticket: found, author: author.id, seenVersion: found.version, at: 2, in: db)
        try services.drafts.addFile(
            filename: "plan.txt", contentType: "text/plain", bytes: Array("x".utf8), to: draft.id, in: db)
        let round = Round(
            id: try services.ids.make(), queue: queue, author: author.id, from: "", subject: "Re", text: "Hello",
            hasSignature: false, state: .done, notBefore: 1, createdAt: 1)
        let rounds = RoundStore(ids: services.ids, raws: services.stores.raws)
        try rounds.add(round, addresses: ["k@people.example"], in: db)
        if var person = try rounds.people(of: round.id, in: db).first {
            person.ticket = ticket
            try rounds.setPerson(person, of: round.id, in: db)
        }
        return (draft.id, try services.drafts.files(of: draft.id, in: db).first?.id ?? 0, round.id)
    }

    private static func addReview(
        of draft: ID, ticket: ID, queue: ID, _ services: Services, in db: any Connection
    ) throws -> ID {
        let author = try db.int("SELECT author_id FROM draft WHERE id = \(draft)")
        let review = Review(
            id: try services.ids.make(), kind: .draft, queue: queue, ticket: ticket, draft: draft, message: nil,
            round: nil, writer: author, submittedBy: author, reviewer: nil, language: "en", state: .submitted,
            reasons: [.asked], hash: "", note: "", verdictBy: nil, verdict: "", sentBy: nil, stage: .queue, number: 1,
            returns: 0, submittedAt: 2, dueAt: 3, decidedAt: nil)
        let reviews = ReviewStore(ids: services.ids)
        try reviews.add(review, in: db)
        let version = Review.Version(number: 1, recipients: "", subject: "Re", text: "A beginning.", at: 2)
        try reviews.addVersion(version, by: author, of: review.id, in: db)
        return review.id
    }

    private static func addDelivery(
        of message: ID, queue: ID, _ services: Services, in db: any Connection
    ) throws -> ID {
        _ = try services.stores.deliveries.add(
            Delivery(
                queue: queue, sender: "a@people.example", recipient: "", source: .lmtp, receivedAt: 1,
                content: .memory(Array("Subject: \(message)\r\n\r\nHello\r\n".utf8))), in: db)
        let id = try db.int("SELECT MAX(id) AS id FROM delivery WHERE queue_id = \(queue)")
        try services.stores.deliveries.setState(.filed, message: message, of: id, in: db)
        return id
    }

    /// A ticket with a message that can be found by the words of its place.
    static func addTicket(
        _ place: House.Place, queue: ID, _ services: Services, in db: any Connection
    ) throws -> ID {
        let stores = services.stores
        let at = services.clock.now()
        let contact = try stores.contacts.matchSender(
            address: "\(place.word)@people.example", name: "Karl \(place.word)", at: at, in: db)
        let number = String(try db.int("SELECT COUNT(*) + 2026112100000000 AS n FROM ticket"))
        let ticket = try stores.tickets.open(
            TicketStore.Opening(
                number: number, queue: queue, subject: "About \(place.word)", state: .open, language: "en",
                contact: contact.id, sender: "Karl \(place.word)", at: at, source: "lmtp", actor: nil), in: db)
        let raw = try stores.raws.add(Array("Subject: \(place.word)\r\n\r\nHello\r\n".utf8), in: db)
        let message = Message(
            id: try services.ids.make(), ticket: ticket, raw: raw, direction: .incoming, kind: "mail", author: nil,
            fromName: "Karl", fromAddress: "\(place.word)@people.example", subject: "About \(place.word)",
            headerID: "\(ticket)@people.example", sentAt: at, createdAt: at, language: "en",
            text: "Hello \(place.word)", newText: "Hello \(place.word)", hasHTML: true, problems: [], copies: 1,
            isNewcomer: false)
        var belongings = MessageStore.Belongings()
        belongings.attachments = [
            Attachment(
                id: 0, message: message.id, position: 0, filename: "\(place.word).png", contentType: "image/png",
                size: 5, sha256: "", isInline: false, contentID: "", label: "")
        ]
        try stores.messages.add(message, belongings, queue: queue, in: db)
        try stores.tickets.noteMessage(
            TicketStore.MessageNote(state: .open, preview: "Hello \(place.word)", language: "en", at: at),
            of: ticket, in: db)
        try stores.tickets.addParticipant(
            Participant(address: message.fromAddress, name: "Karl", isNewcomer: false), to: ticket, in: db)
        let document = SearchDocument(
            subject: message.subject, sender: message.fromAddress, recipients: "", body: message.text)
        try stores.index.add(document, message: message.id, ticket: ticket, in: db)
        return ticket
    }

    static func add(
        _ role: House.Role, _ queues: [House.Place: ID], _ services: Services, in db: any Connection
    ) throws -> House.Person {
        let member = try services.members.add(
            email: "\(role)@staff.example", name: "Member \(role)", isAdministrator: role == .administrator,
            password: nil, mustChange: false, actor: nil, at: 1, in: db)
        let grant = { (rights: Set<Right>, place: House.Place) in
            try services.members.setRights(
                rights, of: member.id, queue: queues[place] ?? 0, actor: nil, at: 1, in: db)
        }
        switch role {
        case .anonymous, .nobody, .administrator: break
        case .lead: try grant(Set(Right.allCases), .own)
        case .insider: try grant(Set(Right.allCases), .vault)
        case .with(let right): try grant([right], .own)
        }
        let now = services.clock.now()
        // Whoever reads mail has a second factor; nobody here is asked for it.
        try db.execute(
            """
            INSERT INTO second_factor (member_id, secret, last_step, created_at)
            VALUES (\(member.id), \([UInt8]([1])), 0, \(now))
            """)
        return House.Person(
            id: member.id, session: try services.sessions.open(member: member.id, at: now, in: db),
            token: try services.sessions.addToken(
                name: "test", member: member.id, scope: .write, at: now, in: db))
    }

    static func addOthers(
        member: ID, administrator: ID, queue: ID, _ services: Services, in db: any Connection
    ) throws -> [String: ID] {
        guard let keeper = try services.members.find(administrator, in: db) else { return [:] }
        let webhook = try services.webhookStore.add(
            WebhookContent(name: "Board", url: "https://board.example/hook", kinds: []), secret: "whsec_AAAA",
            by: try services.members.viewer(keeper, in: db), at: 1, in: db)
        let mailbox = Mailbox(
            id: 0, name: "box", queue: queue, host: "127.0.0.1", port: 1, security: .none, login: "a",
            secretKind: .password, folder: "INBOX", moveTo: "", intervalSeconds: 60, state: "new", checkedAt: nil)
        let server = MailServer(id: 0, name: "out", host: "127.0.0.1", port: 1, security: .none, login: "")
        let rota = try addRota(services, in: db)
        let page = try services.paging().page(rota: rota, reason: .trial, ticket: nil, queue: nil, at: 1, in: db)
        let writer = Viewer(memberID: member, isAdministrator: true, rights: [:])
        var change = TicketChange()
        change.addTags = ["seen"]
        let rule = Rule(
            id: 0, queue: nil, place: 0, name: "Tag",
            body: RuleBody(conditions: [RuleCondition(.all, .subject, "nosuchword")], change: change), isOn: true,
            version: 0, changedAt: 0)
        let macro = Macro(id: 0, queue: nil, name: "Tag", body: MacroBody(change: change), version: 0)
        let list = Checklist(id: 0, queue: nil, name: "Steps", items: ["One"], blocks: false, version: 0)
        let (ids, events) = (services.ids, services.stores.events)
        let owner = try services.members.add(
            email: "owner@house.example", name: "Owner", isAdministrator: false, password: nil, mustChange: false,
            actor: nil, at: 1, in: db)
        let text = try services.knowledge.add(
            .playbook, language: "en", TextContent(title: "Playbook", body: "Words"),
            TextProperties(audience: .confidential, owner: owner.id), by: owner.id, at: 1, in: db)
        return [
            "rules": try RuleStore(ids: ids, events: events).save(rule, by: writer, at: 1, in: db),
            "macros": try MacroStore(ids: ids, events: events).save(macro, by: writer, at: 1, in: db),
            "checklists": try ChecklistStore(ids: ids, events: events).save(list, by: writer, at: 1, in: db),
            "texts": text.id,
            "rotas": rota, "pages": page ?? 0,
            "teams": try services.teams.add(name: "Team", actor: nil, at: 1, in: db).id, "members": member,
            "tokens": try db.int("SELECT id FROM token WHERE member_id = \(member)"),
            "webhooks": webhook.id,
            "mailboxes": try services.mailboxes.add(mailbox, secret: "s", in: db),
            "servers": try services.mailServers.add(server, secret: "", actor: nil, at: 1, in: db),
        ]
    }

    /// For a queue that only administrators of these roles see.
    private static func addRota(_ services: Services, in db: any Connection) throws -> ID {
        let keeper = try db.int("SELECT id FROM member WHERE is_administrator = 1 LIMIT 1")
        let queue = try db.int("SELECT id FROM queue WHERE name = 'foreign'")
        let rota = Rota(
            id: 0, name: "Elsewhere", zone: "Europe/Berlin", keeper: keeper, outsideAddress: "night@outside.example")
        return try services.rotas.add(rota, queues: [queue], actor: keeper, at: 1, in: db).id
    }
}
