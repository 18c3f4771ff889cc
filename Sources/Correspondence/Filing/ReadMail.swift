import Base
import Foundation
import Jobs
import Mail

/// A delivery that has been read: all that can be known without the store.
struct ReadMail: Sendable {
    var job: Job
    var delivery: StoredDelivery
    var queue: Queue
    var parsed: ParsedMessage
    var evidence: MailEvidence
    var isForged: Bool
    var contentHash: [UInt8]
    var document: SearchDocument
    /// When it counts as having come: the arrival, or for history its own date.
    var at: Milliseconds
    var now: Milliseconds
    /// The day of `at` in the organisation's zone, for the ticket's number.
    var day: Int64
    var sender: MailAddress?
    /// What tells near copies; nil for history that is too old to be compared and for what no person wrote.
    var signature: MessageSignature?
    /// What points to danger to life; looked for before the transaction.
    var danger = DangerWatch.Signs()

    private static let subjectLength = 500
    private static let previewLength = 160

    init(
        job: Job, delivery: StoredDelivery, queue: Queue, parsed: ParsedMessage, evidence: MailEvidence, isForged: Bool,
        contentHash: [UInt8], now: Milliseconds, zone: TimeZone
    ) {
        self.job = job
        self.delivery = delivery
        self.queue = queue
        self.parsed = parsed
        self.evidence = evidence
        self.isForged = isForged
        self.contentHash = contentHash
        self.now = now
        let isHistory = delivery.source == .archive
        // Dates before 1990 or after now are lies of clocks.
        let own = parsed.date.flatMap { $0 > 631_152_000_000 && $0 <= now ? $0 : nil }
        at = isHistory ? own ?? delivery.receivedAt : delivery.receivedAt
        day = TicketNumbers.day(of: at, in: zone)
        sender = parsed.from.first { EmailAddress.isPlausible($0.address) }
        let people = (parsed.to + parsed.cc).map { "\($0.name) \($0.address)" }.joined(separator: " ")
        let files = parsed.attachments.map(\.filename).joined(separator: " ")
        document = SearchDocument(
            subject: parsed.subject, sender: parsed.from.map { "\($0.name) \($0.address)" }.joined(separator: " "),
            recipients: people, body: files.isEmpty ? parsed.text : parsed.text + "\n" + files)
        if isFromPerson, !isOurs, at > now - SimilarityStore.kept {
            signature = MessageSignature(parsed.newText.isEmpty ? parsed.text : parsed.newText)
        }
    }

    var isHistory: Bool { delivery.source == .archive }

    /// Written by the queue itself: history, or what the desk in use today sent.
    var isOurs: Bool { (isHistory || queue.mode == .shadow) && sender.map { queue.owns($0.address) } ?? false }

    var subject: String { String(parsed.subject.prefix(Self.subjectLength)) }

    /// One line for lists.
    var preview: String {
        let text = parsed.newText.isEmpty ? parsed.text : parsed.newText
        let words = text.prefix(Self.previewLength * 3).split(whereSeparator: \.isWhitespace)
        return String(words.joined(separator: " ").prefix(Self.previewLength))
    }

    /// Neither history nor ours, and no report of a mail server.
    var mayBeTriaged: Bool { !isHistory && !isOurs && parsed.kind != .bounce }

    /// A person may be waiting for an answer.
    var isFromPerson: Bool { parsed.kind == .mail || parsed.kind == .list }
}
