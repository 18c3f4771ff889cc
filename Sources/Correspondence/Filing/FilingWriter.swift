import Base
import Mail
import Outbox
import Storage

/// The transaction of `Filing` for one mail.
struct FilingWriter: Sendable {
    let stores: Filing.Stores
    let ids: IDMaker
    let key: InstanceKey

    /// `number` was drawn for a mail of today; history draws its own.
    func file(_ mail: ReadMail, number: String?, in db: any Connection) throws {
        try stores.jobs.finish(mail.job, in: db)
        guard let delivery = try stores.deliveries.find(mail.delivery.id, in: db), delivery.state == .new else {
            return
        }
        if let original = try findCopy(of: mail, in: db) {
            try stores.messages.addCopy(to: original, in: db)
            try redactCopy(mail.delivery.raw, of: original, in: db)
            try stores.deliveries.setState(.copy, message: original, of: mail.delivery.id, in: db)
            if try ErasureStore.isErased(original, in: db) {
                try stores.deliveries.eraseEnvelopes(ofMessage: original, in: db)
            }
            return
        }
        var mail = mail
        mail.parsed.language = try SenderHabit.language(of: mail, contacts: stores.contacts, in: db)
        let bounced = try findBounced(mail, in: db)
        let message = try ids.make()
        let place =
            try bounced?.ticket.flatMap { try stores.tickets.target(of: $0, in: db) }
            .map { Place(ticket: $0, isNewcomer: false, isNew: false) } ?? place(mail, number: number, in: db)
        try add(mail, id: message, to: place, in: db)
        try noteArrival(mail, message: message, at: place, in: db)
        try expectRules(mail, message: message, at: place, in: db)
        if let bounced { try noteBounce(mail, of: bounced, message: message, in: db) }
        if mail.mayBeTriaged { try triage(mail, message: message, at: place, in: db) }
        if place.isNew {
            try IncidentNoticing.expect(mail, message: message, ticket: place.ticket, stores.jobs, in: db)
        }
        try stores.deliveries.setState(.filed, message: message, of: mail.delivery.id, in: db)
    }

    // MARK: - Copies and bounces

    /// The message this mail is only a copy of: the same Message-ID and content, or our own mail that came back.
    private func findCopy(of mail: ReadMail, in db: any Connection) throws -> ID? {
        guard !mail.parsed.messageID.isEmpty else { return nil }
        if let own = try stores.messages.findOwn(headerID: mail.parsed.messageID, queue: mail.queue.id, in: db),
            let letter = try stores.messages.find(own, in: db),
            try RedactionStore.isRedacted(own, in: db) || ErasureStore.isErased(own, in: db)
                || mail.says(letter.text)
        {
            return own
        }
        return try stores.messages.findCopy(
            headerID: mail.parsed.messageID, contentHash: mail.contentHash, queue: mail.queue.id, in: db)
    }

    /// What was taken out of a message does not come back with a copy of it.
    private func redactCopy(_ raw: ID, of original: ID, in db: any Connection) throws {
        if try ErasureStore.isErased(original, in: db) { return try stores.raws.replace(raw, with: [], in: db) }
        guard try RedactionStore.isRedacted(original, in: db),
            let kept = try stores.messages.find(original, in: db)?.raw
        else { return }
        try stores.raws.replace(raw, with: try stores.raws.bytes(of: kept, in: db), in: db)
    }

    private func findBounced(_ mail: ReadMail, in db: any Connection) throws -> OutboxItem? {
        guard mail.parsed.kind == .bounce else { return nil }
        if let id = mail.evidence.bounced, let item = try stores.outbox.find(id, in: db) { return item }
        guard !mail.parsed.bouncedMessageID.isEmpty,
            let own = try stores.messages.findOwn(headerID: mail.parsed.bouncedMessageID, in: db)
        else { return nil }
        return try stores.outbox.ofMessage(own, in: db)
    }

