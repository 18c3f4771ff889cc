import Base
import Storage

/// The table `thanks`: mails of readers that somebody marked as thanks. They are passed on to whoever wrote the answer
/// before it, whoever reviewed that, and whoever translated what it was made from (`ReviewNotices`).
package struct Thanking: Sendable {
    let events: EventStore

    package init(events: EventStore) { self.events = events }

    static func isMarked(_ message: ID, in db: any Connection) throws -> Bool {
        try db.first("SELECT 1 AS one FROM thanks WHERE message_id = \(message)") != nil
    }

    /// Marks a mail of a reader, or takes the mark off; who was told stays told.
    package func turn(
        _ message: Message, in ticket: Ticket, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        guard message.direction == .incoming else { throw Failure(.refused, "error-refused") }
        if try db.execute("DELETE FROM thanks WHERE message_id = \(message.id)") == 1 { return }
        guard try Self.answer(before: message.id, in: db) != nil else {
            throw Failure(.refused, "review-thanks-no-answer")
        }
        try db.execute(
            "INSERT INTO thanks (message_id, member_id, at) VALUES (\(message.id), \(viewer.memberID), \(at))")
        let event = Event(
            "thanks-marked", actor: viewer.memberID, queue: ticket.queue, ticket: ticket.id, subject: message.id)
        try events.add(event, at: at, in: db)
    }
}

extension Thanking {
    /// The last answer of ours before a mail.
    static func answer(before message: ID, in db: any Connection) throws -> Row? {
        try db.first(
            """
            SELECT answer.id, answer.author_id, answer.ticket_id FROM message JOIN message AS answer
                ON answer.ticket_id = message.ticket_id AND answer.direction = 'out'
                AND answer.sent_at <= message.sent_at
            WHERE message.id = \(message) ORDER BY answer.sent_at DESC, answer.id DESC LIMIT 1
            """)
    }
}

/// Who hears of reviews and thanks, by the event.
struct ReviewNotices: Sendable {
    let reviews: ReviewStore
    let rules: ReviewRules
    let sources: ReviewSources

    static let kinds = [
        "review-submitted", "review-widened", "review-returned", "review-approved", "review-released",
        "review-taken-over", "thanks-marked",
    ]

    /// Each with the reason; the caller drops who did it, and who may not see the ticket.
    func recipients(of event: Event, in db: any Connection) throws -> [(ID, NoticeKind)] {
        guard let subject = event.subject else { return [] }
        if event.kind == "thanks-marked" { return try thanked(by: subject, in: db).map { ($0, .thanks) } }
        guard let review = try reviews.find(subject, in: db) else { return [] }
        switch event.kind {
        case "review-submitted", "review-widened":
            guard review.state == .submitted else { return [] }
            return try asked(review, in: db).map { ($0, .review) }
        case "review-released":
            let approvers = try rules.reviewers(of: review.queue, language: nil, in: db).map(\.id)
            let writer = [review.writer].compactMap { $0 }
            let others = approvers.filter { $0 != review.writer }
            return writer.map { ($0, .reviewed) } + others.map { ($0, .released) }
        default:
            return [review.writer, review.submittedBy].compactMap { $0 }.map { ($0, .reviewed) }
        }
    }

    /// Those it waits for now.
    private func asked(_ review: Review, in db: any Connection) throws -> [ID] {
        let writers = try reviews.writers(of: review, in: db)
        let all: [ID]
        switch review.stage {
        case .language where review.reviewer != nil: all = [review.reviewer].compactMap { $0 }
        case .language: all = try rules.reviewers(of: review.queue, language: review.language, in: db).map(\.id)
        case .queue: all = try rules.reviewers(of: review.queue, language: nil, in: db).map(\.id)
        case .leads: all = try rules.members.members(with: .manage, queue: review.queue, in: db).map(\.id)
        }
        return all.filter { !writers.contains($0) }
    }

    /// Whose reply waits for a review on this ticket: new mail holds it until they have read that.
    func heldWriters(_ ticket: ID, in db: any Connection) throws -> [ID] {
        try db.rows(
            """
            SELECT writer_id, submitted_by FROM review
            WHERE ticket_id = \(ticket) AND state = 'submitted' AND kind = 'draft' ORDER BY id
            """
        ).flatMap { [try $0.optionalInt("writer_id"), try $0.optionalInt("submitted_by")] }.compactMap { $0 }
    }

    /// The queue of a review that belongs to no ticket.
    func queue(withoutTicketOf event: Event, in db: any Connection) throws -> ID? {
        let review = try event.subject.flatMap { try reviews.find($0, in: db) }
        return review?.ticket == nil ? review?.queue : nil
    }

    /// Writer and reviewer of the last answer before a mail, and the translators of what it was made from.
    private func thanked(by message: ID, in db: any Connection) throws -> [ID] {
        guard let row = try Thanking.answer(before: message, in: db) else { return [] }
        let answer = try row.int("id")
        let looked = try db.rows("SELECT writer_id, verdict_by FROM review WHERE message_id = \(answer)")
        let people = try looked.flatMap { [try $0.optionalInt("writer_id"), try $0.optionalInt("verdict_by")] }
        let translators = try sources.ofMessage(answer, db).flatMap(\.translators)
        return [try row.optionalInt("author_id")].compactMap { $0 } + people.compactMap { $0 } + translators
    }

    /// Each with the text they translated; none where nothing may be told of the ticket.
    func translators(thankedBy event: Event, in db: any Connection) throws -> [(member: ID, text: ID)] {
        guard let message = event.subject, let row = try Thanking.answer(before: message, in: db),
            try AnswerLearning.mayTeach(try row.int("ticket_id"), in: db)
        else { return [] }
        var found: [(member: ID, text: ID)] = []
        for source in try sources.ofMessage(try row.int("id"), db) {
            guard let text = source.knowledge else { continue }
            for translator in source.translators { found.append((translator, text)) }
        }
        return found
    }

}
