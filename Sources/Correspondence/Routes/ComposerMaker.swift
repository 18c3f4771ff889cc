import Base
import Foundation
import Text
import Web

/// Makes the composer: of a new answer, of a draft, or of what was entered and is wrong.
struct ComposerMaker: Sendable {
    let view: TicketView
    let viewer: Viewer
    let signs: Signs
    /// The draft that is written; nil for an answer nobody has begun.
    var draft: Draft?
    var files: [DraftStore.File] = []
    var entered: (content: Draft.Content, problem: Phrase)?
    /// Asked for by a link: everybody who got the last mail, a message to quote.
    var wantsAll = false
    var quoted: Message?
    /// The time that was entered for sending later.
    var enteredTime = ""
    /// What the check says of the draft.
    var check: DraftCheckView?

    private var ticket: Ticket { view.ticket }

    /// As it will stand below the letter: with the name of whoever sends it.
    private var signature: String? {
        guard !view.queue.signature.isEmpty else { return nil }
        let sender = view.members.first { $0.id == viewer.memberID }
        return view.queue.signature.replacing("{{name}}", with: sender?.letterName ?? "")
    }

    var composer: Composer? {
        guard viewer.may(.draft, queue: ticket.queue), ticket.mergedInto == nil else { return nil }
        let content = content
        let author = draft.flatMap { draft in view.members.first { $0.id == draft.author } }
        var composer = Composer(
            savePath: TicketPaths.draft(ticket.id), sendPath: TicketPaths.sending(ticket.id),
            attachPath: TicketPaths.attaching(ticket.id),
            discard: draft == nil ? nil : Action(TicketPaths.discarding(ticket.id)),
            version: String(entered == nil ? draft?.seenVersion ?? ticket.version : ticket.version),
            to: Field(content.to.joined(separator: ", ")), cc: Field(content.cc.joined(separator: ", ")),
            subject: Field(content.subject), text: Field(content.text), language: ticket.language ?? "",
            problem: isTimeWrong ? held : entered?.problem ?? held, attachments: files.map(line),
            signature: signature, quote: nil, send: sendLabel(content),
            saved: draft.map { Phrase("composer-saved-at", .text(signs.moment($0.updatedAt).exact)) },
            warning: warning)
        composer.draft = draft.map { String($0.id) } ?? ""
        composer.draftVersion = draft.map { String($0.version) } ?? ""
        composer.kind = (draft?.kind ?? .answer).rawValue
        composer.isForward = draft?.kind == .forward
        composer.writer = author.flatMap {
            $0.id == viewer.memberID ? nil : Phrase("composer-draft-of", .text($0.name))
        }
        composer.from = from(content)
        composer.hasSignature = content.hasSignature
        composer.maySign = !view.queue.signature.isEmpty
        let usual: Draft.Then = draft?.kind == .forward ? .keep : .answered
        composer.then = [usual, .waiting, .closed, .open].map {
            Choice($0.rawValue, Phrase("composer-then-\($0.rawValue)"), isSelected: $0 == content.then)
        }
        composer.previewPath = DraftPaths.preview(ticket.id)
        composer.filesHelp = Phrase("composer-files-help", .number(Draft.Content.mostFileBytes / 1_000_000))
        composer.mostFileBytes = Draft.Content.mostFileBytes
        composer.others = others(content)
        composer.mayRichen = true
        addSchedule(to: &composer)
        composer.check = check.flatMap { CheckBoxMaker(view: $0).box(hintsPath: CheckPaths.hints(ticket.id)) }
        if draft?.kind != .forward {
            composer.suggestions = SuggestionBox(path: SuggestionPaths.choice(ticket.id, draft: draft?.id))
            composer.agreed = LineBoxMaker(ticket: ticket, viewer: viewer, signs: signs).box(view.incidents.agreed)
        }
        composer.review = review()
        composer.submitPath =
            needsSubmission(view.reviews.ofDraft(draft?.id)) ? ReviewPaths.submission(ticket.id) : nil
        return composer
    }

    private var held: Phrase? {
        guard let draft, !draft.held.isEmpty else { return nil }
        return Phrase("later-held", .phrase(Phrase(draft.held, texts: draft.to.prefix(1).map { $0 })))
    }

    private var warning: Phrase? {
        if view.queue.mode == .shadow { return Phrase("composer-shadow") }
        return view.participants.contains(where: \.isNewcomer) ? Phrase("composer-newcomer") : nil
    }

    private var isTimeWrong: Bool { entered?.problem.key == "later-time-invalid" }

