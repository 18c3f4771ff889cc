import Base
import Storage
import Synchronization

/// The mails of the last hour and those before, as `Bursts` needs them. Each is read once and kept by this process as
/// numbers; what is redacted or too old is forgotten at the next look. What is usual is not counted anew each time:
/// mails are added when they leave the hour, and taken away when they are too old. Who uses what is found asks again
/// whether it may stand in a group.
final class BurstMemory: Sendable {
    /// The newest of the last weeks before the hour say what is usual; the newest of the hour are compared with them.
    private static let most = 2000
    private static let mostRecent = 200
    private static let slice = 100

    private struct Known: Sendable {
        /// Nil for one that may not stand in a group.
        var mails: [ID: Bursts.Mail?] = [:]
        /// Those that `usual` counts.
        var before: Set<ID> = []
        var usual = UsualWords()

        mutating func keep(_ mails: [ID: Bursts.Mail?], before ids: Set<ID>) {
            for id in before where !ids.contains(id) {
                if let mail = self.mails[id] ?? nil { usual.remove(mail) }
            }
            for id in ids where !before.contains(id) {
                if let mail = mails[id] ?? nil { usual.add(mail) }
            }
            before = ids
            self.mails = mails
        }
    }

    private let known = Mutex(Known())
    private let meanings: @Sendable () -> Meanings

    init(_ meanings: @escaping @Sendable () -> Meanings) { self.meanings = meanings }

    /// What is loud at a time. Reads by `text_signature_at`, and the new mails themselves.
    func bursts(at now: Milliseconds, in db: any Connection) throws -> Bursts {
        // Each for itself, so that a flood within the hour does not push out what is usual.
        let hour = now - IncidentNoticing.window
        let ids =
            try newest(Self.mostRecent, after: hour, upTo: now, in: db)
            + newest(Self.most, after: now - IncidentNoticing.memory, upTo: hour, in: db)
        let old = known.withLock { $0.mails }
        var mails: [ID: Bursts.Mail?] = Dictionary(uniqueKeysWithValues: ids.map { ($0, old[$0] ?? nil) })
        let missing = ids.filter { old[$0] == nil }
        let meanings = meanings()
        for start in stride(from: 0, to: missing.count, by: Self.slice) {
            let part = missing[start..<min(start + Self.slice, missing.count)]
            for mail in try Self.read(Array(part), meanings, in: db) { mails[mail.message] = mail }
        }
        let read = mails
        let all = ids.compactMap { read[$0] ?? nil }
        let recent = all.prefix { $0.at > hour }
        let before = Set(all.dropFirst(recent.count).map(\.message))
        let usual = known.withLock { known in
            known.keep(read, before: before)
            return known.usual
        }
        return Bursts(recent: Array(recent), usual: usual)
    }

    private func newest(
        _ count: Int, after: Milliseconds, upTo end: Milliseconds, in db: any Connection
    ) throws -> [ID] {
        try db.rows(
            """
            SELECT message_id FROM text_signature WHERE at > \(after) AND at <= \(end)
            ORDER BY at DESC, message_id DESC LIMIT \(count)
            """
        ).map { try $0.int("message_id") }
    }

    /// Those that may stand in a group. A ticket's mails count as one person's, whoever wrote them.
    private static func read(
        _ messages: [ID], _ meanings: Meanings, in db: any Connection
    ) throws -> [Bursts.Mail] {
        try db.rows(
            """
            SELECT message.id, message.subject, message.new_text, message.text, message.language AS said,
                ticket.language, ticket.contact_id, text_signature.at
            FROM message JOIN text_signature ON text_signature.message_id = message.id
            JOIN ticket ON ticket.id = message.ticket_id JOIN queue ON queue.id = ticket.queue_id
            WHERE message.id IN \(list: messages) AND message.direction = 'in' AND message.kind = 'mail'
                AND ticket.contact_id IS NOT NULL AND ticket.state <> 'junk' AND ticket.is_protected = 0
                AND queue.is_confidential = 0
            """
        ).map { row in
            let text = try row.text("new_text")
            let language = LanguageCode.base(
                try row.optionalText("said") ?? row.optionalText("language") ?? "")
            let words = Bursts.words(
                try row.text("subject"), text.isEmpty ? try row.text("text") : text, language: language, meanings)
            return Bursts.Mail(
                message: try row.int("id"), contact: try row.int("contact_id"), language: language,
                at: try row.int("at"), words: words)
        }
    }
}
