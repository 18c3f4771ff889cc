import Base
import Mail
import Markup
import Outbox
import People
import Storage
import Text

/// What sending a draft needs, read in one snapshot.
struct PreparedLetter: Sendable {
    var draft: Draft
    var ticket: Ticket
    var queue: Queue
    var member: Member
    var newest: Message?
    var names: [String: String]
    var files: [OutgoingAttachment]
    /// Somebody among the recipients is known only from a form: no words of the form are mailed to them.
    var hasUnproven: Bool
}

extension Answering {
    typealias Prepared = PreparedLetter

    /// Reads and checks; the same again for the preview, which sends nothing.
    func prepare(
        _ id: ID, _ viewer: Viewer, right: Right = .send, as writer: ID? = nil, _ db: any Connection
    ) throws -> Prepared {
        let draft = try drafts.require(id, visibleTo: viewer, in: db)
        let ticket = try stores.tickets.require(draft.ticket, visibleTo: viewer, in: db)
        guard viewer.may(right, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
        let participants = try stores.tickets.participants(of: ticket.id, in: db)
        if right == .send {
            try draft.content.validate()
            let newcomers = Set(participants.filter(\.isNewcomer).map(\.address))
            if let newcomer = (draft.to + draft.cc).first(where: { newcomers.contains($0) }) {
                throw Failure(.refused, "draft-newcomer", arguments: [newcomer])
            }
        }
        let hasUnproven = try (draft.to + draft.cc).contains { try FormStore.isUnproven($0, ticket: ticket.id, in: db) }
        if right == .send, hasUnproven, Self.quotes(draft.text) { throw Failure(.refused, "draft-unproven-quote") }
        if right == .send { try stores.tickets.requireAnswerable(ticket.id, by: viewer, in: db) }
        if right == .send { try checks.requireClear(draft, ticket: ticket, at: clock.now(), in: db) }
        if right == .send, draft.kind == .forward { try ChildSafety.requireOpen(ticket.id, to: viewer, in: db) }
        let messages = try stores.messages.ofTicket(ticket.id, in: db)
        let files = try drafts.files(of: draft.id, in: db).map {
            OutgoingAttachment(
                filename: $0.filename, contentType: $0.contentType, bytes: try drafts.bytes(of: $0, in: db),
                isOriginal: $0.isOriginal)
        }
        return Prepared(
            draft: draft, ticket: ticket, queue: try stores.queues.require(ticket.queue, in: db),
            member: try members.require(writer ?? viewer.memberID, in: db),
            newest: messages.last { $0.direction != .note && !$0.headerID.isEmpty && $0.kind != "forward" },
            names: try names(of: draft, participants, in: db), files: files, hasUnproven: hasUnproven)
    }

    /// Names for the addresses: as they take part, else as we know them.
    private func names(
        of draft: Draft, _ participants: [Participant], in db: any Connection
    ) throws -> [String: String] {
        var names = Dictionary(participants.map { ($0.address, $0.name) }, uniquingKeysWith: { first, _ in first })
        for address in draft.to + draft.cc where (names[address] ?? "").isEmpty {
            names[address] = try stores.contacts.find(address: address, in: db)?.name ?? ""
        }
        return names.mapValues(Letter.headerName)
    }

    func compose(
        _ prepared: Prepared, _ letter: Letter, message: ID, at: Milliseconds
    ) throws(Failure) -> OutgoingMessage {
        var outgoing = try letter.begin(ticket: prepared.ticket.id, message: message, at: at)
        let draft = prepared.draft
        outgoing.to = draft.to.map { MailAddress(name: prepared.names[$0] ?? "", address: $0) }
        outgoing.cc = draft.cc.map { MailAddress(name: prepared.names[$0] ?? "", address: $0) }
        outgoing.subject = letter.subject(draft.subject, number: prepared.ticket.number)
        if draft.kind == .answer, let newest = prepared.newest {
            outgoing.inReplyTo = [newest.headerID]
            outgoing.references = [newest.headerID]
        }
        outgoing.language = LanguageDetector.detect(draft.text, prior: prepared.ticket.language)
        if prepared.hasUnproven {
            outgoing.to = draft.to.map { MailAddress(name: "", address: $0) }
            outgoing.cc = draft.cc.map { MailAddress(name: "", address: $0) }
            outgoing.subject = letter.subject(prepared.queue.displayName, number: prepared.ticket.number)
        }
        let signature = signature(prepared)
        outgoing.text = draft.text + (signature.isEmpty ? "" : "\n\n-- \n" + signature)
        outgoing.html = html(prepared)
        outgoing.attachments = prepared.files
        return outgoing
    }

    /// The body as HTML: the writer's formatting, the signature as it is.
    func html(_ prepared: Prepared) -> String {
        let signature = signature(prepared)
        return Markdown.html(prepared.draft.text)
            + (signature.isEmpty ? "" : OutgoingHTML.fragment("-- \n" + signature))
    }

    static func quotes(_ text: String) -> Bool {
        text.split(separator: "\n").contains { $0.drop { $0 == " " }.hasPrefix(">") }
    }

    /// The whole document the person will see.
    package func preview(_ id: ID, visibleTo viewer: Viewer, in db: any Connection) throws -> String {
        let prepared = try prepare(id, viewer, right: .see, db)
        let language = LanguageDetector.detect(prepared.draft.text, prior: prepared.ticket.language)
        return OutgoingHTML.document(body: html(prepared), language: language)
    }

    private func signature(_ prepared: Prepared) -> String {
        guard prepared.draft.content.hasSignature else { return "" }
        return prepared.queue.signature.replacing("{{name}}", with: prepared.member.letterName)
    }
}
