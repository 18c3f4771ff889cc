import Base
import Storage
import Text

/// The quiet check of a draft before it is sent or submitted.
///
/// It reads what the store knows and asks nobody: links were asked when the draft was saved. Placeholders, data of
/// others and stale texts hold a letter back until somebody says why it goes all the same; the page, the API, the
/// clock and letters to several people all come through `requireClear`. A reason holds for the words it was given for.
package struct DraftChecks: Sendable {
    let stores: Filing.Stores
    let store: CheckStore
    let stale: StaleText

    init(stores: Filing.Stores, store: CheckStore, stale: StaleText) {
        self.stores = stores
        self.store = store
        self.stale = stale
    }

    /// Everything that is noticed, the most serious first.
    package func findings(
        of draft: Draft, ticket: Ticket, at: Milliseconds, in db: any Connection
    ) throws -> [Finding] {
        let checked = Self.checked(draft, ticket)
        guard !checked.text.trimming.isEmpty else { return [] }
        var found = try blocking(draft, ticket, checked, at, in: db)
        if draft.kind == .answer {
            found += try name(draft, ticket, checked, in: db)
            found += try numbers(ticket, checked, in: db)
        }
        found += try LinkAnswers.findings(in: checked.text, now: at, in: db)
        return found + Tone.findings(in: checked) + Length.findings(in: checked)
    }

    static func checked(_ draft: Draft, _ ticket: Ticket) -> CheckedText {
        let language = LanguageDetector.detect(draft.text, prior: ticket.language) ?? ""
        return CheckedText(draft.text, language: String(language.lowercased().prefix { $0 != "-" }))
    }

    /// Throws `invalid` while something that holds the draft back has no reason.
    func requireClear(_ draft: Draft, ticket: Ticket, at: Milliseconds, in db: any Connection) throws {
        let held = try held(draft, ticket: ticket, at: at, in: db)
        guard let first = held.first else { return }
        throw Failure(.invalid, "check-held", arguments: [first.passage])
    }

    /// What holds the draft back and has no reason yet.
    func held(_ draft: Draft, ticket: Ticket, at: Milliseconds, in db: any Connection) throws -> [Finding] {
        let found = try blocking(draft, ticket, Self.checked(draft, ticket), at, in: db).filter(\.isBlocking)
        guard !found.isEmpty else { return [] }
        let excused = try store.excused(draft: draft.id, in: db)
        return found.filter { !excused.contains($0.fingerprint) }
    }

    /// Records why the draft goes all the same; nothing where nothing holds it back or no reason was given.
    func excuse(
        _ id: ID, because reason: String, drafts: DraftStore, by viewer: Viewer, at: Milliseconds,
        in db: any Connection
    ) throws {
        guard !reason.trimming.isEmpty else { return }
        let draft = try drafts.require(id, visibleTo: viewer, in: db)
        let ticket = try stores.tickets.require(draft.ticket, visibleTo: viewer, in: db)
        guard viewer.may(.draft, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
        try store.excuse(
            try held(draft, ticket: ticket, at: at, in: db), of: draft, queue: ticket.queue, because: reason,
            by: viewer.memberID, at: at, in: db)
    }

    /// Before there is a ticket: only what is not filled in can be wrong.
    static func requireFilled(_ content: Draft.Content, because reason: String) throws(Failure) {
        guard reason.trimming.isEmpty else { return }
        let checked = CheckedText(content.text, language: "")
        if let first = PlaceholderCheck.findings(in: checked).first(where: \.isBlocking) {
            throw Failure(.invalid, "check-held", arguments: [first.passage])
        }
    }

    // MARK: - Rules

    private func blocking(
        _ draft: Draft, _ ticket: Ticket, _ checked: CheckedText, _ at: Milliseconds, in db: any Connection
    ) throws -> [Finding] {
        var found = PlaceholderCheck.findings(in: checked)
        found += try stale.findings(of: draft, queue: ticket.queue, at: at, in: db)
        found += try StaleLine.findings(of: draft, at: at, in: db)
        // Sending a mail on is telling somebody else what stands in it.
        if draft.kind == .answer, !PrivateData.items(in: checked.text).isEmpty {
            found += try others(draft, ticket, in: db).findings(in: checked)
        }
        return found
    }

    private func others(_ draft: Draft, _ ticket: Ticket, in db: any Connection) throws -> ThirdParties {
        let contacts = stores.contacts
        let rows = try db.rows("SELECT words FROM insertion WHERE draft_id = \(draft.id)")
        let inserted = try rows.flatMap { PrivateData.items(in: try $0.text("words")) }
        return ThirdParties(
            messages: try stores.messages.ofTicket(ticket.id, in: db),
            addresses: try stores.messages.addresses(ofTicket: ticket.id, in: db),
            recipients: (draft.to + draft.cc).map(EmailAddress.folded),
            isOurs: { try isOurs($0, in: db) },
            selves: { address in
                guard let contact = try contacts.find(address: address, in: db) else { return [] }
                return Set(try contacts.addresses(of: contact.id, in: db).map(\.address))
            }, published: Set(inserted.map(\.key)))
    }

    /// A queue's, or another of the house: with the domain of a queue, and neither a contact's nor what a member signs
    /// in with.
    private func isOurs(_ address: String, in db: any Connection) throws -> Bool {
        if try stores.queues.find(recipient: address, in: db) != nil { return true }
        guard let domain = EmailAddress.parts(address)?.domain,
            try stores.contacts.find(address: address, in: db) == nil,
            try db.first("SELECT 1 AS one FROM member WHERE email = \(address)") == nil
        else { return false }
        return try db.rows("SELECT address FROM queue_address").contains {
            EmailAddress.parts(try $0.text("address"))?.domain.lowercased() == domain.lowercased()
        }
    }

    private func name(
        _ draft: Draft, _ ticket: Ticket, _ checked: CheckedText, in db: any Connection
    ) throws -> [Finding] {
        guard let used = Salutation.names(in: checked) else { return [] }
        var known = try stores.tickets.participants(of: ticket.id, in: db).filter { draft.to.contains($0.address) }
            .map(\.name)
        for address in draft.to {
            known.append(try stores.contacts.find(address: address, in: db)?.name ?? "")
        }
        known = known.filter { !$0.isEmpty }
        guard !Salutation.fits(used, known: known) else { return [] }
        let locals = draft.to.compactMap { EmailAddress.parts($0)?.local }
        guard !Salutation.fits(used, known: locals) else { return [] }
        // People sign with another name than their mail program gives.
        let letters = try stores.messages.ofTicket(ticket.id, in: db).filter {
            $0.direction == .incoming && draft.to.contains(EmailAddress.folded($0.fromAddress))
        }
        let signed = letters.map { $0.text.split(separator: "\n").suffix(8).joined(separator: " ") }
        guard signed.isEmpty || !Salutation.fits(used, known: signed) else { return [] }
        return [Finding(.name, "other", used, other: known.first ?? "")]
    }

    /// Numbers of tickets that are neither this one's nor stand in its letters.
    private func numbers(_ ticket: Ticket, _ checked: CheckedText, in db: any Connection) throws -> [Finding] {
        let named = Set(TicketNumber.find(in: checked.prose)).subtracting([ticket.number])
        guard !named.isEmpty else { return [] }
        let known = Set(
            try stores.messages.ofTicket(ticket.id, in: db).flatMap {
                TicketNumber.find(in: $0.subject + " " + $0.text)
            })
        return named.subtracting(known).sorted().map { Finding(.number, "other", $0, other: ticket.number) }
    }
}
