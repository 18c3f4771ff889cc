import Base
import Storage
import Web

/// What the page of a ticket shows of safety; read in the page's snapshot.
struct SafetyView: Sendable {
    struct Protection: Sendable {
        var reason: String
        var member: ID
        var at: Milliseconds
        var readers: [ID]
    }

    var redactions: [ID: [Redaction]]
    /// Messages of which only the shell is left, and since when.
    var erased: [ID: Milliseconds] = [:]
    var protection: Protection?
    var hasRefuge: Bool
    var isLabelled: Bool
    var isNamed: Bool
    var people: [ID]
    var isBlocked: Bool
    /// Who wrote first from outside.
    var sender: String?
    /// The address of who wrote first was only given in a form.
    var isUnproven: Bool
    /// Messages that came through a form and from nobody who has shown that the address is theirs.
    var unproven: Set<ID> = []

    /// Files are closed to this viewer.
    var isClosed: Bool { isLabelled && !isNamed }

    static func read(_ ticket: Ticket, _ desk: Desk, _ viewer: Viewer, in db: any Connection) throws -> SafetyView {
        let isLabelled = try ChildSafety.isSet(on: ticket.id, in: db)
        let protecting = desk.protecting
        let address = try address(of: ticket.id, in: db)
        return SafetyView(
            redactions: try desk.redactions.ofTicket(ticket.id, in: db),
            erased: try ErasureStore.erased(ofTicket: ticket.id, in: db),
            protection: try ticket.isProtected ? protection(ticket.id, protecting, in: db) : nil,
            hasRefuge: try !ticket.isProtected && protecting.refuges(in: db).contains { $0.queue != ticket.queue },
            isLabelled: isLabelled, isNamed: try isLabelled && ChildSafety.isNamed(viewer, in: db),
            people: try isLabelled ? ChildSafety.people(in: db) : [],
            isBlocked: try address.map { try BlockStore.blocks($0, queue: ticket.queue, in: db) } ?? false,
            sender: address,
            isUnproven: try address.map { try FormStore.isUnproven($0, ticket: ticket.id, in: db) } ?? false,
            unproven: try FormStore.unproven(inTicket: ticket.id, in: db))
    }

    private static func protection(_ ticket: ID, _ protecting: Protecting, in db: any Connection) throws -> Protection?
    {
        let row = try db.first(
            "SELECT * FROM protection WHERE ticket_id = \(ticket) ORDER BY id DESC LIMIT 1")
        return try row.map { row in
            let at = try row.int("at")
            return Protection(
                reason: try row.text("reason"), member: try row.int("member_id"), at: at,
                readers: try protecting.readers(of: ticket, before: at, in: db))
        }
    }

    /// Who wrote first from outside.
    static func address(of ticket: ID, in db: any Connection) throws -> String? {
        try db.first(
            """
            SELECT from_address FROM message WHERE ticket_id = \(ticket) AND direction = 'in' AND from_address <> ''
            ORDER BY sent_at, id LIMIT 1
            """
        )?.text("from_address")
    }
}

/// What is beside and above the thread.
struct SafetyBox: Sendable {
    /// Shown above the thread: the label is set.
    var card: SafetyCard?
    /// Shown above the thread: the ticket is protected.
    var protection: ProtectionSign?
    var protectPath: String?
    var label: Action?
    var block: Action?
    var unblock: Action?
    /// Shown above the thread: what becomes of the sender's mail.
    var blocked: Phrase?
}

struct SafetyCard: Sendable {
    /// Names of those who may open the files.
    let people: [String]
    let isNamed: Bool
    let lift: Action?
}

struct ProtectionSign: Sendable {
    let by: Phrase
    let reason: String
    let moment: Moment
    let readers: [String]
}

struct RedactionLine: Sendable {
    let what: Phrase
    let reason: String
    let moment: Moment
}

extension TicketPageMaker {
    var safety: SafetyBox {
        let ticket = view.ticket
        let mayNote = viewer.may(.note, queue: ticket.queue)
        let path = SafetyPaths.childSafety(ticket.id)
        return SafetyBox(
            card: view.safety.isLabelled
                ? SafetyCard(
                    people: view.safety.people.compactMap(name), isNamed: view.safety.isNamed,
                    lift: view.safety.isNamed ? Action(path) : nil) : nil,
            protection: view.safety.protection.map { protection in
                ProtectionSign(
                    by: Phrase("protect-by", .text(name(protection.member) ?? "…")), reason: protection.reason,
                    moment: signs.moment(protection.at), readers: protection.readers.compactMap(name))
            },
            protectPath: mayNote && view.safety.hasRefuge ? SafetyPaths.protection(ticket.id) : nil,
            label: mayNote && !view.safety.isLabelled ? Action(path) : nil,
            block: mayNote && !view.safety.isBlocked ? Action(SafetyPaths.blocking(ticket.id)) : nil,
            unblock: mayNote && view.safety.isBlocked ? Action(SafetyPaths.blocking(ticket.id)) : nil,
            blocked: view.safety.isBlocked
                ? Phrase("blocked-sign", .text(view.safety.sender ?? "…"), .text(view.queue.name)) : nil)
    }

    func redactions(_ message: Message) -> [RedactionLine] {
        let erased = view.safety.erased[message.id].map {
            RedactionLine(what: Phrase("erasure-trace"), reason: "", moment: signs.moment($0))
        }
        return (erased.map { [$0] } ?? [])
            + (view.safety.redactions[message.id] ?? []).map { redaction in
                RedactionLine(
                    what: Phrase("redaction-trace-\(redaction.kind.rawValue)", .text(name(redaction.member) ?? "…")),
                    reason: redaction.reason, moment: signs.moment(redaction.at))
            }
    }

    func previewPath(_ file: Attachment) -> String? {
        desk(canShow: file) ? SafetyPaths.preview(file.id) : nil
    }

    private func desk(canShow file: Attachment) -> Bool {
        !view.safety.isClosed && AttachmentPictures.canShow(file.contentType) && file.size <= AttachmentPictures.largest
    }

    private func name(_ member: ID) -> String? { view.members.first { $0.id == member }?.name }
}
