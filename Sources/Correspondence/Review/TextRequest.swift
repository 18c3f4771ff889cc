import Base
import Foundation
import Storage
import Text
import Web

/// A text of a colleague without a seat: what it is for, and where it will stand.
package struct TextRequest: Sendable, Equatable {
    package enum Sort: String, Sendable, CaseIterable { case announcement, post, press, other }

    package static let mostText = 100_000

    package var author: String
    package var sort: Sort
    package var subject: String
    package var goal: String
    package var audience: String
    package var place: String
    package var language: String?
    /// `2026-11-25`; empty when it has no date.
    package var neededBy: String
    package var text: String

    package init(
        author: String, sort: Sort, subject: String, goal: String, audience: String, place: String,
        language: String?, neededBy: String, text: String
    ) {
        self.author = author
        self.sort = sort
        self.subject = subject
        self.goal = goal
        self.audience = audience
        self.place = place
        self.language = language
        self.neededBy = neededBy
        self.text = text
    }

    /// Throws `invalid` with the key of what is wrong.
    func validate() throws(Failure) {
        guard !author.isEmpty, !subject.isEmpty, !text.allSatisfy(\.isWhitespace) else {
            throw Failure(.invalid, "review-request-missing")
        }
        guard text.utf8.count <= Self.mostText, author.utf8.count <= 400, subject.utf8.count <= 900,
            [goal, audience, place].allSatisfy({ $0.utf8.count <= 4000 })
        else { throw Failure(.tooLarge, "error-too-large") }
        guard neededBy.isEmpty || (neededBy.utf8.count == 10 && ISO8601.startOfDay(neededBy) != nil) else {
            throw Failure(.invalid, "review-request-day")
        }
    }

    func facts(_ signs: Signs) -> [Phrase] {
        var facts = [Phrase("review-request-sort-\(sort.rawValue)")]
        if !goal.isEmpty { facts.append(Phrase("review-request-fact-goal", .text(goal))) }
        if !audience.isEmpty { facts.append(Phrase("review-request-fact-audience", .text(audience))) }
        if !place.isEmpty { facts.append(Phrase("review-request-fact-place", .text(place))) }
        if let day = neededBy.isEmpty ? nil : ISO8601.startOfDay(neededBy) {
            let noon = Signs(language: signs.language, zone: .gmt, now: signs.now).day(day + 43_200_000)
            facts.append(Phrase("review-request-fact-day", .text(noon)))
        }
        return facts
    }
}

/// The unguessable links of texts; nothing is stored.
struct TextReference: Sendable {
    /// `l` opens the form for colleagues, `t` one text that came by it.
    enum Kind: String, Sendable { case link = "l", text = "t" }

    let kind: Kind
    let id: ID

    init(_ kind: Kind, _ id: ID) {
        self.kind = kind
        self.id = id
    }

    /// Nil for anything we did not make.
    init?(_ text: String, _ key: InstanceKey) {
        guard let kind = Kind(rawValue: String(text.prefix(1))),
            let id = ID(String(text.dropFirst().prefix { $0 != "-" }))
        else { return nil }
        self.init(kind, id)
        guard ConstantTime.equal(self.text(key), text) else { return nil }
    }

    func text(_ key: InstanceKey) -> String {
        key.reference("\(kind.rawValue)\(id)", for: "text-review-\(kind.rawValue)", over: "\(id)")
    }
}

/// A link that colleagues of a queue send texts by.
package struct TextLink: Sendable, Equatable {
    package var id: ID
    package var queue: ID
    package var name: String
}

