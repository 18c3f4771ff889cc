import Base
import Jobs
import Mail
import Storage

/// Mail of the desk itself to its members. It belongs to no queue, is sent from the desk's own address and the null
/// sender (nobody answers a machine), and is forgotten once it has left: it may carry a link that opens a door.
/// The organisation's name stands in From, in the subject and below the text.
package struct NoticeMail: Sendable {
    /// What is written, and to whom.
    package struct Content: Sendable {
        package var to: String
        package var subject: String
        package var text: String
        /// BCP 47.
        package var language: String

        package init(to: String, subject: String, text: String, language: String) {
            self.to = to
            self.subject = subject
            self.text = text
            self.language = language
        }
    }

    private let store: OutboxStore
    private let raws: RawStore
    private let jobs: JobStore
    private let ids: IDMaker
    private let random: Randomness
    private let from: MailAddress
    private let jobKind: String
    private let organisation: Organisation

    /// The organisation's name; empty for the name in `from`.
    package typealias Organisation = @Sendable (any Connection) throws -> String

    /// `jobKind` names the job that runs `Dispatch`.
    package init(
        store: OutboxStore, raws: RawStore, jobs: JobStore, ids: IDMaker, random: Randomness, from: MailAddress,
        jobKind: String, organisation: @escaping Organisation = { _ in "" }
    ) {
        self.store = store
        self.raws = raws
        self.jobs = jobs
        self.ids = ids
        self.random = random
        self.from = from
        self.jobKind = jobKind
        self.organisation = organisation
    }

    /// Queues the mail in the transaction of its cause; returns its id.
    package func add(_ content: Content, at: Milliseconds, in db: any Connection) throws -> ID {
        let id = try ids.make()
        let domain = EmailAddress.parts(from.address)?.domain ?? "localhost"
        let name = try organisation(db)
        let house = SenderName(name.isEmpty ? from.name : name)
        var mail = OutgoingMessage(
            from: MailAddress(name: house.name, address: from.address),
            to: [MailAddress(name: "", address: content.to)], subject: house.subject(content.subject), date: at,
            messageID: "n-\(Base32.encode(random.bytes(15)))@\(domain)", text: house.text(content.text))
        mail.language = content.language
        mail.autoSubmitted = "auto-generated"
        let raw = try raws.add(try MessageComposer.compose(mail), in: db)
        let item = OutboxItem(
            id: id, kind: .notice, queue: nil, ticket: nil, message: nil, raw: raw, headerID: mail.messageID,
            sender: "", state: .queued, notBefore: at,
            recipients: [OutboxRecipient(address: content.to, state: .waiting, reply: "")])
        try store.add(item, at: at, in: db)
        try jobs.add(jobKind, subject: id, in: db)
        return id
    }
}