    /// Marks the recipients a bounce speaks of; all of them when it names none. What came back to the signed address of
    /// a mail to one person is about that person, whatever address theirs led on to.
    private func noteBounce(_ mail: ReadMail, of item: OutboxItem, message: ID, in db: any Connection) throws {
        let named = mail.parsed.bouncedRecipients
        for recipient in item.recipients {
            let address = EmailAddress.folded(recipient.address)
            let isOnlyOne = item.recipients.count == 1 && mail.evidence.bounced == item.id
            let report =
                named.first { EmailAddress.folded($0.address) == address } ?? (isOnlyOne ? named.first : nil)
            guard report != nil || named.isEmpty else { continue }
            let isPermanent = report?.isPermanent ?? false
            let reply = [report?.status, report?.diagnostic].compactMap { $0 }.joined(separator: " ")
            if isPermanent || report == nil {
                try stores.outbox.setRecipient(
                    recipient.address, of: item.id, state: .bounced, reply: reply, at: mail.now, in: db)
            }
            if isPermanent { try stores.contacts.markBouncing(address: address, at: mail.now, in: db) }
        }
        let event = Event("mail-bounced", queue: item.queue, ticket: item.ticket, subject: message)
        try stores.events.add(event, at: mail.now, in: db)
    }

    // MARK: - Where it belongs

    struct Place {
        var ticket: Ticket
        var isNewcomer: Bool
        var isNew: Bool
        /// The job of an acknowledgement that waits for what rules decide.
        var acknowledges = ""
    }

    private func place(_ mail: ReadMail, number: String?, in db: any Connection) throws -> Place {
        let evidence = Threading.Evidence(
            candidates: try candidates(for: mail, in: db), isOurs: mail.isOurs,
            trustsReferences: mail.isHistory || mail.queue.isList, isForged: mail.isForged,
            isClaimed: mail.delivery.source == .form)
        switch Threading.decide(evidence) {
        case .join(let id, let isNewcomer):
            if evidence.trustsReferences { try fold(evidence.candidates, into: id, mail: mail, in: db) }
            guard let ticket = try stores.tickets.find(id, in: db) else {
                throw Failure(.internal, "error-internal", details: "ticket \(id) is gone")
            }
            return Place(ticket: ticket, isNewcomer: isNewcomer, isNew: false)
        case .open(let candidates):
            let place = try open(mail, number: number, queue: try refuge(of: candidates, in: db), in: db)
            for candidate in candidates {
                try stores.tickets.addCandidate(
                    candidate.ticket, reason: candidate.reason.rawValue, to: place.ticket.id, in: db)
            }
            return place
        }
    }

    private func candidates(for mail: ReadMail, in db: any Connection) throws -> [Threading.Candidate] {
        let evidence = mail.evidence
        var found: [(ID, Threading.Candidate.Reason)] = evidence.ticketTokens.map { ($0, .token) }
        for message in evidence.messageTokens {
            if let message = try stores.messages.find(message, in: db) { found.append((message.ticket, .token)) }
        }
        for number in evidence.markedNumbers {
            if let ticket = try stores.tickets.find(number: number, in: db) { found.append((ticket.id, .token)) }
        }
        let isRelated = mail.isHistory || mail.queue.isList
        let headers =
            isRelated ? evidence.references + [mail.parsed.messageID].filter { !$0.isEmpty } : evidence.references
        let inQueue = isRelated ? mail.queue.id : nil
        for ticket in try stores.messages.tickets(naming: headers, isRelated: isRelated, queue: inQueue, in: db) {
            found.append((ticket, .reference))
        }
        for number in evidence.numbers {
            if let ticket = try stores.tickets.find(number: number, in: db) { found.append((ticket.id, .number)) }
        }
        var seen: Set<String> = []
        return try found.compactMap { id, reason in
            guard let target = try stores.tickets.target(of: id, in: db), seen.insert("\(target.id) \(reason)").inserted
            else { return nil }
            let participant = try mail.sender.flatMap {
                try stores.tickets.participant($0.address, of: target.id, in: db)
            }
            var candidate = Threading.Candidate(
                ticket: target.id, reason: reason, state: target.state, senderIsNewcomer: participant?.isNewcomer)
            candidate.isProtected = target.isProtected
            return candidate
        }
    }

    /// A mail that speaks to a protected ticket stays as hidden as that one.
    private func refuge(of candidates: [Threading.Candidate], in db: any Connection) throws -> ID? {
        let hidden = candidates.first { $0.isProtected && ($0.reason == .token || $0.senderIsNewcomer != nil) }
        return try hidden.flatMap { try stores.tickets.find($0.ticket, in: db) }?.queue
    }

