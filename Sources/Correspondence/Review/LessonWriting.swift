import Base
import Foundation
import Knowledge
import People
import Storage

/// Makes a text of knowledge, a draft of kind `lesson`, of a comment that its writer lets others learn from.
///
/// Somebody who approves in the queue does it, and owns the text. Names and private data that the desk knows of are
/// taken out; whoever publishes it reads it first. It is for those who see the queue until its owner says otherwise.
/// Confidential, protected and redacted tickets teach nothing. A second call finds the text that is there.
package struct LessonWriting: Sendable {
    private static let longestTitle = 80

    let stores: Filing.Stores
    let knowledge: KnowledgeStore
    let members: MemberStore

    package init(stores: Filing.Stores, knowledge: KnowledgeStore, members: MemberStore) {
        self.stores = stores
        self.knowledge = knowledge
        self.members = members
    }

    /// Returns the text; `language` is for comments whose language is not known.
    package func write(
        _ comment: ID, language: String, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        guard let offer = try LessonOffers.find(comment, visibleTo: viewer, in: db) else {
            throw Failure(.notFound, "error-not-found")
        }
        guard Self.mayWrite(offer, viewer) else { throw Failure(.refused, "error-refused") }
        if let text = offer.knowledge { return text }
        guard try LessonOffers.mayTeach(ticket: offer.ticket, queue: offer.queue, in: db) else {
            throw Failure(.refused, "review-lesson-confidential")
        }
        let names = try names(around: offer, in: db)
        let said = Self.tidied(offer.text, names)
        var body = said
        if !offer.passage.isEmpty {
            let quoted = Self.tidied(offer.passage, names).split(separator: "\n", omittingEmptySubsequences: false)
            body = quoted.map { "> " + $0 }.joined(separator: "\n") + "\n\n" + said
        }
        let text = try knowledge.add(
            .lesson, language: offer.language ?? language, TextContent(title: Self.title(said), body: body),
            TextProperties(audience: .team, queues: [offer.queue], owner: viewer.memberID), by: viewer.memberID,
            at: at, in: db)
        let changed = try db.execute(
            "UPDATE lesson_offer SET text_id = \(text.id) WHERE comment_id = \(comment) AND text_id IS NULL")
        guard changed == 1 else { throw Failure(.conflict, "review-decided") }
        try stores.events.add(
            Event("lesson-written", actor: viewer.memberID, queue: offer.queue, subject: text.id), at: at, in: db)
        return text.id
    }

    static func mayWrite(_ offer: LessonOffers.Offer, _ viewer: Viewer) -> Bool {
        viewer.may(.approve, queue: offer.queue) || viewer.may(.manage, queue: offer.queue)
    }

    // MARK: - Without names

    /// Names and addresses of the ticket, and of everybody at the desk.
    private func names(around offer: LessonOffers.Offer, in db: any Connection) throws -> [String] {
        var names = try members.all(in: db).flatMap { [$0.name, $0.email] }
        guard let ticket = try offer.ticket.flatMap({ try stores.tickets.find($0, in: db) }) else { return names }
        for person in try stores.tickets.participants(of: ticket.id, in: db) {
            names += [person.name, person.address]
            // Many give no name but sign with what stands in their address.
            let local = person.address.prefix { $0 != "@" }
            names += local.split { !$0.isLetter }.map { $0.capitalized }
            names.append(try stores.contacts.find(address: person.address, in: db)?.name ?? "")
        }
        return names + [ticket.number]
    }

    /// Whole names and addresses wherever they stand; single names where they stand as words; then numbers and
    /// addresses of people.
    static func tidied(_ text: String, _ names: [String]) -> String {
        var text = text
        let whole = Set(names.filter(isWhole)).sorted { ($1.count, $0) < ($0.count, $1) }
        for name in whole { text = text.replacingOccurrences(of: name, with: "…", options: .caseInsensitive) }
        for item in PrivateData.items(in: text) { text = text.replacing(item.text, with: "…") }
        let parts = names.filter { !$0.contains("@") }.flatMap { name in
            name.split { !$0.isLetter && $0 != "'" && $0 != "’" }.filter { $0.count >= 3 }.map(String.init)
        }
        // `{{` would be a placeholder, which a comment is not.
        return replacing(words: Set(parts), in: text).replacing("{{", with: "{ {")
    }

    /// Long enough to mean nobody else: of more than one word, an address, or of a script without spaces.
    private static func isWhole(_ name: String) -> Bool {
        if name.unicodeScalars.contains(where: { $0.value >= 0x2E80 }) { return name.count >= 2 }
        return name.count >= 5 && name.contains { !$0.isLetter }
    }

    /// As they are written: "Mark" is a name, "mark" a word.
    private static func replacing(words: Set<String>, in text: String) -> String {
        var (out, word) = ("", "")
        func end() {
            out += words.contains(word) ? "…" : word
            word = ""
        }
        for character in text {
            if character.isLetter || character == "'" || character == "’" {
                word.append(character)
            } else {
                end()
                out.append(character)
            }
        }
        end()
        return out
    }

    /// The first line, as far as it fits.
    static func title(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? text
        guard line.count > longestTitle else { return line }
        let cut = line.prefix(longestTitle)
        let end = cut.lastIndex { $0.isWhitespace } ?? cut.endIndex
        return String(cut[..<end]) + " …"
    }

    // MARK: - Afterwards

    /// Words struck from a ticket are struck from what was made of it, in all versions and languages.
    static func strike(
        ticket: ID, knowledge: KnowledgeStore, _ cut: (String) -> String, in db: any Connection
    ) throws {
        let rows = try db.rows(
            """
            SELECT lesson_offer.text_id FROM review JOIN review_comment ON review_comment.review_id = review.id
                JOIN lesson_offer ON lesson_offer.comment_id = review_comment.id
            WHERE review.ticket_id = \(ticket) AND lesson_offer.text_id IS NOT NULL
            """)
        for row in rows { try knowledge.strike(try row.int("text_id"), cut, in: db) }
    }
}
