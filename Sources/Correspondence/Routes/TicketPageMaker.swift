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
    /// All drafts of the ticket.
    var drafts: [Draft]
    var contact: Contact?
    var earlier: [Ticket]
    var history: [StoredEvent]
    /// Who may own it: members who see its queue.
    var owners: [Member]
    /// Where it may be moved.
    var targets: [Queue]
    var safety: SafetyView
    var triage = TriageView()
    var incidents = TicketIncidentView()
    var isFollowing = false
    var due = DueView()
    var calls: [CallView] = []
    /// Of the viewer's own draft.
    var check: DraftCheckView?
    var reviews = TicketReviews()

    static func read(_ id: ID, _ desk: Desk, _ viewer: Viewer, in db: any Connection) throws -> TicketView {
        let stores = desk.stores
        let ticket = try stores.tickets.require(id, visibleTo: viewer, in: db)
        let draft = try desk.drafts.find(ticket: id, author: viewer.memberID, in: db)
        var view = TicketView(
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
            drafts: try desk.drafts.ofTicket(id, in: db),
            contact: try ticket.contact.flatMap { try stores.contacts.find($0, in: db) },
            earlier: try stores.tickets.earlier(than: ticket, visibleTo: viewer, limit: 8, in: db),
            history: try EventReading().history(of: id, visibleTo: viewer, limit: 200, in: db),
            owners: try desk.members.members(with: .see, queue: ticket.queue, in: db),
            targets: try stores.queues.targets(of: viewer, in: db),
            safety: try SafetyView.read(ticket, desk, viewer, in: db),
            triage: try TriageView.read(ticket, desk, viewer, in: db),
            incidents: try TicketIncidentView.read(ticket, desk, viewer, in: db),
            isFollowing: try FollowStore().isFollowing(ticket: id, member: viewer.memberID, in: db),
            check: try draft.map { try DraftCheckView.read($0, ticket: ticket, desk, viewer, in: db) },
            reviews: try TicketReviews.read(ticket, desk, viewer, in: db))
        view.due = try DueView.read(ticket, view.messages, zone: desk.zone, in: db)
        view.calls = try CallView.read(ticket, desk, viewer, in: db)
        return view
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
    /// The time that was entered for sending later.
    var enteredTime = ""
    /// What besides the answer is shown; absent where a form comes back.
    var work: TicketWorkView?
    var wantsAll = false
    var quoted: ID?

    var ticket: Ticket { view.ticket }

    func page() -> TicketPage {
        var page = TicketPage(
            listPath: TicketPaths.list(), header: header, mayBelong: view.candidates.map(mayBelong),
            newcomers: newcomers,
            thread: view.messages.map(item), composer: composer,
            note: viewer.may(.note, queue: ticket.queue)
                ? NoteForm(path: TicketPaths.notes(ticket.id), text: note) : nil,
            properties: properties, safety: safety, person: person, history: (work?.history ?? view.history).map(line),
            work: workBox)
        page.drafts = view.drafts.filter { $0.id != view.draft?.id }.map(card)
        page.callPath = mayChange ? WritingPaths.call(ticket.id) : nil
        page.printPath = ForwardPaths.print(ticket.id)
        page.following = following
        page.triage = triage
        page.incidents = incidents
        page.labelForm = labelForm
        page.live = live
        page.due = view.due.box(ticket, signs, mayChange: mayChange)
        page.calls = view.calls.map { $0.card(signs) }
        page.aids = work?.aids.map(aids)
        return page
    }

    private var following: Following {
        Following(
            isOn: view.isFollowing,
            path: (view.isFollowing ? NoticePaths.unfollowing : NoticePaths.following)(ticket.id))
    }

    private var live: LiveTicket {
        LiveTicket(
            id: String(ticket.id), headerPath: LivePaths.header(ticket.id),
            presencePath: LivePaths.presence(ticket.id), colleaguesPath: LivePaths.colleagues(ticket.id))
    }

    private var mayChange: Bool { viewer.may(.note, queue: ticket.queue) }

    private var header: TicketHeader {
        let isClosed = ticket.state == .closed || ticket.state == .junk
        return TicketHeader(
            number: ticket.number, subject: ticket.subject, language: signs.language(ticket.language),
            state: signs.state(ticket.state),
            queue: Link(.verbatim(view.queue.name), TicketPaths.list(query: [("query", "queue:\(view.queue.name)")])),
            owner: view.members.first { $0.id == ticket.owner }?.name, clock: signs.due(ticket),
            close: mayChange && !isClosed ? Action(TicketPaths.closure(ticket.id)) : nil,
            reopen: mayChange && isClosed ? Action(TicketPaths.reopening(ticket.id)) : nil,
            take: mayChange && ticket.owner != viewer.memberID ? Action(TicketPaths.taking(ticket.id)) : nil,
            outcome: ticket.outcome.map { Phrase("ticket-outcome-\($0.rawValue)") },
            snoozed: ticket.snoozedUntil.map { Phrase("ticket-snoozed", .text(signs.day($0))) },
            priority: ticket.priority > 2 ? PrioritySign(ticket.priority) : nil,
            ownerAway: view.members.first { $0.id == ticket.owner }.flatMap(signs.away)
                .map { Phrase("owner-away", .text($0)) })
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
        let isCall = Calling.Channel(rawValue: message.kind) != nil
        var item = ThreadItem(
            anchor: "m\(message.id)", kind: kind,
            sender: Party(
                name: isCall && !message.fromName.isEmpty ? message.fromName : name, address: message.fromAddress),
            to: parties.filter { $0.role == .to }.map(party), cc: parties.filter { $0.role == .cc }.map(party),
            moment: signs.moment(message.sentAt), language: signs.language(message.language),
            isUnread: isUnread(message),
            isNewcomer: message.isNewcomer, mark: mark(message), text: blocks(message),
            redactions: redactions(message),
            redactPath: viewer.may(.manage, queue: ticket.queue) ? SafetyPaths.redaction(message.id) : nil,
            attachments: (view.attachments[message.id] ?? []).map(attachment),
            copies: message.copies > 1 && message.raw != nil
                ? Link(Phrase("ticket-copies", .number(message.copies - 1)), ForwardPaths.copies(message.id)) : nil,
            originalPath: message.raw == nil || kind == .note || view.safety.isClosed
                ? nil : MessagePaths.original(message.id),
            htmlPath: message.hasHTML && message.direction == .incoming && !view.safety.isClosed
                ? SafetyPaths.view(message.id) : nil,
            replyPath: message.direction == .incoming && composer != nil ? "#answer" : nil,
            delivery: view.outbox.first { $0.message == message.id }.map { delivery($0, message) })
        item.credits = kind == .answer ? credits(message) : []
        let isAnswered = view.messages.first { $0.direction == .outgoing }.map { $0.sentAt <= message.sentAt } ?? false
        if kind == .message, mayChange, isAnswered || view.reviews.thanks.contains(message.id) {
            item.thanks = Action(ReviewPaths.thanks(message.id))
            item.isThanks = view.reviews.thanks.contains(message.id)
        }
        if kind != .note, composer != nil {
            let isQuotable = !view.safety.isUnproven || message.direction == .outgoing
            item.quotePath = isQuotable ? TicketPaths.show(ticket.id) + "?quote=\(message.id)#answer" : nil
            item.quoteHead = signs.quotation?.head(message, language: ticket.language) ?? ""
            item.forwardPath = view.safety.isClosed ? nil : ForwardPaths.forwarding(message.id)
            let mayRedirect =
                kind == .message && message.raw != nil && message.kind != "bounce" && !view.safety.isClosed
            item.redirectPath =
                mayRedirect && viewer.may(.send, queue: ticket.queue) ? ForwardPaths.redirecting(message.id) : nil
        }
        return item
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
        case "forward": return Phrase("ticket-mark-forward")
        case "redirect": return Phrase("ticket-mark-redirect")
        case "call", "talk", "paper", "chat":
            let author = view.members.first { $0.id == message.author }?.name ?? ""
            return Phrase("ticket-mark-\(message.kind)", .text(author))
        default:
            if view.safety.unproven.contains(message.id) { return Phrase("form-unproven") }
            return MailProtection.mark(message, view.attachments[message.id] ?? [])
        }
    }

    private func blocks(_ message: Message) -> [TextBlock] {
        let isFormatted = message.hasLightFormatting
        return NewText.segments(of: message.text).compactMap { segment in
            let text = segment.text.trimmingCharacters(in: .newlines)
            guard !text.isEmpty else { return nil }
            switch segment.kind {
            case .new: return isFormatted ? TextBlock(formatted: .words, text) : TextBlock(.words, text)
            case .quoted: return isFormatted ? TextBlock(formatted: .quote, text) : TextBlock(.quote, text)
            case .signature: return TextBlock(.signature, text)
            }
        }
    }

    private func attachment(_ file: Attachment) -> AttachmentLine {
        AttachmentLine(
            name: file.filename.isEmpty ? file.contentType : file.filename, size: signs.size(file.size),
            kind: signs.kind(file.contentType, label: file.label), path: MessagePaths.attachment(file.id),
            previewPath: previewPath(file),
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
        let isMine = message.author == viewer.memberID || view.reviews.sentByMe.contains(message.id)
        let mayUndo = item.state == .queued && isMine && item.notBefore > signs.now
        var sign = DeliverySign(
            state: state, label: Phrase("delivery-\(state.rawValue)"), detail: said.isEmpty ? nil : said,
            undo: mayUndo ? Action(MessagePaths.undo(message.id)) : nil,
            resend: needsCare ? Action(MessagePaths.resending(message.id)) : nil,
            settle: maySend && state == .doubt ? Action(MessagePaths.settling(message.id)) : nil)
        sign.undoSeconds = mayUndo ? Int((item.notBefore - signs.now + 999) / 1000) : 0
        return sign
    }

    // MARK: - Writing

    private var composer: Composer? {
        // A label leaves the answer to others.
        guard !view.triage.isClosed else { return nil }
        var maker = ComposerMaker(view: view, viewer: viewer, signs: signs, draft: view.draft, files: view.draftFiles)
        maker.entered = entered
        maker.enteredTime = enteredTime
        maker.wantsAll = wantsAll
        maker.check = view.check
        maker.quoted = quoted.flatMap { id in view.messages.first { $0.id == id && $0.direction != .note } }
        return maker.composer
    }

    /// To whom wrote last and takes part, with the subject that goes on.
    var emptyAnswer: Draft.Content { ComposerMaker(view: view, viewer: viewer, signs: signs).usual }

    private func card(_ draft: Draft) -> DraftCard {
        let name = view.members.first { $0.id == draft.author }?.name ?? ""
        let isForward = draft.kind == .forward
        let mayWrite = viewer.may(.draft, queue: ticket.queue)
        let hasOwn = view.drafts.contains { $0.author == viewer.memberID && $0.kind == draft.kind }
        return DraftCard(
            title: Phrase(isForward ? "draft-card-forward" : "draft-card-answer", .text(name)),
            moment: signs.moment(draft.updatedAt), text: TextBlock(formatted: .words, String(draft.text.prefix(4000))),
            path: DraftPaths.show(draft.id),
            takeOver: mayWrite && !hasOwn ? Action(DraftPaths.takingOver(draft.id)) : nil,
            scheduled: draft.sendAt.map { Phrase("later-scheduled", .text(signs.moment($0).exact)) },
            unschedule: draft.sendAt != nil && mayWrite ? Action(DraftPaths.unscheduling(draft.id)) : nil)
    }

    // MARK: - Beside the thread

    private var properties: TicketProperties {
        guard mayChange else {
            return TicketProperties(state: nil, owner: nil, queue: nil, priority: nil, language: nil, tags: nil)
        }
        let states = Signs.stateChoices(of: ticket)
        let nobody = Choice("", Phrase("ticket-list-nobody"), isSelected: ticket.owner == nil)
        let owners = view.members.filter { member in
            member.id == ticket.owner || view.owners.contains { $0.id == member.id }
        }
        .map { Choice(String($0.id), signs.name(of: $0), isSelected: $0.id == ticket.owner) }
        let queues = view.targets.map { Choice(String($0.id), .verbatim($0.name), isSelected: $0.id == ticket.queue) }
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
                    path: TicketPaths.list(query: [("query", "contact:\(contact.id)")])),
            held: viewer.isAdministrator ? Link(Phrase("erasure-open"), ErasurePaths.person(contact.id)) : nil)
    }
}
