import Base
import Storage

/// The other desk's automatic "we have your mail", in a shadow queue or in history: no answer of a person.
enum AutomaticReceipt {
    /// Machines answer at once. Some desks mark what their people write as a machine's too; that comes later.
    private static let atOnce: Milliseconds = 300_000

    /// `mail` is the queue's own, filed as `message`.
    static func isOne(_ mail: ReadMail, message: ID, of ticket: ID, in db: any Connection) throws -> Bool {
        guard mail.parsed.kind == .autoReply else { return false }
        let last = try db.first(
            """
            SELECT sent_at FROM message WHERE ticket_id = \(ticket) AND direction = 'in' AND id <> \(message)
                AND sent_at <= \(mail.at)
            ORDER BY sent_at DESC, id DESC LIMIT 1
            """
        )?.int("sent_at")
        return last.map { mail.at - $0 < atOnce } ?? true
    }
}
