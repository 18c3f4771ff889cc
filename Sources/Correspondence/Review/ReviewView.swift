import Base
import Knowledge
import People
import Storage
import Web

/// What the page of one review is made from; read in one snapshot.
struct ReviewView: Sendable {
    var review: Review
    var versions: [Review.Version]
    var comments: [Review.Comment]
    var names: [ID: String]
    var queue: Queue
    var writers: Set<ID>
    var rule: ReviewRule
    var labels: [String]
    var ticket: TicketView?
    var draft: Draft?
    var files: [DraftStore.File]
    var sources: [ReviewSource]
    /// Of the same draft, this one among them: with a reason that was given.
    var decisions: [Review]
    var excuses: [CheckStore.Reason]
    /// Texts that were made of comments, of those the viewer may read.
    var lessons: [ID: KnowledgeText]
    var isTrainee: Bool
    /// What was submitted is what is written now.
    var isCurrent: Bool
    /// Goal, audience, place: of a text sent by a link.
    var request: TextRequest?

    static func read(_ id: ID, _ desk: Desk, _ viewer: Viewer, in db: any Connection) throws -> ReviewView {
        let review = try desk.reviews.require(id, visibleTo: viewer, in: db)
        let draft = try review.draft.flatMap { try desk.drafts.find($0, in: db) }
            .flatMap { $0.sentMessage == nil ? $0 : nil }
        let ticket = try review.ticket.flatMap { try TicketView.read($0, desk, viewer, in: db) }
        let labels = try review.ticket.map { ticket in
            try db.rows(
                """
                SELECT label AS name FROM ticket_label WHERE ticket_id = \(ticket)
                UNION SELECT tag FROM ticket_tag WHERE ticket_id = \(ticket) ORDER BY 1
                """
            ).map { try $0.text("name") }
        }
        let members = try desk.members.all(in: db)
        let comments = try desk.reviews.comments(of: id, in: db)
        return ReviewView(
            review: review, versions: try desk.reviews.versions(of: id, in: db),
            comments: comments,
            names: Dictionary(members.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first }),
            queue: try desk.stores.queues.require(review.queue, in: db),
            writers: try desk.reviews.writers(of: review, in: db),
            rule: try desk.reviewRules.rule(of: review.queue, in: db), labels: labels ?? [], ticket: ticket,
            draft: draft, files: try draft.map { try desk.drafts.files(of: $0.id, in: db) } ?? [],
            sources: try sources(of: review, desk, in: db),
            decisions: try decisions(about: review, desk, viewer, in: db),
            excuses: try review.draft.map { try desk.answering.checks.store.reasons(draft: $0, in: db) } ?? [],
            lessons: try LessonOffers.texts(
                of: comments.map(\.id), desk.answering.knowledge, visibleTo: viewer, in: db),
            isTrainee: try desk.reviewRules.isTrainee(viewer.memberID, queue: review.queue, in: db),
            isCurrent: try draft.map { try ReviewHash.of($0, in: db) == review.hash } ?? true,
            request: try TextRequestStore.find(review: id, in: db))
    }

    /// Of what is written, or of the letter that was drawn.
    private static func sources(of review: Review, _ desk: Desk, in db: any Connection) throws -> [ReviewSource] {
        if let draft = review.draft { return try desk.sources.ofDraft(draft, db) }
        return try review.message.map { try desk.sources.ofMessage($0, db) } ?? []
    }

    private static func decisions(
        about review: Review, _ desk: Desk, _ viewer: Viewer, in db: any Connection
    ) throws -> [Review] {
        guard let draft = review.draft, let ticket = review.ticket else {
            return review.verdict.isEmpty ? [] : [review]
        }
        return try desk.reviews.ofTicket(ticket, in: db).filter { other in
            guard other.draft == draft, !other.verdict.isEmpty else { return false }
            return try other.id == review.id || desk.reviews.maySee(other, viewer, in: db)
        }
    }
}

/// Makes the page of one review.
struct ReviewPageMaker: Sendable {
    let view: ReviewView
    let viewer: Viewer
    let signs: Signs
    var problem: Failure?