    /// History in the wrong order: a mail that links two threads makes them one.
    private func fold(
        _ candidates: [Threading.Candidate], into id: ID, mail: ReadMail, in db: any Connection
    ) throws {
        for candidate in candidates where candidate.reason == .reference && candidate.ticket != id {
            try stores.merging.merge(candidate.ticket, into: id, actor: nil, at: mail.now, in: db)
        }
    }

    private func open(_ mail: ReadMail, number: String?, queue: ID?, in db: any Connection) throws -> Place {
        let isBlocked = try mail.sender.map { try BlockStore.blocks($0.address, queue: mail.queue.id, in: db) } ?? false
        let contact = try mail.isOurs ? nil : matchContact(mail, in: db)
        let sender = mail.sender.map { $0.name.isEmpty ? $0.address : $0.name } ?? mail.parsed.from.first?.name ?? ""
        let opening = TicketStore.Opening(
            number: try number ?? TicketNumbers.drawPast(day: mail.day, in: db),
            queue: queue ?? mail.queue.id, subject: mail.subject,
            state: mail.isHistory ? .closed : mail.isOurs ? .answered : isBlocked ? .junk : .new,
            language: mail.parsed.language ?? contact?.language, contact: contact?.id, sender: sender, at: mail.at,
            source: mail.delivery.source.rawValue, actor: nil)
        let id = try stores.tickets.open(opening, in: db)
        guard let ticket = try stores.tickets.find(id, in: db) else {
            throw Failure(.internal, "error-internal", details: "ticket \(id) is gone")
        }
        var place = Place(ticket: ticket, isNewcomer: false, isNew: true)
        let isAnswerable =
            !mail.isHistory && mail.parsed.kind == .mail && !mail.parsed.forbidsAutomaticAnswer && !mail.isOurs
        let isForm = mail.delivery.source == .form
        if isAnswerable, !isBlocked, queue == nil, mail.sender != nil, mail.queue.mode == .live,
            try isForm || stores.queues.hasAcknowledgement(mail.queue.id, in: db)
        {
            if !isForm, try RuleStore.isAwaited(queue: ticket.queue, in: db) {
                place.acknowledges = Acknowledging.jobName
            } else {
                try stores.jobs.add(isForm ? FormReceipt.jobName : Acknowledging.jobName, subject: id, in: db)
            }
        }
        return place
    }

    private func matchContact(_ mail: ReadMail, in db: any Connection) throws -> (id: ID, language: String?)? {
        guard let sender = mail.sender, mail.parsed.kind != .bounce else { return nil }
        let contact = try stores.contacts.matchSender(address: sender.address, name: sender.name, at: mail.now, in: db)
        if contact.language == nil, let language = mail.parsed.language {
            try stores.contacts.setLanguage(language, of: contact.id, in: db)
        }
        return (contact.id, contact.language)
    }

    // MARK: - Adding

    private func add(_ mail: ReadMail, id: ID, to place: Place, in db: any Connection) throws {
        let parsed = mail.parsed
        let from = mail.sender ?? parsed.from.first
        let message = Message(
            id: id, ticket: place.ticket.id, raw: mail.delivery.raw, direction: mail.isOurs ? .outgoing : .incoming,
            kind: parsed.kind.rawValue, author: nil, fromName: from?.name ?? "", fromAddress: from?.address ?? "",
            subject: mail.subject, headerID: parsed.messageID, sentAt: mail.at, createdAt: mail.now,
            language: parsed.language ?? place.ticket.language, text: parsed.text, newText: parsed.newText,
            hasHTML: !parsed.html.isEmpty, problems: parsed.problems, copies: 1, isNewcomer: place.isNewcomer)
        let belongings = belongings(of: mail, message: id)
        try stores.messages.add(message, belongings, queue: mail.queue.id, in: db)
        try stores.index.add(mail.document, message: id, ticket: place.ticket.id, in: db)
        if let signature = mail.signature { try SimilarityStore().add(signature, message: id, at: mail.at, in: db) }
        try addParticipants(mail, to: place, in: db)
        if belongings.attachments.contains(where: AttachmentIndexing.hasWords) {
            try stores.jobs.add(AttachmentIndexing.jobName, subject: id, in: db)
        }
    }

