import Base
import Foundation
import Outbox
import People
import Storage
import Text
import Web

/// What the page of a ticket is made from; read in one snapshot.
struct TicketView: Sendable {
    var ticket: Ticket
    var queue: Queue
    var queues: [Queue]
    var members: [Member]
    var tags: [String]
    var participants: [Participant]
    var candidates: [(ticket: Ticket, reason: String)]
    var messages: [Message]
    var addresses: [ID: [MessageAddress]]
    var attachments: [ID: [Attachment]]
    var outbox: [OutboxItem]
    var draft: Draft?
    var draftFiles: [DraftStore.File]
    var contact: Contact?
    var earlier: [Ticket]
    var history: [StoredEvent]
    var safety: SafetyView

    static func read(_ id: ID, _ desk: Desk, _ viewer: Viewer, in db: any Connection) throws -> TicketView {
        let stores = desk.stores
        let ticket = try stores.tickets.require(id, visibleTo: viewer, in: db)
        let draft = try desk.drafts.find(ticket: id, author: viewer.memberID, in: db)
        return TicketView(
            ticket: ticket, queue: try stores.queues.require(ticket.queue, in: db),
            queues: try stores.queues.all(visibleTo: viewer, in: db), members: try desk.members.all(in: db),
            tags: try stores.tickets.tags(of: id, in: db),
            participants: try stores.tickets.participants(of: id, in: db),
            candidates: try stores.tickets.candidates(of: id, visibleTo: viewer, in: db),
            messages: try stores.messages.ofTicket(id, in: db),
            addresses: try stores.messages.addresses(ofTicket: id, in: db),
            attachments: try stores.messages.attachments(ofTicket: id, in: db),
            outbox: try stores.outbox.ofTicket(id, in: db),
            draft: draft, draftFiles: try draft.map { try desk.drafts.files(of: $0.id, in: db) } ?? [],
            contact: try ticket.contact.flatMap { try stores.contacts.find($0, in: db) },
            earlier: try stores.tickets.earlier(than: ticket, visibleTo: viewer, limit: 8, in: db),
            history: try stores.events.ofTicket(id, limit: 200, in: db),
            safety: try SafetyView.read(ticket, desk, viewer, in: db))
    }
}

/// Makes the page of a ticket from what was read.
struct TicketPageMaker: Sendable {
    let view: TicketView
    let viewer: Viewer
    let signs: Signs
    /// What was entered and is wrong, where a form comes back.
    var entered: (content: Draft.Content, problem: Phrase)?
    var note: Field = Field()
    /// What besides the answer is shown; absent where a form comes back.
    var work: TicketWorkView?

    var ticket: Ticket { view.ticket }

    func page() -> TicketPage {
        TicketPage(
            listPath: TicketPaths.list(), header: header, mayBelong: view.candidates.map(mayBelong),
            newcomers: newcomers,
            thread: view.messages.map(item), composer: composer,
            note: viewer.may(.note, queue: ticket.queue)
                ? NoteForm(path: TicketPaths.notes(ticket.id), text: note) : nil,
            properties: properties, safety: safety, person: person, history: (work?.history ?? view.history).map(line),
            work: workBox)
    }

    private var mayChange: Bool { viewer.may(.note, queue: ticket.queue) }

    private var header: TicketHeader {
        let isClosed = ticket.state == .closed || ticket.state == .junk
        return TicketHeader(
            number: ticket.number, subject: ticket.subject, language: signs.language(ticket.language),
            state: signs.state(ticket.state),
            queue: Link(.verbatim(view.queue.name), TicketPaths.list(query: [("query", "queue:\(view.queue.name)")])),
            owner: view.members.first { $0.id == ticket.owner }?.name, clock: nil,
            close: mayChange && !isClosed ? Action(TicketPaths.closure(ticket.id)) : nil,
            reopen: mayChange && isClosed ? Action(TicketPaths.reopening(ticket.id)) : nil,
            take: mayChange && ticket.owner != viewer.memberID ? Action(TicketPaths.taking(ticket.id)) : nil,
            outcome: ticket.outcome.map { Phrase("ticket-outcome-\($0.rawValue)") },
            snoozed: ticket.snoozedUntil.map { Phrase("ticket-snoozed", .text(signs.day($0))) },
            priority: ticket.priority > 2 ? PrioritySign(ticket.priority) : nil)
    }

    private func mayBelong(_ candidate: (ticket: Ticket, reason: String)) -> MayBelong {
        let isShut = candidate.ticket.state == .junk
        return MayBelong(
            number: candidate.ticket.number, subject: candidate.ticket.subject,
            path: TicketPaths.show(candidate.ticket.id),
            reason: Phrase(
                isShut || candidate.reason == "token" ? "ticket-reason-target" : "ticket-reason-\(candidate.reason)"),
            joinPath: TicketPaths.joining(ticket.id, candidate.ticket.id))
    }

