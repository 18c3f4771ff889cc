import Base
import Correspondence
import Foundation
import Server
import Storage

/// A week of second looks: learners whose replies wait, came back, were approved, taken over, released; a rule, a
/// sample, a text of a colleague without a seat.
struct ReviewWeek: Sendable {
    /// What reviewers say; `Resources/demo/reviews.json`.
    struct Words: Decodable, Sendable {
        struct Text: Decodable, Sendable {
            var author, subject, goal, audience, place, text: String
        }

        var due, note, own, comment, commentWhole, takeOver, sample, linkName: String
        var text: Text
        var underway: ReviewsUnderway.Words
    }

    private static let hour: Milliseconds = 3_600_000
    /// What learners begin with.
    private static let template = "mistake-on-the-front-page"

    let services: Services
    let founded: Founding.Founded
    let house: House
    let words: Words
    let end: Milliseconds
    private let steps: ReviewSteps

    init(services: Services, founded: Founding.Founded, house: House, words: Words, end: Milliseconds) {
        self.services = services
        self.founded = founded
        self.house = house
        self.words = words
        self.end = end
        steps = ReviewSteps(services: services)
    }

    private var time: StoryClock { steps.time }

    private var rules: ReviewRules { ReviewRules(members: services.members, events: services.stores.events) }

    func tell() async throws {
        guard let queue = founded.queues["info-en"], let edwin = founded.viewers["edwin"],
            let greta = founded.viewers["greta"]
        else { return }
        try await found(queue, lead: edwin)
        let learners = house.members.filter { $0.learns.contains("en") }.compactMap { founded.viewers[$0.address] }
        var tickets = try await open(queue)
        guard !learners.isEmpty, tickets.count >= 7 else { return }
        func next(_ index: Int, _ hoursAgo: Int) async throws -> (ID, Viewer) {
            let learner = learners[index % learners.count]
            time.set(end - Milliseconds(hoursAgo) * Self.hour)
            let draft = try await steps.begin(
                tickets.removeFirst(), with: ReviewSteps.Text(slug: Self.template, own: words.own), by: learner)
            return (
                try await steps.reviewing.submit(draft: draft, Reviewing.Wish(note: words.note), by: learner), learner
            )
        }
        let reviewing = steps.reviewing
        for (index, hoursAgo) in [(0, 150), (1, 120)] {
            let (review, _) = try await next(index, hoursAgo)
            time.set(end - Milliseconds(hoursAgo - 3) * Self.hour)
            try await reviewing.approve(review, number: 1, sends: true, by: edwin)
        }
        let (returned, learner) = try await next(0, 30)
        try await reviewing.giveBack(
            returned, number: 1,
            [
                Review.Remark(
                    passage: words.own, text: words.comment.replacing("$1", with: try await person(of: returned))),
                Review.Remark(text: words.commentWhole),
            ], by: edwin)
        try await LessonTelling(services: services).tell(
            of: returned, learner: learner, lead: edwin, at: end - 25 * Self.hour)
        let (approved, _) = try await next(1, 20)
        try await reviewing.approve(approved, number: 1, sends: false, by: greta)
        let (taken, _) = try await next(2, 26)
        _ = try await reviewing.takeOver(taken, number: 1, why: words.takeOver, by: edwin)
        let (late, _) = try await next(0, 100)
        for _ in 0..<2 { try await steps.widen(late) }
        try await reviewing.release(late, number: 1, why: words.due, sends: true, by: edwin)
        _ = try await next(1, 3)
        try await steps.dispatch()
        try await finish(queue, lead: edwin)
    }

