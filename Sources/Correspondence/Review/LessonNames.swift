import Base
import Knowledge
import People
import Storage
import Text

/// Whom a comment may name: everybody at the desk, who takes part in its ticket, and other people the desk knows whose
/// names stand in it.
package struct LessonNames: Sendable {
    /// Lines at the end of a mail in which people sign.
    private static let signatureLines = 5
    private static let mostCandidates = 2000
    private static let slice = 500

    let stores: Filing.Stores
    let members: MemberStore

    package init(stores: Filing.Stores, members: MemberStore) {
        self.stores = stores
        self.members = members
    }

    /// For a comment whose review the viewer may see; `words` are those that are to be read by others.
    func tidying(
        of comment: ID, ticket: ID?, _ words: String, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> LessonTidying {
        let names = try members.all(in: db).flatMap { [$0.name, $0.letterName, $0.email] }
        var near = try colleague(comment, in: db) + people(of: comment, in: db)
        var (signed, users) = (Set<String>(), Set<String>())
        if let ticket = try ticket.flatMap({ try stores.tickets.find($0, in: db) }) {
            near.append(ticket.number)
            near += try around(ticket.id, in: db)
            let mails = try stores.messages.ofTicket(ticket.id, in: db)
            signed = signatures(mails)
            for mail in mails { users.formUnion(UserNames.all(in: mail.text)) }
        }
        let others = try contacts(named: words, visibleTo: viewer, in: db)
        return LessonTidying(names: NameForms(names + others, near: near, users: users.sorted()), signed: signed)
    }

    /// Who wrote the reply, and who said something of it.
    private func people(of comment: ID, in db: any Connection) throws -> [String] {
        try db.rows(
            """
            SELECT member.name FROM review_comment JOIN review ON review.id = review_comment.review_id
                JOIN member ON member.id IN (review_comment.member_id, review.writer_id, review.submitted_by)
            WHERE review_comment.id = \(comment)
            """
        ).map { try $0.text("name") }
    }

    /// Participants, who wrote and got the mails, and the other addresses of each.
    private func around(_ ticket: ID, in db: any Connection) throws -> [String] {
        var people = try stores.tickets.participants(of: ticket, in: db).map { ($0.name, $0.address) }
        people += try stores.messages.ofTicket(ticket, in: db).map { ($0.fromName, $0.fromAddress) }
        people += try stores.messages.addresses(ofTicket: ticket, in: db).values.flatMap { $0 }.map {
            ($0.name, $0.address)
        }
        var names = people.flatMap { [$0.0, $0.1] }
        for address in Set(people.map { EmailAddress.folded($0.1) }).sorted() where !address.isEmpty {
            guard let contact = try stores.contacts.find(address: address, in: db) else { continue }
            names.append(contact.name)
            names += try stores.contacts.addresses(of: contact.id, in: db).map(\.address)
        }
        let owned = try queues(in: db)
        return names.filter { !$0.isEmpty && !owned.contains($0.lowercased()) }
    }

    /// The desk's own names and addresses name nobody.
    private func queues(in db: any Connection) throws -> Set<String> {
        let rows = try db.rows(
            """
            SELECT address AS name FROM queue_address UNION SELECT display_name FROM queue
            UNION SELECT name FROM queue
            """)
        return Set(try rows.map { try $0.text("name").lowercased() })
    }

    /// Who sent a text by a link.
    private func colleague(_ comment: ID, in db: any Connection) throws -> [String] {
        let row = try db.first(
            """
            SELECT text_request.author, COALESCE(text_told.address, '') AS address FROM review_comment
            JOIN text_request ON text_request.review_id = review_comment.review_id
            LEFT JOIN text_told ON text_told.review_id = review_comment.review_id
            WHERE review_comment.id = \(comment)
            """)
        return try row.map { [try $0.text("author"), try $0.text("address")] } ?? []
    }

    /// People of tickets the viewer sees whose whole names stand in the words.
    private func contacts(
        named words: String, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> [String] {
        var found: [String] = []
        let candidates = Self.candidates(in: words)
        for start in stride(from: 0, to: candidates.count, by: Self.slice) {
            let part = Array(candidates[start..<min(start + Self.slice, candidates.count)])
            found += try db.rows(
                """
                SELECT DISTINCT contact.name FROM contact
                JOIN contact_address ON contact_address.contact_id = contact.id
                JOIN participant ON participant.address = contact_address.address
                JOIN ticket ON ticket.id = participant.ticket_id
                WHERE contact.name IN \(list: part) AND ticket.queue_id IN \(list: viewer.queues(.see))
                """
            ).map { try $0.text("name") }
        }
        return found
    }

    /// Two and three words after each other that begin alike, as written and with capitals; two to four characters
    /// without spaces.
    static func candidates(in text: String) -> [String] {
        var found: Set<String> = []
        let words = text.split { !$0.isLetter && !"'’-".contains($0) }.map(String.init)
        for length in 2...3 where words.count >= length {
            for start in 0...(words.count - length) {
                let name = words[start..<start + length]
                let bare = name.map { $0.hasSuffix("'s") || $0.hasSuffix("’s") ? String($0.dropLast(2)) : $0 }
                // A name is written with capitals or without, not with one inside.
                let lower = bare.count { $0.first?.isLowercase ?? false }
                guard lower == 0 || lower == length || bare[0].first?.isUppercase ?? false else { continue }
                found.insert(bare.joined(separator: " "))
                found.insert(bare.map(\.capitalized).joined(separator: " "))
            }
        }
        for run in text.split(whereSeparator: { !NameForms.isUnspaced(String($0)) }) {
            for length in 2...4 where run.count >= length {
                for start in 0...(run.count - length) { found.insert(String(run.dropFirst(start).prefix(length))) }
            }
        }
        return Array(found.sorted().prefix(mostCandidates))
    }

    /// Words of short lines at the ends of mails, folded.
    private func signatures(_ mails: [Message]) -> Set<String> {
        var words: Set<String> = []
        for mail in mails where mail.direction == .incoming {
            let lines = mail.text.split(separator: "\n").map(\.trimming).filter { !$0.isEmpty }
            for line in lines.suffix(Self.signatureLines)
            where line.split(separator: " ").count <= 4 && line.count <= 40 {
                let parts = line.split { !$0.isLetter }
                // In lower case only a single word at the very end.
                guard
                    parts.allSatisfy({ $0.first.map { !$0.isLowercase } ?? false })
                        || (parts.count == 1 && line == lines.last && !PeopleNamed.isPolite(String(parts[0])))
                else { continue }
                words.formUnion(parts.filter { $0.count >= 2 }.map { $0.lowercased() })
            }
        }
        return words
    }
}
