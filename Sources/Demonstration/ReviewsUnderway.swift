import Base
import Correspondence
import Server
import Storage

/// Reviews that are not over, and what came of one that is: a reply held by new mail, two whose time passed, a
/// reader's thanks. Told last, so that those who hear of it find it in their notices.
struct ReviewsUnderway: Sendable {
    /// Of `Resources/demo/reviews.json`.
    struct Words: Decodable, Sendable {
        struct Matter: Decodable, Sendable {
            var letter: ReviewSteps.Letter
            var own: String
            var note: String?
            /// What the reader writes later.
            var later: String?
        }

        var held, asked, unseen, thanked: Matter
    }

    private static let hour: Milliseconds = 3_600_000
    private static let mistake = "mistake-on-the-front-page"
    private static let photo = "thanks-for-a-photo"

    let services: Services
    let founded: Founding.Founded
    let words: Words
    let end: Milliseconds
    private let steps: ReviewSteps

    init(services: Services, founded: Founding.Founded, words: Words, end: Milliseconds) {
        self.services = services
        self.founded = founded
        self.words = words
        self.end = end
        steps = ReviewSteps(services: services)
    }

    func tell() async throws {
        try await quieten()
        // What was before is told to nobody.
        try await services.tellOfEvents()
        try await wait()
        try await hold()
        try await thank()
        try await services.tellOfEvents()
    }

    /// Addresses of invented people lead nowhere: what they are told of is on their page, and no mail of it leaves.
    private func quieten() async throws {
        let notices = NoticeStore(ids: services.ids)
        try await services.database.write { db in
            for member in founded.members.values {
                var setting = try notices.setting(of: member.id, in: db)
                for kind in NoticeKind.allCases { setting.ways[kind] = .never }
                try notices.set(setting, of: member.id, in: db)
            }
        }
    }

    /// One was asked for by name of somebody who is away, and waits for all who review there; one waits for the leads.
    private func wait() async throws {
        guard let queue = founded.queues["info-en"], let edwin = founded.members["edwin"],
            let ragnhild = founded.viewers["ragnhild"], let marfa = founded.viewers["marfa"]
        else { return }
        let unseen = try await submit(words.unseen, Self.mistake, queue, hoursAgo: 52, by: marfa)
        try await steps.widen(unseen.review)
        let asked = try await submit(
            words.asked, Self.photo, queue, hoursAgo: 40, by: ragnhild, reviewer: edwin.id)
        try await steps.widen(asked.review)
    }

    /// The reader wrote again while the reply waited.
    private func hold() async throws {
        guard let queue = founded.queues["info-en"], let haruto = founded.viewers["haruto"] else { return }
        let held = try await submit(words.held, Self.mistake, queue, hoursAgo: 6, by: haruto)
        try await reply(words.held, on: held.ticket, to: queue, hoursAgo: 2)
    }

    /// A learner's reply in a translated text was approved and sent, and the reader thanks for it.
    private func thank() async throws {
        guard let queue = founded.queues["info-de"], let ragnhild = founded.viewers["ragnhild"],
            let nils = founded.viewers["nils"], let greta = founded.viewers["greta"]
        else { return }
        let made = try await submit(words.thanked, Self.photo, queue, hoursAgo: 30, by: ragnhild)
        steps.time.set(end - 28 * Self.hour)
        try await steps.reviewing.approve(made.review, number: 1, sends: true, by: nils)
        try await steps.dispatch()
        let thanks = try await reply(words.thanked, on: made.ticket, to: queue, hoursAgo: 4)
        try await services.database.write { [services, end] db in
            let ticket = try services.stores.tickets.require(made.ticket, visibleTo: greta, in: db)
            try Thanking(events: services.stores.events).turn(
                thanks, in: ticket, by: greta, at: end - 3 * Self.hour, in: db)
        }
    }

    /// A reader's mail, and two hours later a learner's reply to it, submitted.
    private func submit(
        _ matter: Words.Matter, _ slug: String, _ queue: Queue, hoursAgo: Int, by writer: Viewer, reviewer: ID? = nil
    ) async throws -> (ticket: ID, review: ID) {
        steps.time.set(end - Milliseconds(hoursAgo + 2) * Self.hour)
        let ticket = try await steps.post(matter.letter, to: queue)
        try await services.tellOfEvents()
        steps.time.set(end - Milliseconds(hoursAgo) * Self.hour)
        let draft = try await steps.begin(ticket, with: ReviewSteps.Text(slug: slug, own: matter.own), by: writer)
        let wish = Reviewing.Wish(note: matter.note ?? "", reviewer: reviewer)
        let review = try await steps.reviewing.submit(draft: draft, wish, by: writer)
        // Who is asked now is asked by name, or by the language; later it is others.
        try await services.tellOfEvents()
        return (ticket, review)
    }

    /// Another mail of the same reader, on the same ticket.
    @discardableResult private func reply(
        _ matter: Words.Matter, on ticket: ID, to queue: Queue, hoursAgo: Int
    ) async throws -> Message {
        steps.time.set(end - Milliseconds(hoursAgo) * Self.hour)
        let header = try await services.database.read { [services] db in
            try services.stores.messages.ofTicket(ticket, in: db).last?.headerID
        }
        var letter = matter.letter
        letter.subject = "Re: " + letter.subject
        letter.text = matter.later ?? ""
        try await steps.post(letter, to: queue, answers: header)
        let last = try await services.database.read { [services] db in
            try services.stores.messages.ofTicket(ticket, in: db).last
        }
        guard let last, last.direction == .incoming else {
            throw Failure(.internal, "error-internal", details: "a reader's second mail did not find its ticket")
        }
        return last
    }
}