/// The tables `text_link` and `text_request`.
package struct TextRequestStore: Sendable {
    let ids: IDMaker
    let events: EventStore

    package init(ids: IDMaker, events: EventStore) {
        self.ids = ids
        self.events = events
    }

    /// For leads: a link of a queue, with a name that says whose it is.
    package func addLink(
        _ name: String, queue: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        guard viewer.may(.manage, queue: queue) else { throw Failure(.notFound, "error-not-found") }
        guard (1...200).contains(name.count) else { throw Failure(.invalid, "review-link-nameless") }
        let id = try ids.make()
        try db.execute(
            """
            INSERT INTO text_link (id, queue_id, name, member_id, created_at, closed_at)
            VALUES (\(id), \(queue), \(name), \(viewer.memberID), \(at), NULL)
            """)
        try events.add(
            Event("text-link-made", actor: viewer.memberID, queue: queue, subject: id), at: at, in: db)
        return id
    }

    /// What came by it stays; nothing new comes.
    package func endLink(_ id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection) throws {
        guard let link = try findLink(id, in: db), viewer.may(.manage, queue: link.queue) else {
            throw Failure(.notFound, "error-not-found")
        }
        try db.executeOne("UPDATE text_link SET closed_at = \(at) WHERE id = \(id)")
        try events.add(
            Event("text-link-ended", actor: viewer.memberID, queue: link.queue, subject: id), at: at, in: db)
    }

    /// An open one.
    func findLink(_ id: ID, in db: any Connection) throws -> TextLink? {
        try db.first("SELECT * FROM text_link WHERE id = \(id) AND closed_at IS NULL").map(Self.read)
    }

    package func links(keptBy viewer: Viewer, in db: any Connection) throws -> [TextLink] {
        try db.rows(
            """
            SELECT * FROM text_link WHERE queue_id IN \(list: viewer.queues(.manage)) AND closed_at IS NULL ORDER BY id
            """
        ).map(Self.read)
    }

    private static func read(_ row: Row) throws -> TextLink {
        TextLink(id: try row.int("id"), queue: try row.int("queue_id"), name: try row.text("name"))
    }

    func add(_ request: TextRequest, review: ID, link: ID, in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO text_request (review_id, link_id, author, sort, goal, audience, place, needed_by)
            VALUES (\(review), \(link), \(request.author), \(request.sort.rawValue), \(request.goal),
                \(request.audience), \(request.place), \(request.neededBy))
            """)
    }

    static func find(review: ID, in db: any Connection) throws -> TextRequest? {
        let row = try db.first(
            """
            SELECT text_request.*, review.language, review_version.subject, review_version.text
            FROM text_request JOIN review ON review.id = text_request.review_id
                JOIN review_version ON review_version.review_id = review.id AND review_version.number = review.number
            WHERE text_request.review_id = \(review)
            """)
        return try row.map {
            TextRequest(
                author: try $0.text("author"), sort: TextRequest.Sort(rawValue: try $0.text("sort")) ?? .other,
                subject: try $0.text("subject"), goal: try $0.text("goal"), audience: try $0.text("audience"),
                place: try $0.text("place"), language: try $0.optionalText("language"),
                neededBy: try $0.text("needed_by"), text: try $0.text("text"))
        }
    }
}

/// Takes texts of colleagues without a seat: the same review, from a page without an account.
package struct TextRequesting: Sendable {
    let reviewing: Reviewing
    let store: TextRequestStore
    let forms: FormStore
    let clock: Clock

    package init(reviewing: Reviewing, store: TextRequestStore, forms: FormStore, clock: Clock) {
        self.reviewing = reviewing
        self.store = store
        self.forms = forms
        self.clock = clock
    }

    /// A new text; returns its review.
    package func submit(_ request: TextRequest, link id: ID, network: String) async throws -> ID {
        try request.validate()
        let now = clock.now()
        return try await reviewing.answering.database.write { db in
            guard let link = try store.findLink(id, in: db) else { throw Failure(.notFound, "error-not-found") }
            try forms.spend(network: network, queue: link.queue, at: now, in: db)
            var review = Review(
                id: 0, kind: .text, queue: link.queue, ticket: nil, draft: nil, message: nil, round: nil, writer: nil,
                submittedBy: nil, reviewer: nil, language: request.language, state: .submitted, reasons: [.link],
                hash: ReviewHash.of(request.text, subject: request.subject), note: "", verdictBy: nil, verdict: "",
                sentBy: nil, stage: .language, number: 1, returns: 0, submittedAt: now, dueAt: now, decidedAt: nil)
            let version = Review.Version(
                number: 1, recipients: "", subject: request.subject, text: request.text, at: now)
            let made = try reviewing.put(
                &review, version, by: nil, neededBy: ISO8601.startOfDay(request.neededBy), at: now, in: db)
            try store.add(request, review: made, link: link.id, in: db)
            return made
        }
    }

    /// A corrected text, while it is returned; or another version while nobody has decided.
    func submitAgain(_ text: String, review id: ID, number: Int, network: String) async throws {
        let now = clock.now()
        try await reviewing.answering.database.write { db in
            guard var review = try reviewing.reviews.find(id, in: db), review.kind == .text,
                var request = try TextRequestStore.find(review: id, in: db)
            else { throw Failure(.notFound, "error-not-found") }
            guard review.state == .returned || review.state == .submitted, review.number == number else {
                throw Failure(.conflict, "review-decided")
            }
            request.text = text
            try request.validate()
            try forms.spend(network: network, queue: review.queue, at: now, in: db)
            review.hash = ReviewHash.of(text, subject: request.subject)
            review.submittedAt = now
            let version = Review.Version(
                number: number + 1, recipients: "", subject: request.subject, text: text, at: now)
            _ = try reviewing.put(
                &review, version, by: nil, neededBy: ISO8601.startOfDay(request.neededBy), at: now, in: db)
        }
    }
}
