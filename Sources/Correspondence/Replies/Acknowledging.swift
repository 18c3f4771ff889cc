import Base
import Jobs
import Mail
import Outbox
import People
import Storage

/// Tells a person that their mail arrived, if the queue has a text for it.
///
/// RFC 3834: never to a machine, a list or a null sender (decided when the mail was filed), nor to a queue of ours;
/// from the null sender, marked `auto-replied`. Nothing of the mail is quoted, its subject neither. At most one in a
/// day and queue and two in a week
/// from all queues to an address, so two machines exchange at most two mails.
package struct Acknowledging: Sendable {
    package static let jobName = "acknowledge"

    private let database: Database
    private let stores: Filing.Stores
    private let tokens: MailTokens
    private let answers: AutomaticAnswers
    private let ids: IDMaker
    private let clock: Clock
    private let alarm: JobAlarm
    private let waiting: Waiting

    /// What is said of the time people wait, in a language.
    package typealias Waiting = @Sendable (WaitingTime?, _ language: String) -> String

    package init(
        database: Database, stores: Filing.Stores, tokens: MailTokens, key: InstanceKey, ids: IDMaker, clock: Clock,
        alarm: JobAlarm, waiting: @escaping Waiting = { _, _ in "" }
    ) {
        self.database = database
        self.stores = stores
        self.tokens = tokens
        answers = AutomaticAnswers(ids: ids, key: key)
        self.ids = ids
        self.clock = clock
        self.alarm = alarm
        self.waiting = waiting
    }

    package func run(_ job: Job) async throws {
        let now = clock.now()
        let outbox = try ids.make()
        let message = try ids.make()
        let time = try await database.read { db in
            try stores.tickets.find(job.subject, in: db).flatMap {
                try WaitingTime.of(queue: $0.queue, at: now, in: db)
            }
        }
        let isQueued = try await database.write { db in
            try stores.jobs.finish(job, in: db)
            guard let letter = try compose(job.subject, time, message: message, at: now, in: db) else { return false }
            try Self.enqueue(letter.mail, queue: letter.queue, ticket: job.subject, outbox: outbox, at: now, stores, db)
            try stores.events.add(
                Event("acknowledgement-queued", queue: letter.queue, ticket: job.subject), at: now, in: db)
            return true
        }
        if isQueued { alarm.ring() }
    }

    /// Puts a mail that no person wrote into the outbox, from the null sender.
    static func enqueue(
        _ mail: OutgoingMessage, queue: ID, ticket: ID, outbox: ID, at: Milliseconds, _ stores: Filing.Stores,
        _ db: any Connection
    ) throws {
        let raw = try stores.raws.add(try MessageComposer.compose(mail), in: db)
        let item = OutboxItem(
            id: outbox, kind: .acknowledgement, queue: queue, ticket: ticket, message: nil, raw: raw,
            headerID: mail.messageID, sender: "", state: .queued, notBefore: at,
            recipients: mail.to.map { OutboxRecipient(address: $0.address, state: .waiting, reply: "") })
        try stores.outbox.add(item, at: at, in: db)
        try stores.jobs.add(Answering.dispatchJob, subject: outbox, in: db)
    }

    private func compose(
        _ id: ID, _ time: WaitingTime?, message: ID, at: Milliseconds, in db: any Connection
    ) throws -> (mail: OutgoingMessage, queue: ID)? {
        guard let ticket = try stores.tickets.find(id, in: db), ticket.mergedInto == nil,
            let first = try stores.messages.ofTicket(id, in: db).first(where: { $0.direction == .incoming }),
            let text = try stores.queues.acknowledgement(of: ticket.queue, language: ticket.language, in: db)
        else { return nil }
        let queue = try stores.queues.require(ticket.queue, in: db)
        let isOurs = try stores.queues.owns(first.fromAddress, in: db)
        guard queue.mode == .live, !isOurs,
            try answers.spend(.acknowledgement, first.fromAddress, queue: queue.id, at: at, in: db)
        else { return nil }
        var mail = try Letter(queue: queue, tokens: tokens).begin(ticket: id, message: message, at: at)
        mail.to = [MailAddress(name: "", address: EmailAddress.folded(first.fromAddress))]
        let values = [
            "ticket.number": ticket.number, "queue.name": queue.displayName, "waiting": waiting(time, text.language),
        ]
        let subject = Letter.headerName(AcknowledgementText.filled(text.subject, values))
        mail.subject = Letter(queue: queue, tokens: tokens).subject(subject, number: ticket.number)
        mail.text = AcknowledgementText.filled(text.text, values)
        mail.language = text.language
        mail.autoSubmitted = "auto-replied"
        if !first.headerID.isEmpty {
            mail.inReplyTo = [first.headerID]
            mail.references = [first.headerID]
        }
        return (mail, queue.id)
    }
}
