import Base
import People
import Storage
import Web

/// Makes the lines of a list.
struct TicketRowMaker: Sendable {
    /// What lines need besides the tickets, read once for all of them.
    struct Names: Sendable {
        var queues: [ID: String] = [:]
        var owners: [ID: Member] = [:]
        var read: Set<ID> = []
        var withFiles: Set<ID> = []
        var tags: [ID: [String]] = [:]
        var inDanger: Set<ID> = []
        /// A model thinks so, and nobody has looked yet.
        var perhapsInDanger: Set<ID> = []
        /// When a letter of theirs goes out by itself.
        var later: [ID: Milliseconds] = [:]
        /// Queues whose tickets show none of their words before they are opened, which is recorded.
        var confidential: Set<ID> = []

        static func read(
            _ tickets: [Ticket], _ desk: Desk, _ viewer: Viewer, withTags: Bool = false, in db: any Connection
        ) throws -> Names {
            var names = Names()
            names.confidential = viewer.confidentialQueues
            let queues = Set(tickets.map(\.queue)).sorted()
            if !queues.isEmpty {
                for row in try db.rows("SELECT id, name FROM queue WHERE id IN \(list: queues)") {
                    names.queues[try row.int("id")] = try row.text("name")
                }
            }
            let owners = Set(tickets.compactMap(\.owner)).sorted()
            if !owners.isEmpty {
                names.owners = try desk.members.members(owners, in: db)
            }
            names.read = try desk.marks.read(tickets.filter(\.state.isOpen), by: viewer.memberID, in: db)
            names.later = try desk.drafts.scheduled(among: tickets.map(\.id), in: db)
            names.withFiles = try desk.marks.withFiles(tickets.map(\.id), in: db)
            names.inDanger = try LabelStore().labelled(.danger, among: tickets.map(\.id), in: db)
            names.perhapsInDanger = try TriageSuggestionStore.perhapsInDanger(
                among: tickets.filter { $0.state != .closed && $0.state != .junk }.map(\.id), in: db
            ).subtracting(names.inDanger)
            if withTags, !tickets.isEmpty {
                let rows = try db.rows(
                    """
                    SELECT ticket_id, tag FROM ticket_tag WHERE ticket_id IN \(list: tickets.map(\.id))
                    ORDER BY ticket_id, tag
                    """)
                for row in rows { names.tags[try row.int("ticket_id"), default: []].append(try row.text("tag")) }
            }
            return names
        }
    }

    let names: Names
    let signs: Signs
    var isPickable = false
    var showsPriority = false

    func row(_ ticket: Ticket) -> TicketRow {
        let owner = ticket.owner.flatMap { names.owners[$0] }
        var row = TicketRow(
            path: TicketPaths.show(ticket.id), number: ticket.number, subject: ticket.subject,
            excerpt: names.confidential.contains(ticket.queue) ? "" : ticket.preview,
            sender: ticket.sender, language: signs.language(ticket.language), queue: names.queues[ticket.queue] ?? "",
            owner: owner?.name, state: signs.state(ticket.state),
            isUnread: ticket.state.isOpen && !names.read.contains(ticket.id),
            hasAttachments: names.withFiles.contains(ticket.id), messages: Phrase.figure(ticket.messageCount),
            clock: clock(ticket), age: signs.moment(ticket.updatedAt))
        row.id = String(ticket.id)
        row.ownerAway = owner.flatMap(signs.absence)
        row.isPickable = isPickable
        row.priority = showsPriority || ticket.priority > 2 ? PrioritySign(ticket.priority) : nil
        row.tags = names.tags[ticket.id] ?? []
        row.danger = names.inDanger.contains(ticket.id) ? Phrase("label-danger") : nil
        row.perhaps = names.perhapsInDanger.contains(ticket.id) ? Phrase("label-danger-perhaps") : nil
        if let time = names.later[ticket.id] {
            row.isLater = true
            row.later = Phrase("later-row", .text(signs.shortDay(time)))
            row.laterExact = signs.moment(time).exact
        }
        return row
    }

    /// Time left or over; else when it comes back, or that it came back.
    private func clock(_ ticket: Ticket) -> TicketClock? {
        if let due = signs.due(ticket) { return due }
        if ticket.wokenAt != nil { return TicketClock(label: Phrase("ticket-woken"), isOver: true) }
        return ticket.snoozedUntil.map { TicketClock(label: .verbatim(signs.shortDay($0)), isOver: false) }
    }
}
