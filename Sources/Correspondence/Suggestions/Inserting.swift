import Base
import Foundation
import Knowledge
import People
import Storage

/// Puts a text into a draft: in the writer's language by the queue's rule, placeholders filled, the link kept.
struct Inserting: Sendable {
    let stores: Filing.Stores
    let drafts: DraftStore
    let members: MemberStore
    let knowledge: KnowledgeStore
    let insertions: InsertionStore
    let zone: TimeZone

    /// Kinds of texts whose words go into letters.
    static let kinds: [TextKind] = [.template, .article, .talkingPoints]

    /// Returns the draft with the words at its end.
    func insert(
        _ id: ID, into draft: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> Draft {
        let draft = try drafts.require(draft, visibleTo: viewer, in: db)
        let ticket = try stores.tickets.require(draft.ticket, visibleTo: viewer, in: db)
        guard viewer.may(.draft, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
        let text = try knowledge.require(id, visibleTo: viewer, in: db)
        guard Self.kinds.contains(text.kind), text.audience != .confidential, text.isUsable(at: at) else {
            throw Failure(.refused, "suggestion-not-usable", arguments: [text.title])
        }
        let wanted = try WriterLanguage.of(ticket, in: db) ?? text.language
        let rule = try LanguageRule.of(ticket.queue, in: db)
        let rendered = try rendered(text, in: wanted, rule, in: db)
        let language = rendered.languages.first { $0 != rendered.wanted } ?? rendered.wanted
        let values = try values(draft, ticket, rendered, viewer, at, in: db)
        let paragraphs = rendered.paragraphs.map { paragraph in
            Insertion.Paragraph(
                id: paragraph.id, hash: Insertion.hash(paragraph.words), isReviewed: paragraph.state == .reviewed,
                words: Placeholders.fill(paragraph.words, with: values, language: language).text)
        }
        var content = draft.content
        let words = paragraphs.map(\.words).joined(separator: "\n\n")
        content.text = content.text.trimming.isEmpty ? words : content.text + "\n\n" + words
        let saved = try drafts.change(
            draft.id, to: content, seenVersion: draft.seenVersion, expecting: draft.version, by: viewer.memberID,
            at: at, in: db)
        let insertion = Insertion(
            id: 0, ticket: ticket.id, draft: draft.id, text: text.id, version: text.version,
            wanted: LanguageChain.normal(wanted), language: language, paragraphs: paragraphs, member: viewer.memberID)
        try insertions.add(insertion, queue: ticket.queue, at: at, in: db)
        return saved
    }

    /// All in one language. Where the rule says so, only one that is whole and as new as the source.
    private func rendered(
        _ text: KnowledgeText, in wanted: String, _ rule: LanguageRule, in db: any Connection
    ) throws -> RenderedText {
        let first = try knowledge.rendered(text, in: wanted, mixing: .oneLanguage, in: db)
        guard rule == .fallBack, !first.isWhole else { return first }
        for language in LanguageChain.of(wanted).dropFirst() {
            let next = try knowledge.rendered(text, in: language, mixing: .oneLanguage, in: db)
            if next.isWhole { return next }
        }
        return try knowledge.rendered(text, in: text.language, mixing: .oneLanguage, in: db)
    }

    private func values(
        _ draft: Draft, _ ticket: Ticket, _ rendered: RenderedText, _ viewer: Viewer, _ at: Milliseconds,
        in db: any Connection
    ) throws -> Placeholders.Values {
        var values = Placeholders.Values(now: at, zone: zone.identifier)
        let address = draft.to.first
        let contact = try address.flatMap { try stores.contacts.find(address: $0, in: db) }
        let participant = try stores.tickets.participants(of: ticket.id, in: db).first { $0.address == address }
        let known = [participant?.name, contact?.name].compactMap { $0 }.first { !$0.isEmpty }
        values.contactName = known
        values.contactAddress = address
        values.ticketNumber = ticket.number
        values.ticketSubject = ticket.subject
        values.queueName = try stores.queues.require(ticket.queue, in: db).displayName
        values.writerName = try members.require(viewer.memberID, in: db).letterName
        let slugs = Placeholders.all(in: rendered.markdown).filter { $0.kind == .figure }.map(\.argument)
        values.figures = try knowledge.figures(slugs, visibleTo: viewer, at: at, in: db)
        return values
    }
}