    /// Rules and learners, before anything is written.
    private func found(_ queue: Queue, lead: Viewer) async throws {
        let at = end - 170 * Self.hour
        try await services.database.write { [rules] db in
            for person in house.members {
                guard let member = founded.members[person.address] else { continue }
                for language in person.answers + person.leads {
                    try db.execute(
                        """
                        INSERT INTO member_language (member_id, language) VALUES (\(member.id), \(language))
                        ON CONFLICT (member_id, language) DO NOTHING
                        """)
                }
                for language in person.learns {
                    guard let queue = founded.queues["info-\(language)"],
                        let lead = house.members.first(where: { $0.leads.contains(language) })?.address,
                        let viewer = founded.viewers[lead]
                    else { continue }
                    try rules.beginTraining(of: member.id, queue: queue.id, by: viewer, at: at, in: db)
                }
            }
            var rule = ReviewRule()
            rule.samplePercent = 20
            rule.labels = ["legal"]
            rule.trainingCount = 5
            try rules.set(rule, of: queue.id, by: lead, at: at, in: db)
            guard let press = founded.queues["press"] else { return }
            rule = ReviewRule()
            rule.needsAll = true
            try rules.set(rule, of: press.id, by: lead, at: at, in: db)
        }
    }

    /// The name of whom a review's reply goes to.
    private func person(of review: ID) async throws -> String {
        try await services.database.read { db in
            try db.first(
                """
                SELECT participant.name FROM review JOIN participant ON participant.ticket_id = review.ticket_id
                WHERE review.id = \(review) ORDER BY participant.address LIMIT 1
                """
            )?.text("name") ?? ""
        }
    }

    /// Tickets that wait for an answer nobody has begun.
    private func open(_ queue: Queue) async throws -> [ID] {
        try await services.database.read { db in
            try db.rows(
                """
                SELECT ticket.id FROM ticket WHERE queue_id = \(queue.id) AND merged_into IS NULL
                    AND state IN ('new', 'open', 'answered', 'closed') AND updated_at < \(end - 170 * Self.hour)
                    AND NOT EXISTS (SELECT 1 FROM draft WHERE draft.ticket_id = ticket.id)
                    AND EXISTS (SELECT 1 FROM participant WHERE participant.ticket_id = ticket.id
                        AND participant.address NOT LIKE '%@gone.example'
                        AND participant.address NOT LIKE '%@offers.example')
                ORDER BY CASE WHEN state IN ('new', 'open') THEN 0 ELSE 1 END, updated_at DESC LIMIT 12
                """
            ).map { try $0.int("id") }
        }
    }

    /// The lot may fall on none of so few: then on the newest it may fall on.
    private static func drawOne(
        of sent: [Row], _ queue: Queue, _ sampling: ReviewSampling, at: Milliseconds, in db: any Connection
    ) throws {
        func hasSample() throws -> Bool {
            try db.first("SELECT 1 AS one FROM review WHERE kind = 'sample' LIMIT 1") != nil
        }
        func setPercent(_ percent: Int) throws {
            try db.execute("UPDATE review_setting SET sample_percent = \(percent) WHERE queue_id = \(queue.id)")
        }
        let usual = try db.int("SELECT sample_percent FROM review_setting WHERE queue_id = \(queue.id)")
        try setPercent(100)
        for row in sent where try !hasSample() { try sampling.draw(message: try row.int("id"), at: at, in: db) }
        try setPercent(Int(usual))
    }

    /// Samples of the week, and a colleague's text.
    private func finish(_ queue: Queue, lead: Viewer) async throws {
        let at = end - 5 * Self.hour
        time.set(at)
        try await services.database.write { [sampling = services.sampling] db in
            let sent = try db.rows(
                """
                SELECT message.id FROM message JOIN ticket ON ticket.id = message.ticket_id
                WHERE ticket.queue_id = \(queue.id) AND message.direction = 'out' ORDER BY message.id DESC LIMIT 20
                """)
            for row in sent { try sampling.draw(message: try row.int("id"), at: at, in: db) }
            try Self.drawOne(of: sent, queue, sampling, at: at, in: db)
        }
        let requests = TextRequestStore(ids: services.ids, events: services.stores.events)
        let link = try await services.database.write { db in
            try requests.addLink(words.linkName, queue: queue.id, by: lead, at: at, in: db)
        }
        let text = words.text
        let request = TextRequest(
            author: text.author, sort: .announcement, subject: text.subject, goal: text.goal, audience: text.audience,
            place: text.place, language: "en", neededBy: String(ISO8601.string(end + 72 * Self.hour).prefix(10)),
            text: text.text)
        _ = try await TextRequesting(
            reviewing: steps.reviewing, store: requests, forms: services.forms, clock: time.clock
        ).submit(request, link: link, network: "demonstration")
    }
}
