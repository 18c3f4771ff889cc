import Base
import People
import Storage
import Web

/// What a ticket's page shows of reviews; read in the page's snapshot.
struct TicketReviews: Sendable {
    /// Why a reply of this viewer needs a review.
    var needs: [Review.Reason] = []
    var trainee: Trainee?
    var reviews: [Review] = []
    var comments: [ID: [Review.Comment]] = [:]
    /// Whom one may ask by name.
    var reviewers: [Member] = []
    /// Messages this viewer sent in a colleague's name.
    var sentByMe: Set<ID> = []
    var thanks: Set<ID> = []
    var mayApprove = false

    static func read(_ ticket: Ticket, _ desk: Desk, _ viewer: Viewer, in db: any Connection) throws -> TicketReviews {
        var found = TicketReviews()
        found.reviews = try desk.reviews.ofTicket(ticket.id, in: db)
        let me = viewer.memberID
        found.sentByMe = Set(
            try db.rows(
                """
                SELECT clearance.message_id FROM message JOIN clearance ON clearance.message_id = message.id
                WHERE message.ticket_id = \(ticket.id) AND clearance.member_id = \(me)
                """
            ).map { try $0.int("message_id") })
        found.thanks = Set(
            try db.rows(
                """
                SELECT thanks.message_id FROM message JOIN thanks ON thanks.message_id = message.id
                WHERE message.ticket_id = \(ticket.id)
                """
            ).map { try $0.int("message_id") })
        guard viewer.may(.draft, queue: ticket.queue) else { return found }
        let rules = desk.reviewRules
        found.needs = try rules.reasons(for: me, ticket: ticket, in: db)
        if found.needs.contains(.trainee) {
            found.trainee = try rules.trainings(of: me, in: db).first { $0.queue == ticket.queue }
        }
        found.reviewers = try rules.reviewers(of: ticket.queue, language: nil, in: db).filter { $0.id != me }
        for review in found.reviews where review.state.isOpen && review.returns > 0 {
            if try desk.reviews.maySee(review, viewer, in: db) {
                found.comments[review.id] = try desk.reviews.comments(of: review.id, in: db)
            }
        }
        return found
    }

    func ofDraft(_ draft: ID?) -> Review? { draft.flatMap { id in reviews.last { $0.draft == id } } }
}

extension TicketPageMaker {
    /// Who looked at what was sent, who began it, and the lead's reason where nobody looked.
    func credits(_ message: Message) -> [Phrase] {
        let words = ReviewWords(
            signs: signs,
            names: Dictionary(view.members.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first }))
        return view.reviews.reviews.filter { $0.message == message.id && $0.kind != .sample }.compactMap { review in
            switch review.state {
            case .takenOver:
                Phrase(
                    "review-credit-taken-over", .text(words.name(review.writer)), .text(words.name(review.verdictBy)),
                    .text(review.verdict))
            case .sent where !review.verdict.isEmpty:
                Phrase("review-credit-released", .text(words.name(review.verdictBy)), .text(review.verdict))
            case .sent: Phrase("review-credit", .text(words.name(review.verdictBy)))
            default: nil
            }
        }
    }
}

extension ComposerMaker {
    private var reviewNames: [ID: String] {
        Dictionary(view.members.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether the button submits instead of sending.
    func needsSubmission(_ review: Review?) -> Bool {
        guard !view.reviews.needs.isEmpty else { return false }
        return !(review?.state == .approved || review?.state == .released)
    }

    func review() -> ComposerReview {
        let reviews = view.reviews
        let review = reviews.ofDraft(draft?.id)
        let words = ReviewWords(signs: signs, names: reviewNames)
        let isOpen = review?.state.isOpen ?? false
        let isOnHold = review?.state == .submitted && draft?.seenVersion != view.ticket.version
        let shown = review.flatMap { isOpen || $0.state == .takenOver ? $0 : nil }
        let isOwn = draft == nil || draft?.author == viewer.memberID || review?.submittedBy == viewer.memberID
        let anyone = Choice("", Phrase("review-anyone"), isSelected: review?.reviewer == nil)
        let submit = ReviewPaths.submission(view.ticket.id)
        return ComposerReview(
            isNeeded: !reviews.needs.isEmpty, reasons: ReviewWords.reasons(reviews.needs),
            training: reviews.trainee.map { words.training($0, queue: view.queue.name) },
            state: isOnHold ? Phrase("review-on-hold-writer") : shown.map { words.state($0) }, isOnHold: isOnHold,
            comments: (shown.flatMap { reviews.comments[$0.id] } ?? []).map { words.comment($0) },
            path: shown.map { ReviewPaths.show($0.id) },
            withdrawPath: isOpen && isOwn ? review.map { ReviewPaths.withdrawal($0.id) } : nil,
            submitPath: reviews.reviewers.isEmpty && reviews.needs.isEmpty ? nil : submit,
            reviewers: [anyone]
                + reviews.reviewers.map {
                    Choice(String($0.id), signs.name(of: $0), isSelected: review?.reviewer == $0.id)
                })
    }
}
