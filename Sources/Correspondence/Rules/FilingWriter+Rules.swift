import Base
import Storage

extension FilingWriter {
    /// Rules run after filing, by a job of the same transaction; only where there are some, or where tickets are given
    /// out. Not for history, our own mail, or who is blocked.
    func expectRules(_ mail: ReadMail, message: ID, at place: Place, in db: any Connection) throws {
        guard !mail.isOurs, !mail.isHistory, place.ticket.state != .junk else { return }
        guard try RuleStore.isAwaited(queue: place.ticket.queue, in: db) else { return }
        try RuleEffectStore(ids: ids).expect(
            message, isNew: place.isNew, acknowledges: place.acknowledges, in: db)
        try stores.jobs.add(RuleRunning.jobName, subject: message, in: db)
    }
}