    private func belongings(of mail: ReadMail, message: ID) -> MessageStore.Belongings {
        let parsed = mail.parsed
        let roles: [(MessageAddress.Role, [MailAddress])] = [
            (.to, parsed.to), (.cc, parsed.cc), (.replyTo, parsed.replyTo),
        ]
        let addresses = roles.flatMap { role, list in
            list.prefix(200).map { MessageAddress(role: role, name: $0.name, address: $0.address) }
        }
        let isRelated = mail.isHistory || mail.queue.isList
        let attachments = parsed.attachments.enumerated().map { position, file in
            Attachment(
                id: 0, message: message, position: position, filename: file.filename, contentType: file.contentType,
                size: file.size, sha256: file.sha256, isInline: file.inline, contentID: file.contentID,
                label: file.label)
        }
        return MessageStore.Belongings(
            addresses: addresses, references: isRelated ? mail.evidence.references : [], attachments: attachments,
            contentHash: mail.contentHash)
    }

    /// Everyone in From, To and Cc who is not us; of a newcomer's mail only the newcomer.
    private func addParticipants(_ mail: ReadMail, to place: Place, in db: any Connection) throws {
        guard mail.parsed.kind != .bounce else { return }
        let others = place.isNewcomer ? [] : mail.parsed.to + mail.parsed.cc
        let people = ((mail.sender.map { [$0] } ?? []) + others.prefix(200))
            .filter { EmailAddress.isPlausible($0.address) && !mail.queue.owns($0.address) }
            .map { Participant(address: $0.address, name: $0.name, isNewcomer: place.isNewcomer) }
        try stores.tickets.addParticipants(people, to: place.ticket.id, in: db)
        if let sender = mail.sender, mail.isFromPerson {
            try stores.contacts.markWorking(address: sender.address, in: db)
        }
    }

    /// State, facts and event.
    private func noteArrival(_ mail: ReadMail, message: ID, at place: Place, in db: any Connection) throws {
        let ticket = place.ticket
        let isBlocked =
            try place.isNew
            ? ticket.state == .junk
            : mail.sender.map { try BlockStore.blocks($0.address, queue: ticket.queue, in: db) } ?? false
        let isReceipt = try mail.isOurs && AutomaticReceipt.isOne(mail, message: message, of: ticket.id, in: db)
        let state = isBlocked || isReceipt ? ticket.state : Self.state(after: mail, place)
        let note = TicketStore.MessageNote(
            state: state, preview: mail.preview, language: mail.parsed.language, at: mail.at)
        try stores.tickets.noteMessage(note, of: ticket.id, in: db)
        if isReceipt {
            // Nobody has answered yet.
        } else if mail.isOurs {
            try stores.facts.noteAnswer(ticket: ticket.id, at: mail.at, in: db)
        } else if mail.isFromPerson {
            let isReopening = !place.isNew && ticket.state == .closed && state == .open
            try stores.facts.noteArrival(
                ticket: ticket.id, language: mail.parsed.language, isReopening: isReopening, at: mail.at, in: db)
        }
        if mail.isHistory, place.isNew {
            try stores.facts.noteState(.closed, from: .new, ticket: ticket.id, at: mail.at, in: db)
        }
        if !place.isNew, ticket.state == .closed, state.isOpen {
            try DangerHint(stores: stores).comeBack(ticket, at: mail.now, in: db)
        }
        let event = Event(
            "message-arrived", queue: mail.queue.id, ticket: ticket.id,
            subject: message,
            data: ["content": String(decoding: mail.contentHash, as: UTF8.self), "kind": mail.parsed.kind.rawValue])
        try stores.events.add(event, at: mail.now, in: db)
    }

    /// Danger to life is flagged now; all else is for the next job.
    private func triage(_ mail: ReadMail, message: ID, at place: Place, in db: any Connection) throws {
        try stores.jobs.add(Triage.jobName, subject: message, in: db)
        guard let finding = place.isNew ? mail.danger.whole : mail.danger.new,
            let ticket = try stores.tickets.find(place.ticket.id, in: db)
        else { return }
        try stores.danger.flag(ticket, message: message, finding: finding, stores: stores, at: mail.now, in: db)
    }

    /// A person's mail wakes a ticket; a machine's, and history, do not.
    private static func state(after mail: ReadMail, _ place: Place) -> TicketState {
        if place.isNew || mail.isHistory { return place.ticket.state }
        if mail.isOurs { return place.ticket.state.isOpen ? .answered : place.ticket.state }
        guard mail.isFromPerson else { return place.ticket.state }
        return place.ticket.state == .new ? .new : .open
    }
}