    private func addSchedule(to composer: inout Composer) {
        guard viewer.may(.send, queue: ticket.queue), view.queue.mode == .live else { return }
        let usual = draft?.sendAt ?? LocalTime.nextMorning(signs.now, zone: signs.zone)
        composer.schedule = ComposerSchedule(
            path: DraftPaths.schedule(ticket.id),
            at: isTimeWrong ? enteredTime : LocalTime.text(usual, zone: signs.zone),
            zone: signs.zone.identifier, isSet: draft?.sendAt != nil,
            problem: isTimeWrong ? entered?.problem : nil)
        if let at = draft?.sendAt {
            composer.scheduled = ComposerScheduled(
                text: Phrase("later-scheduled", .text(signs.moment(at).exact)),
                cancelPath: DraftPaths.unschedule(ticket.id))
        }
    }

    private func from(_ content: Draft.Content) -> [Choice] {
        let addresses = view.queue.sendingAddresses
        guard addresses.count > 1 else { return [] }
        return addresses.map { address in
            let isChosen = content.from.isEmpty ? address == addresses.first : address == content.from
            return Choice(address, .verbatim(address), isSelected: isChosen)
        }
    }

    private func line(_ file: DraftStore.File) -> AttachmentLine {
        AttachmentLine(
            name: file.filename.isEmpty ? file.contentType : file.filename, size: signs.size(file.size),
            kind: signs.kind(file.contentType), path: DraftPaths.file(file.id), previewPath: nil,
            remove: Action(DraftPaths.removing(ticket.id, file.id)))
    }

    private func sendLabel(_ content: Draft.Content) -> Phrase {
        guard let first = content.to.first else { return Phrase("composer-send-nobody") }
        let person = view.participants.first { first == $0.address }
        let name = person.map { $0.name.isEmpty ? $0.address : $0.name } ?? first
        let others = content.to.count + content.cc.count - 1
        return others > 0
            ? Phrase("composer-send-several", .text(name), .number(others)) : Phrase("composer-send", .text(name))
    }

    /// The draft, what was entered, or an empty answer to the last mail; with what a link asked for.
    private var content: Draft.Content {
        var content = entered?.content ?? draft?.content ?? usual
        if wantsAll { content.cc += otherPeople(content).map(\.address) }
        if let quoted, let quotation = signs.quotation {
            let quote = quotation.text(quoted, language: ticket.language)
            content.text = content.text.isEmpty ? "\n\n" + quote + "\n" : content.text + "\n\n" + quote + "\n\n"
        }
        return content
    }

    /// To whom wrote last and takes part, with the subject that goes on.
    var usual: Draft.Content {
        let newcomers = Set(view.participants.filter(\.isNewcomer).map(\.address))
        let last = view.messages.last {
            $0.direction == .incoming && !newcomers.contains(EmailAddress.folded($0.fromAddress))
        }
        // A form or a list may name ourselves there.
        let replyTo = last.flatMap { message in
            view.addresses[message.id]?.first { $0.role == .replyTo && !view.queue.owns($0.address) }
        }?.address
        let to = [replyTo ?? last?.fromAddress].compactMap { $0 }.map(EmailAddress.folded).filter(
            EmailAddress.isPlausible)
        let subject = ticket.subject
        return Draft.Content(
            to: to.isEmpty ? view.participants.filter { !$0.isNewcomer }.prefix(1).map(\.address) : to, cc: [],
            subject: subject.lowercased().hasPrefix("re:") ? subject : "Re: \(subject)", text: "")
    }

    /// Who else got the mail that is answered: asked about, never added by itself.
    private func others(_ content: Draft.Content) -> ReplyAll? {
        guard draft?.kind != .forward else { return nil }
        let people = otherPeople(content)
        guard !people.isEmpty, draft == nil || draft?.author == viewer.memberID else { return nil }
        let names = people.map { $0.name.isEmpty ? $0.address : $0.name }
        return ReplyAll(
            question: Phrase(
                "composer-others", .text(names.joined(separator: ", "))),
            addresses: people.map(\.address).joined(separator: ", "),
            path: TicketPaths.show(ticket.id) + "?all=1#answer")
    }

    private func otherPeople(_ content: Draft.Content) -> [MessageAddress] {
        guard let last = view.messages.last(where: { $0.direction == .incoming }) else { return [] }
        let newcomers = Set(view.participants.filter(\.isNewcomer).map(\.address))
        var known = Set(content.to + content.cc)
        return (view.addresses[last.id] ?? []).filter { person in
            let address = EmailAddress.folded(person.address)
            return person.role != .replyTo && !view.queue.owns(address) && !newcomers.contains(address)
                && EmailAddress.isPlausible(address) && known.insert(address).inserted
        }.map { MessageAddress(role: .cc, name: $0.name, address: EmailAddress.folded($0.address)) }
    }
}
