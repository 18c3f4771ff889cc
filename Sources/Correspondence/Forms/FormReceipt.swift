import Base
import Jobs
import Mail
import Outbox
import Storage
import Web

/// Tells the address given in a form that something was sent in its name: our words only, nothing of the form.
package struct FormReceipt: Sendable {
    package static let jobName = "form-receipt"

    /// Our words in a language: subject, and text of number and link.
    package typealias Words = @Sendable (_ language: String, _ number: String, _ link: String) -> (String, String)

    private let database: Database
    private let stores: Filing.Stores
    private let forms: FormStore
    private let tokens: MailTokens
    private let key: InstanceKey
    private let ids: IDMaker
    private let clock: Clock
    private let alarm: JobAlarm
    private let publicURL: String
    private let words: Words

    package init(
        database: Database, stores: Filing.Stores, forms: FormStore, tokens: MailTokens, key: InstanceKey,
        ids: IDMaker, clock: Clock, alarm: JobAlarm, publicURL: String, words: @escaping Words
    ) {
        self.database = database
        self.stores = stores
        self.forms = forms
        self.tokens = tokens
        self.key = key
        self.ids = ids
        self.clock = clock
        self.alarm = alarm
        self.publicURL = publicURL
        self.words = words
    }

    /// The job's subject is a ticket that a form opened. At most two a day to an address.
    package func run(_ job: Job) async throws {
        let now = clock.now()
        let (message, outbox) = (try ids.make(), try ids.make())
        let isQueued = try await database.write { db in
            try stores.jobs.finish(job, in: db)
            guard let (mail, queue) = try compose(job.subject, message: message, at: now, in: db) else { return false }
            try Acknowledging.enqueue(mail, queue: queue.id, ticket: job.subject, outbox: outbox, at: now, stores, db)
            try stores.events.add(Event("form-receipt-queued", queue: queue.id, ticket: job.subject), at: now, in: db)
            return true
        }
        if isQueued { alarm.ring() }
    }

    private func compose(
        _ id: ID, message: ID, at: Milliseconds, in db: any Connection
    ) throws -> (mail: OutgoingMessage, queue: Queue)? {
        guard let ticket = try stores.tickets.find(id, in: db),
            let first = try stores.messages.ofTicket(id, in: db).first(where: { $0.direction == .incoming }),
            let submission = try forms.ofMessage(headerID: first.headerID, in: db)
        else { return nil }
        let queue = try stores.queues.require(submission.queue, in: db)
        guard queue.mode == .live, !queue.owns(submission.address),
            try AutomaticAnswers(ids: ids, key: key).spend(
                .unasked, submission.address, queue: queue.id, at: at, in: db)
        else { return nil }
        let link =
            publicURL
            + FormPaths.follow(
                FormReference(submission: submission.id, holder: .address).text(key))
        let (subject, text) = words(submission.language, ticket.number, link)
        let letter = Letter(queue: queue, tokens: tokens)
        var mail = try letter.begin(ticket: id, message: message, at: at)
        mail.to = [MailAddress(name: "", address: submission.address)]
        let organisation = try OrganisationName.stored(in: db)
        let house = SenderName(organisation.isEmpty ? queue.displayName : organisation)
        mail.from.name = house.name
        mail.subject = letter.subject(house.subject(subject), number: ticket.number)
        mail.text = house.text(text)
        mail.language = submission.language
        mail.autoSubmitted = "auto-generated"
        return (mail, queue)
    }
}