    private var newcomers: [Newcomer] {
        view.participants.enumerated().filter { $0.element.isNewcomer }.map { position, person in
            Newcomer(
                name: person.name.isEmpty ? person.address : person.name, address: person.address,
                addPath: TicketPaths.admission(ticket.id, ID(position)))
        }
    }

    // MARK: - Thread

    private func item(_ message: Message) -> ThreadItem {
        let parties = view.addresses[message.id] ?? []
        let kind: ThreadItem.Kind =
            switch message.direction {
            case .incoming: .message
            case .outgoing: .answer
            case .note: .note
            }
        let author = view.members.first { $0.id == message.author }?.name
        let name = author ?? (message.fromName.isEmpty ? message.fromAddress : message.fromName)
        return ThreadItem(
            anchor: "m\(message.id)", kind: kind, sender: Party(name: name, address: message.fromAddress),
            to: parties.filter { $0.role == .to }.map(party), cc: parties.filter { $0.role == .cc }.map(party),
            moment: signs.moment(message.sentAt), language: signs.language(message.language),
            isUnread: isUnread(message),
            isNewcomer: message.isNewcomer, mark: mark(message), text: blocks(message),
            redactions: redactions(message),
            redactPath: viewer.may(.manage, queue: ticket.queue) ? SafetyPaths.redaction(message.id) : nil,
            attachments: (view.attachments[message.id] ?? []).map(attachment),
            copies: message.copies > 1 && message.raw != nil
                ? Link(Phrase("ticket-copies", .number(message.copies - 1)), MessagePaths.original(message.id)) : nil,
            originalPath: message.raw == nil || view.safety.isClosed ? nil : MessagePaths.original(message.id),
            htmlPath: message.hasHTML && message.direction == .incoming && !view.safety.isClosed
                ? SafetyPaths.view(message.id) : nil,
            replyPath: message.direction == .incoming && composer != nil ? "#answer" : nil,
            delivery: view.outbox.first { $0.message == message.id }.map { delivery($0, message) })
    }

    private func party(_ address: MessageAddress) -> Party {
        Party(name: address.name.isEmpty ? address.address : address.name, address: address.address)
    }

    private func mark(_ message: Message) -> Phrase? {
        if message.problems.contains("unreadable") || message.problems.contains("too-large-to-read-whole") {
            return Phrase("ticket-mark-broken")
        }
        switch message.kind {
        case "bounce": return Phrase("ticket-mark-bounce")
        case "auto-reply": return Phrase("ticket-mark-auto")
        case "list": return Phrase("ticket-mark-list")
        default:
            return message.direction == .incoming && view.safety.isUnproven ? Phrase("form-unproven") : nil
        }
    }

    private func blocks(_ message: Message) -> [TextBlock] {
        NewText.segments(of: message.text).compactMap { segment in
            let text = segment.text.trimmingCharacters(in: .newlines)
            guard !text.isEmpty else { return nil }
            switch segment.kind {
            case .new: return TextBlock(.words, text)
            case .quoted: return TextBlock(.quote, text)
            case .signature: return TextBlock(.signature, text)
            }
        }
    }

    private func attachment(_ file: Attachment) -> AttachmentLine {
        AttachmentLine(
            name: file.filename.isEmpty ? file.contentType : file.filename, size: signs.size(file.size),
            kind: signs.kind(file.contentType), path: MessagePaths.attachment(file.id), previewPath: previewPath(file),
            remove: nil)
    }

    private func delivery(_ item: OutboxItem, _ message: Message) -> DeliverySign {
        let isBounced = item.recipients.contains { $0.state == .bounced }
        let state: DeliverySign.State =
            switch item.state {
            case .queued, .handingOver: .queued
            case .handedOver: isBounced ? .bounced : .delivered
            case .inDoubt: .doubt
            case .failed: .failed
            case .cancelled: .undone
            }
        let said = item.recipients.filter { $0.state != .accepted && !$0.reply.isEmpty }
            .map { "\($0.address): \($0.reply)" }.joined(separator: "\n")
        let maySend = viewer.may(.send, queue: ticket.queue)
        let needsCare = maySend && (state == .failed || state == .doubt)
        let mayUndo = item.state == .queued && message.author == viewer.memberID && item.notBefore > signs.now
        return DeliverySign(
            state: state, label: Phrase("delivery-\(state.rawValue)"), detail: said.isEmpty ? nil : said,
            undo: mayUndo ? Action(MessagePaths.undo(message.id)) : nil,
            resend: needsCare ? Action(MessagePaths.resending(message.id)) : nil,
            settle: maySend && state == .doubt ? Action(MessagePaths.settling(message.id)) : nil)
    }

    // MARK: - Writing

