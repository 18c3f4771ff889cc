import Base
import Jobs
import People
import Storage
import Text

/// Has a second person look before something leaves.
///
/// 1. `submit`: what is written is kept as a version, with the hash of exactly that; a job waits for its due time.
/// 2. A reviewer, who wrote none of it, approves, returns it with comments, or takes it over. Whoever is faster
/// decides;
///    the other is told. Approving and sending is one transaction with the row of the outbox.
/// 3. When nobody comes in time it widens (`ReviewWidening`): those who know the language, all who approve in the
/// queue,
///    the leads, who may release it with a reason.
///
/// New mail on the ticket holds it: what is approved must answer what was read. Any change after submission needs
/// another submission. What may leave is decided by `ReviewGate`, not here.
package struct Reviewing: Sendable {
    let answering: Answering

    package init(answering: Answering) { self.answering = answering }

    var rules: ReviewRules { answering.gate.rules }
    var reviews: ReviewStore { answering.gate.reviews }
    var stores: Filing.Stores { answering.stores }

    /// What a writer says when submitting.
    package struct Wish: Sendable {
        package var note = ""
        /// Asked by name; nil for whoever comes first.
        package var reviewer: ID?

        package init(note: String = "", reviewer: ID? = nil) {
            self.note = note
            self.reviewer = reviewer
        }
    }

    // MARK: - Submitting

    /// Anyone who may write here may ask; returns the review. Throws `conflict` (`draft-changed`) when mail came since.
    @discardableResult package func submit(draft id: ID, _ wish: Wish = Wish(), by viewer: Viewer) async throws -> ID {
        let now = answering.clock.now()
        return try await answering.database.write { db in
            let draft = try answering.drafts.require(id, visibleTo: viewer, in: db)
            let ticket = try stores.tickets.require(draft.ticket, visibleTo: viewer, in: db)
            guard viewer.may(.draft, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            try draft.content.validate()
            guard ticket.version == draft.seenVersion else { throw Failure(.conflict, "draft-changed") }
            try answering.checks.requireClear(draft, ticket: ticket, at: now, in: db)
            guard wish.note.utf8.count <= 20_000 else { throw Failure(.tooLarge, "error-too-large") }
            let needs = try rules.reasons(for: viewer.memberID, ticket: ticket, text: draft.text, in: db)
            var review = Review(
                id: 0, kind: .draft, queue: ticket.queue, ticket: ticket.id, draft: id, message: nil, round: nil,
                writer: draft.author, submittedBy: viewer.memberID, reviewer: wish.reviewer,
                language: ticket.language, state: .submitted, reasons: needs.isEmpty ? [.asked] : needs,
                hash: try ReviewHash.of(draft, in: db), note: wish.note, verdictBy: nil, verdict: "", sentBy: nil,
                stage: .language, number: 1, returns: 0, submittedAt: now, dueAt: now, decidedAt: nil)
            try ReviewStore.noteWriter(viewer.memberID, of: id, in: db)
            let version = Review.Version(
                number: 1, recipients: (draft.to + draft.cc).joined(separator: ", "), subject: draft.subject,
                text: draft.text, at: now)
            return try put(&review, version, by: viewer.memberID, at: now, in: db)
        }
    }

    /// The first circle has an hour, however soon something is needed.
    private static let leastWait: Milliseconds = 3_600_000

    /// Stores a submission: a new review, or the next version of the one that is open. What is needed sooner than the
    /// circle's time is due sooner.
    func put(
        _ review: inout Review, _ version: Review.Version, by member: ID?, neededBy: Milliseconds? = nil,
        at: Milliseconds, in db: any Connection
    ) throws -> ID {
        var version = version
        let former =
            try review.draft.flatMap { try reviews.ofDraft($0, in: db) }
            ?? review.round.flatMap { try reviews.ofRound($0, in: db) } ?? reviews.find(review.id, in: db)
        review.stage = try firstStage(of: review, in: db)
        let wait = Milliseconds(try rules.rule(of: review.queue, in: db).dueMinutes) * 60_000
        review.dueAt = at + min(wait, neededBy.map { max(Self.leastWait, $0 - at) } ?? wait)
        if let former, former.state.isOpen {
            review.id = former.id
            review.writer = former.writer
            review.number = former.number + 1
            version.number = review.number
            try reviews.resubmit(review, in: db)
        } else {
            review.id = try answering.ids.make()
            try reviews.add(review, in: db)
        }
        try reviews.addVersion(version, by: member, of: review.id, in: db)
        try stores.jobs.add(ReviewWidening.jobName, subject: review.id, after: review.dueAt - at, in: db)
        try stores.events.add(
            Event("review-submitted", actor: member, queue: review.queue, ticket: review.ticket, subject: review.id),
            at: at, in: db)
        return review.id
    }

    /// Letters to several people are looked at once, as one text; false where they need no review.
    func submit(_ round: Round, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws -> Bool {
        let needs = try rules.reasons(
            for: viewer.memberID, queue: round.queue,
            languages: [LanguageDetector.detect(round.text)].compactMap { $0 }, labels: [], in: db)
        guard !needs.isEmpty else { return false }
        var review = Review(
            id: 0, kind: .round, queue: round.queue, ticket: nil, draft: nil, message: nil, round: round.id,
            writer: viewer.memberID, submittedBy: viewer.memberID, reviewer: nil, language: nil, state: .submitted,
            reasons: needs, hash: try RoundReview.hash(ofRound: round.id, in: db), note: "", verdictBy: nil,
            verdict: "", sentBy: nil, stage: .language, number: 1, returns: 0, submittedAt: at, dueAt: at,
            decidedAt: nil)
        let people = try db.rows(
            "SELECT address FROM letter_round_person WHERE round_id = \(round.id) ORDER BY position")
        let version = Review.Version(
            number: 1, recipients: try people.map { try $0.text("address") }.joined(separator: ", "),
            subject: round.subject, text: round.text, at: at)
        _ = try put(&review, version, by: viewer.memberID, at: at, in: db)
        return true
    }

    /// The first circle in which somebody is who did not write it.
    private func firstStage(of review: Review, in db: any Connection) throws -> Review.Stage {
        let writers = try reviews.writers(of: review, in: db)
        if let reviewer = review.reviewer {
            let all = try rules.reviewers(of: review.queue, language: nil, in: db)
            guard all.contains(where: { $0.id == reviewer }), !writers.contains(reviewer) else {
                throw Failure(.invalid, "review-reviewer-invalid")
            }
            return .language
        }
        func has(_ language: String?) throws -> Bool {
            try rules.reviewers(of: review.queue, language: language, in: db).contains { !writers.contains($0.id) }
        }
        if try has(review.language) { return .language }
        return try has(nil) ? .queue : .leads
    }

    /// The writer takes it back.
    package func withdraw(_ id: ID, by viewer: Viewer) async throws {
        let now = answering.clock.now()
        try await answering.database.write { db in
            let review = try reviews.require(id, visibleTo: viewer, in: db)
            guard try reviews.writers(of: review, in: db).contains(viewer.memberID), review.kind == .draft else {
                throw Failure(.refused, "error-refused")
            }
            guard review.state.isOpen else { throw Failure(.conflict, "review-decided") }
            let changed = try db.execute(
                "UPDATE review SET state = 'withdrawn' WHERE id = \(id) AND state = \(review.state.rawValue)")
            guard changed == 1 else { throw Failure(.conflict, "review-decided") }
            try note("review-withdrawn", review, viewer, at: now, in: db)
        }
    }

    // MARK: - Verdicts

    /// Approves exactly the version with this number; with `sends`, it leaves in the same transaction, in the writer's
    /// name. Returns the message that was sent.
    @discardableResult package func approve(
        _ id: ID, number: Int, sends: Bool, by viewer: Viewer
    ) async throws -> ID? {
        let now = answering.clock.now()
        let review = try await answering.database.read { db in try requireMine(id, number, viewer, in: db) }
        return try await settle(review, sends: sends, by: viewer) { db in
            let review = try requireMine(id, number, viewer, in: db)
            try requireCurrent(review, viewer, in: db)
            try reviews.decide(review, .approved, by: viewer.memberID, at: now, in: db)
            try note("review-approved", review, viewer, at: now, in: db)
        }
    }

    /// The lead lets it go without a review, with a reason that all who approve here see.
    @discardableResult package func release(
        _ id: ID, number: Int, why: String, sends: Bool, by viewer: Viewer
    ) async throws -> ID? {
        let now = answering.clock.now()
        let why = try Self.reason(why)
        let review = try await answering.database.read { db in try requireReleasable(id, number, viewer, in: db) }
        return try await settle(review, sends: sends, by: viewer) { db in
            let review = try requireReleasable(id, number, viewer, in: db)
            try requireCurrent(review, viewer, in: db)
            try reviews.decide(review, .released, by: viewer.memberID, why: why, at: now, in: db)
            try note("review-released", review, viewer, at: now, in: db)
        }
    }

    private func requireReleasable(
        _ id: ID, _ number: Int, _ viewer: Viewer, in db: any Connection
    ) throws -> Review {
        let review = try requireOpen(id, number, viewer, in: db)
        guard viewer.may(.manage, queue: review.queue) else { throw Failure(.refused, "error-refused") }
        guard review.stage == .leads else { throw Failure(.refused, "review-release-early") }
        guard try !reviews.writers(of: review, in: db).contains(viewer.memberID) else {
            throw Failure(.refused, "review-own")
        }
        return review
    }

    /// The verdict alone, or with the sending in one transaction.
    private func settle(
        _ review: Review, sends: Bool, by viewer: Viewer,
        _ deciding: @escaping @Sendable (any Connection) throws -> Void
    ) async throws -> ID? {
        if sends, review.kind == .draft, let draft = review.draft, let writer = review.writer {
            return try await answering.send(draft: draft, by: viewer, inNameOf: writer, deciding: deciding)
        }
        let undoDelay = answering.undoDelay
        try await answering.database.write { db in
            try deciding(db)
            if let round = review.round {
                try stores.jobs.add(Writing.jobName, subject: round, after: undoDelay, in: db)
            }
        }
        answering.alarm.ring()
        return nil
    }

    /// Back to the writer, with comments on passages or on the whole.
    package func giveBack(
        _ id: ID, number: Int, _ remarks: [Review.Remark], by viewer: Viewer
    ) async throws {
        let now = answering.clock.now()
        let said = remarks.filter { !$0.text.allSatisfy(\.isWhitespace) }
        guard !said.isEmpty else { throw Failure(.invalid, "review-comment-missing") }
        try await answering.database.write { db in
            let review = try requireMine(id, number, viewer, in: db)
            for remark in said {
                try reviews.addComment(remark, number: number, by: viewer.memberID, to: id, at: now, in: db)
            }
            let state: Review.State = review.kind == .sample ? .seen : .returned
            try reviews.decide(review, state, by: viewer.memberID, at: now, in: db)
            try note("review-returned", review, viewer, at: now, in: db)
        }
        answering.alarm.ring()
    }

    /// A sample was looked at, and nothing is to be said.
    package func settleSample(_ id: ID, by viewer: Viewer) async throws {
        let now = answering.clock.now()
        try await answering.database.write { db in
            let review = try requireMine(id, 1, viewer, in: db)
            guard review.kind == .sample else { throw Failure(.notFound, "error-not-found") }
            try reviews.decide(review, .seen, by: viewer.memberID, at: now, in: db)
            try note("review-approved", review, viewer, at: now, in: db)
        }
    }

    /// The draft becomes the reviewer's; the writer keeps the credit, and reads why. Whoever took it over wrote it too:
    /// where a review is needed, a third person gives it.
    package func takeOver(_ id: ID, number: Int, why: String, by viewer: Viewer) async throws -> Draft {
        let now = answering.clock.now()
        let why = try Self.reason(why)
        return try await answering.database.write { db in
            let review = try requireMine(id, number, viewer, in: db)
            guard let id = review.draft, let draft = try answering.drafts.find(id, in: db) else {
                throw Failure(.refused, "error-refused")
            }
            guard viewer.may(.draft, queue: review.queue) else { throw Failure(.refused, "error-refused") }
            try reviews.decide(review, .takenOver, by: viewer.memberID, why: why, at: now, in: db)
            try answering.drafts.takeOver(draft, by: viewer.memberID, queue: review.queue, at: now, in: db)
            try note("review-taken-over", review, viewer, at: now, in: db)
            return try answering.drafts.require(id, in: db)
        }
    }

    // MARK: - Checks

    private static func reason(_ text: String) throws(Failure) -> String {
        let text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !text.isEmpty else { throw Failure(.invalid, "review-reason-missing") }
        return String(text.prefix(1000))
    }

    private func requireOpen(_ id: ID, _ number: Int, _ viewer: Viewer, in db: any Connection) throws -> Review {
        let review = try reviews.require(id, visibleTo: viewer, in: db)
        guard review.state == .submitted else { throw Failure(.conflict, "review-decided") }
        guard review.number == number else { throw Failure(.conflict, "review-changed") }
        return review
    }

    /// One that this viewer may decide: with the right to approve here, not in training, and written by others.
    func requireMine(_ id: ID, _ number: Int, _ viewer: Viewer, in db: any Connection) throws -> Review {
        let review = try requireOpen(id, number, viewer, in: db)
        guard viewer.may(.approve, queue: review.queue) else { throw Failure(.refused, "error-refused") }
        guard try !reviews.writers(of: review, in: db).contains(viewer.memberID) else {
            throw Failure(.refused, "review-own")
        }
        guard try !rules.isTrainee(viewer.memberID, queue: review.queue, in: db) else {
            throw Failure(.refused, "review-by-trainee")
        }
        return review
    }

    /// What is approved is what was submitted, and answers all that came.
    private func requireCurrent(_ review: Review, _ viewer: Viewer, in db: any Connection) throws {
        if let round = review.round {
            guard try RoundReview.hash(ofRound: round, in: db) == review.hash else {
                throw Failure(.conflict, "review-changed")
            }
        }
        guard let id = review.draft else { return }
        guard let draft = try answering.drafts.find(id, in: db), draft.sentMessage == nil,
            try ReviewHash.of(draft, in: db) == review.hash
        else { throw Failure(.conflict, "review-changed") }
        let ticket = try stores.tickets.require(draft.ticket, visibleTo: viewer, in: db)
        guard ticket.version == draft.seenVersion else { throw Failure(.conflict, "review-held") }
    }

    func note(
        _ kind: String, _ review: Review, _ viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let event = Event(
            kind, actor: viewer.memberID, queue: review.queue, ticket: review.ticket, subject: review.id)
        try stores.events.add(event, at: at, in: db)
        // A colleague without a seat is told by mail, where they asked for it.
        if review.kind == .text, try TextToldStore.find(review.id, in: db)?.provenAt != nil {
            try stores.jobs.add(TextTelling.tellJob, subject: review.id, in: db)
        }
    }
}