    private var review: Review { view.review }
    private var words: ReviewWords { ReviewWords(signs: signs, names: view.names) }
    private var newest: Review.Version? { view.versions.last }

    private var isOnHold: Bool {
        guard review.state == .submitted, let draft = view.draft, let ticket = view.ticket?.ticket else { return false }
        return draft.seenVersion != ticket.version
    }

    private var isOwn: Bool { view.writers.contains(viewer.memberID) }

    private var mayDecide: Bool {
        review.state == .submitted && viewer.may(.approve, queue: review.queue) && !isOwn && !view.isTrainee
    }

    func page() -> ReviewPage {
        let text = newest?.text ?? ""
        let paragraphs = ReviewParagraphs(text, sources: view.sources)
        let subject = newest?.subject ?? ""
        let differences = earlier(text)
        let number = view.ticket.map { "#" + $0.ticket.number } ?? subject
        let mayApprove = mayDecide && review.kind != .sample && view.isCurrent && !isOnHold
        let mayTake = mayDecide && review.kind == .draft && view.draft != nil
        let isMine = isOwn && review.state.isOpen && review.kind == .draft
        let asked = ReviewQuestion(review, in: view.ticket?.messages ?? [])
        let question = items(asked.answered)
        let arrived = isOnHold ? items(asked.arrived) : []
        return ReviewPage(
            heading: number, listPath: ReviewPaths.list(),
            ticket: view.ticket.map { Link(.verbatim("#" + $0.ticket.number), TicketPaths.show($0.ticket.id)) },
            state: words.state(review), sign: review.state.rawValue, facts: facts,
            reasons: ReviewWords.reasons(review.reasons), labels: view.labels,
            language: signs.language(review.language), note: review.note.orNil,
            noteTitle: Phrase("review-note-from", .text(writerName)), decisions: decisions, excuses: excuses,
            hasExcuses: !excuses.isEmpty, triage: triage, hasTriage: !triage.isEmpty, isOnHold: isOnHold,
            holdHelp: Phrase(isMine ? "review-on-hold-writer" : "review-on-hold-help"),
            isChanged: review.state.isOpen && !view.isCurrent && review.state != .returned,
            problem: problem.map { Phrase($0.messageKey, texts: $0.arguments) }, question: question,
            hasQuestion: !question.isEmpty, arrived: arrived, hasArrived: !arrived.isEmpty,
            recipients: newest?.recipients.orNil, subject: subject, own: paragraphs.own.map(passage),
            unchanged: paragraphs.unchanged.map(passage), files: view.files.map(file), earlier: differences,
            hasEarlier: !differences.isEmpty,
            comments: view.comments.map(comment), number: String(review.number),
            approvePath: mayApprove ? ReviewPaths.approval(review.id) : nil,
            sendPath: mayApprove && review.kind == .draft && viewer.may(.send, queue: review.queue)
                ? ReviewPaths.approval(review.id) : nil,
            returnPath: mayDecide ? ReviewPaths.returning(review.id) : nil,
            takeOverPath: mayTake ? ReviewPaths.takingOver(review.id) : nil,
            releasePath: mayRelease ? ReviewPaths.release(review.id) : nil,
            withdrawPath: isMine ? ReviewPaths.withdrawal(review.id) : nil,
            seenPath: mayDecide && review.kind == .sample ? ReviewPaths.approval(review.id) : nil,
            draftPath: isMine ? draftPath : nil, cannot: cannot)
    }

    private var writerName: String { view.request?.author ?? words.name(review.writer) }

    private var mayRelease: Bool {
        review.state == .submitted && review.stage == .leads && !isOwn && review.kind != .sample
            && viewer.may(.manage, queue: review.queue) && view.isCurrent && !isOnHold
    }

    private var draftPath: String? {
        guard let draft = view.draft else { return nil }
        return draft.kind == .answer && draft.author == viewer.memberID
            ? TicketPaths.show(draft.ticket) + "#answer" : DraftPaths.show(draft.id)
    }