    private var composer: Composer? {
        guard viewer.may(.draft, queue: ticket.queue), ticket.mergedInto == nil else { return nil }
        let content = entered?.content ?? draftContent
        let last = view.messages.last { $0.direction == .incoming }
        let recipient = view.participants.first { content.to.first == $0.address }
        let name = recipient.map { $0.name.isEmpty ? $0.address : $0.name } ?? content.to.first ?? ""
        let others = content.to.count + content.cc.count - 1
        let isShadow = view.queue.mode == .shadow
        return Composer(
            savePath: TicketPaths.draft(ticket.id), sendPath: TicketPaths.sending(ticket.id),
            attachPath: TicketPaths.attaching(ticket.id),
            discard: view.draft == nil ? nil : Action(TicketPaths.discarding(ticket.id)),
            version: String(entered == nil ? view.draft?.seenVersion ?? ticket.version : ticket.version),
            to: Field(content.to.joined(separator: ", ")), cc: Field(content.cc.joined(separator: ", ")),
            subject: Field(content.subject), text: Field(content.text), language: ticket.language ?? "",
            problem: entered?.problem,
            attachments: view.draftFiles.map { file in
                AttachmentLine(
                    name: file.filename, size: "", kind: signs.kind(file.contentType), path: "#answer",
                    previewPath: nil, remove: nil)
            },
            signature: view.queue.signature.isEmpty ? nil : view.queue.signature, quote: last.map { Letter.quote($0) },
            send: others > 0
                ? Phrase("composer-send-several", .text(name), .number(others)) : Phrase("composer-send", .text(name)),
            saved: view.draft.map { Phrase("composer-saved-at", .text(signs.moment($0.updatedAt).exact)) },
            warning: isShadow ? Phrase("composer-shadow") : newcomers.isEmpty ? nil : Phrase("composer-newcomer"))
    }

    /// The writer's draft, or an empty answer to the last mail.
    private var draftContent: Draft.Content {
        if let draft = view.draft {
            return Draft.Content(to: draft.to, cc: draft.cc, subject: draft.subject, text: draft.text)
        }
        return emptyAnswer
    }

    /// To whom wrote last and takes part, with the subject that goes on.
    var emptyAnswer: Draft.Content {
        let newcomers = Set(view.participants.filter(\.isNewcomer).map(\.address))
        let last = view.messages.last {
            $0.direction == .incoming && !newcomers.contains(EmailAddress.folded($0.fromAddress))
        }
        let replyTo = last.flatMap { view.addresses[$0.id]?.first { $0.role == .replyTo } }?.address
        let to = [replyTo ?? last?.fromAddress].compactMap { $0 }.map(EmailAddress.folded).filter(
            EmailAddress.isPlausible)
        let subject = ticket.subject
        return Draft.Content(
            to: to.isEmpty ? view.participants.filter { !$0.isNewcomer }.prefix(1).map(\.address) : to, cc: [],
            subject: subject.lowercased().hasPrefix("re:") ? subject : "Re: \(subject)", text: "")
    }

    // MARK: - Beside the thread

    private var properties: TicketProperties {
        guard mayChange else {
            return TicketProperties(state: nil, owner: nil, queue: nil, priority: nil, language: nil, tags: nil)
        }
        let states = Signs.stateChoices(of: ticket)
        let nobody = Choice("", Phrase("ticket-list-nobody"), isSelected: ticket.owner == nil)
        let owners = view.members.filter { !$0.isDisabled || $0.id == ticket.owner }
            .map { Choice(String($0.id), .verbatim($0.name), isSelected: $0.id == ticket.owner) }
        let queues = view.queues.map { Choice(String($0.id), .verbatim($0.name), isSelected: $0.id == ticket.queue) }
        let priorities = Signs.priorities.enumerated().map { index, name in
            Choice(String(index + 1), Phrase("ticket-priority-\(name)"), isSelected: index + 1 == ticket.priority)
        }
        let tags = view.tags.map { tag in
            CountedLink(.verbatim(tag), count: 0, path: TicketPaths.list(query: [("query", "tag:\(tag)")]))
        }
        return TicketProperties(
            state: ChoiceForm(path: TicketPaths.state(ticket.id), choices: states, problem: nil),
            owner: ChoiceForm(path: TicketPaths.owner(ticket.id), choices: [nobody] + owners, problem: nil),
            queue: ChoiceForm(path: TicketPaths.queue(ticket.id), choices: queues, problem: nil),
            priority: ChoiceForm(path: TicketPaths.priority(ticket.id), choices: priorities, problem: nil),
            language: languageForm,
            tags: TagForm(
                path: TicketPaths.tags(ticket.id), value: view.tags.joined(separator: ", "), tags: tags, problem: nil,
                known: work?.tags ?? []))
    }

    private var person: PersonBox? {
        guard let contact = view.contact, let address = personAddress else { return nil }
        return PersonBox(
            name: contact.name.isEmpty ? address : contact.name, address: address,
            language: signs.language(contact.language),
            earlier: view.earlier.map {
                EarlierTicket(
                    subject: $0.subject, path: TicketPaths.show($0.id), language: signs.language($0.language),
                    state: signs.state($0.state), moment: signs.moment($0.updatedAt))
            },
            all: view.earlier.isEmpty
                ? nil
                : CountedLink(
                    Phrase("person-all"), count: view.earlier.count + 1,
                    path: TicketPaths.list(query: [("query", "from:\(address)")])))
    }
}
