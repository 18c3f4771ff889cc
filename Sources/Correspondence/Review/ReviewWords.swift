import Base
import Text
import Web

extension String {
    /// Nil where there is nothing: a template shows what is there, were it an empty text.
    var orNil: String? { isEmpty ? nil : self }
}

extension ReviewTeaser {
    private static let lines = 5

    /// Nil when nothing waits.
    static func make(_ waiting: [ReviewStore.Line], _ signs: Signs) -> ReviewTeaser? {
        guard !waiting.isEmpty else { return nil }
        let words = ReviewWords(signs: signs, names: [:])
        return ReviewTeaser(
            text: Phrase("review-home", .number(waiting.count)), path: ReviewPaths.list(),
            lines: waiting.prefix(lines).map(words.line))
    }
}

/// Reviews in the reader's words.
struct ReviewWords: Sendable {
    let signs: Signs
    /// Names by member.
    let names: [ID: String]

    func name(_ member: ID?) -> String { member.flatMap { names[$0] } ?? "…" }

    func state(_ review: Review) -> Phrase {
        switch review.state {
        case .submitted where review.kind == .sample: Phrase("review-state-sample")
        case .submitted: Phrase("review-state-submitted-\(review.stage)")
        case .returned: Phrase("review-state-returned", .text(name(review.verdictBy)))
        case .approved: Phrase("review-state-approved", .text(name(review.verdictBy)))
        case .released: Phrase("review-state-released", .text(name(review.verdictBy)))
        case .takenOver: Phrase("review-state-taken-over", .text(name(review.verdictBy)))
        case .sent where !review.verdict.isEmpty: Phrase("review-state-sent-released", .text(name(review.verdictBy)))
        case .sent: Phrase("review-state-sent", .text(name(review.verdictBy)))
        case .withdrawn: Phrase("review-state-withdrawn")
        case .seen: Phrase("review-state-seen", .text(name(review.verdictBy)))
        }
    }

    static func reasons(_ reasons: [Review.Reason]) -> [Phrase] {
        reasons.map { Phrase("review-reason-\($0.rawValue)") }
    }

    func line(_ line: ReviewStore.Line) -> ReviewLine {
        let review = line.review
        let isWaiting = review.state == .submitted && review.kind != .sample
        return ReviewLine(
            path: ReviewPaths.show(review.id), number: line.number.orNil,
            subject: line.subject, language: signs.language(review.language),
            who: Phrase("review-line-who", .text(line.writer), .text(line.queueName)), state: state(review),
            sign: review.state.rawValue, reasons: Self.reasons(review.reasons),
            moment: signs.moment(review.decidedAt ?? review.submittedAt),
            due: isWaiting && !line.isOnHold ? due(review) : nil, isOnHold: isWaiting && line.isOnHold,
            why: review.verdict.orNil,
            priority: line.priority > 2 ? PrioritySign(line.priority) : nil)
    }

    func due(_ review: Review) -> Phrase {
        let exact = signs.moment(review.dueAt).exact
        return Phrase(review.dueAt < signs.now ? "review-overdue" : "review-due", .text(exact))
    }

    func comment(_ comment: Review.Comment, lesson: Action? = nil) -> ReviewCommentLine {
        ReviewCommentLine(
            who: name(comment.member), moment: signs.moment(comment.at), passage: comment.passage.orNil,
            text: comment.text, lesson: lesson, isLesson: comment.isLesson)
    }

    func training(_ trainee: Trainee, queue: String) -> Phrase {
        Phrase(
            trainee.isReady ? "review-training-ready" : "review-training", .text(queue), .number(trainee.approved),
            .number(trainee.needed))
    }

    static func difference(_ title: Phrase, from old: String, to new: String, language: String?) -> ReviewDifference? {
        let difference = WordDifference(from: old, to: new, locale: language ?? "")
        guard !difference.isEmpty else { return nil }
        return ReviewDifference(
            title: title,
            parts: difference.parts.map {
                DifferencePart(isAdded: $0.kind == .added, isRemoved: $0.kind == .removed, text: $0.text)
            })
    }
}