    private var cannot: Phrase? {
        guard review.state == .submitted, review.kind != .sample, !mayDecide else { return nil }
        // While mail holds it nobody looks at it: the writer has to.
        if isOwn { return isOnHold ? nil : Phrase("review-own") }
        if view.isTrainee { return Phrase("review-by-trainee") }
        return viewer.may(.approve, queue: review.queue) ? nil : Phrase("review-no-right")
    }

    private var facts: [Phrase] {
        var facts = [
            Phrase("review-fact-by", .text(writerName), .text(signs.moment(review.submittedAt).exact)),
            Phrase("review-fact-queue", .text(view.queue.name)),
        ]
        if review.state == .submitted, review.kind != .sample, !isOnHold { facts.append(words.due(review)) }
        if let ticket = view.ticket?.ticket, ticket.priority != 2 {
            facts.append(Phrase("ticket-priority-\(Signs.priorities[max(0, min(3, ticket.priority - 1))])"))
        }
        if let reviewer = review.reviewer {
            facts.append(Phrase("review-fact-asked", .text(words.name(reviewer))))
        }
        return facts + (view.request?.facts(signs) ?? [])
    }

    private func items(_ messages: [Message]) -> [ThreadItem] {
        guard let ticket = view.ticket, !messages.isEmpty else { return [] }
        let anchors = Set(messages.map { "m\($0.id)" })
        return TicketPageMaker(view: ticket, viewer: viewer, signs: signs).page().thread
            .filter { anchors.contains($0.anchor) }
    }

    private func passage(_ paragraph: ReviewParagraphs.Paragraph) -> ReviewPassage {
        ReviewPassage(position: String(paragraph.position), text: paragraph.text, source: paragraph.source)
    }

    private func file(_ file: DraftStore.File) -> AttachmentLine {
        AttachmentLine(
            name: file.filename.isEmpty ? file.contentType : file.filename, size: signs.size(file.size),
            kind: signs.kind(file.contentType), path: DraftPaths.file(file.id), previewPath: nil, remove: nil)
    }

    /// To the last version, and to the texts it was made from.
    private func earlier(_ text: String) -> [ReviewDifference] {
        let language = review.language
        var found: [ReviewDifference] = []
        if let last = view.versions.dropLast().last {
            let title = Phrase("review-difference-version", .text(signs.moment(last.at).exact))
            found += [ReviewWords.difference(title, from: last.text, to: text, language: language)].compactMap { $0 }
        }
        let sources = view.sources.filter { !$0.text.isEmpty }
        if !sources.isEmpty {
            let names = Set(sources.map(\.name)).sorted().joined(separator: ", ")
            let title = Phrase("review-difference-template", .text(names))
            let inserted = sources.map(\.text).joined(separator: "\n\n")
            found += [ReviewWords.difference(title, from: inserted, to: text, language: language)].compactMap { $0 }
        }
        return found
    }

    private var decisions: [ReviewDecision] {
        view.decisions.map { made in
            ReviewDecision(
                what: words.state(made), why: made.verdict, moment: made.decidedAt.map { signs.moment($0) })
        }
    }

    /// One line for all that was excused with the same words.
    private var excuses: [ReviewExcuse] {
        var seen: Set<String> = []
        return view.excuses.filter { seen.insert("\($0.kind) \($0.reason)").inserted }.map { reason in
            ReviewExcuse(
                what: Phrase("review-excuse-\(reason.kind)"), why: reason.reason, who: words.name(reason.member),
                moment: signs.moment(reason.at))
        }
    }

    private var triage: [TriageSaid] {
        view.ticket.map { TicketPageMaker(view: $0, viewer: viewer, signs: signs).triageSaid } ?? []
    }

    private func comment(_ comment: Review.Comment) -> ReviewCommentLine {
        let isWriter = review.writer == viewer.memberID
        var line = words.comment(
            comment, lesson: isWriter ? Action(ReviewPaths.lesson(review.id, comment.id)) : nil)
        line.written = view.lessons[comment.id].map { Link(.verbatim($0.title), KnowledgePaths.show($0.id)) }
        return line
    }
}
