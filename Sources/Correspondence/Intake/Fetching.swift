import Base
import Foundation
import Mail
import Storage

/// Fetches one mailbox by IMAP.
///
/// What was taken is known by (mailbox, folder, UIDVALIDITY, UID), noted in the transaction that makes the mail
/// durable. Only then is it marked as seen or moved on the server: a courtesy that is made up for next time if it
/// fails. Mail of any size is taken, large ones through a spool file. A new UIDVALIDITY means that all UIDs are new;
/// mail that was taken before is then recognised by its bytes. Mail that the server does not give is passed over, asked
/// for again each time, and said of the mailbox.
package struct Fetching: Sendable {
    private let database: Database
    private let intake: Intake
    private let store: MailboxStore
    private let spool: URL
    private let clock: Clock

    package init(database: Database, intake: Intake, store: MailboxStore, spool: URL, clock: Clock) {
        self.database = database
        self.intake = intake
        self.store = store
        self.spool = spool
        self.clock = clock
    }

    /// Takes all new mail; returns how many. `session` is signed in to the account. `mailbox-mails-refused` when all
    /// but some were taken.
    package func run(_ mailbox: Mailbox, session: IMAPSession) async throws -> Int {
        let folder = mailbox.folder
        let (validity, _) = try await session.examine(folder)
        let (last, refused) = try await database.read { [store] db in
            (
                try store.lastUID(of: mailbox.id, folder: folder, validity: validity, in: db),
                try store.refused(of: mailbox.id, folder: folder, validity: validity, in: db)
            )
        }
        var (count, refusals) = (0, 0)
        let again = try await stillThere(refused, mailbox, validity: validity, session)
        for uid in again + (try await session.uids(after: last)) {
            do {
                try await take(uid, mailbox, validity: validity, session)
                count += 1
            } catch let failure as Failure where failure.messageKey == "mailbox-message-gone" {
                try await database.write { [store] db in
                    try store.noteRefused(uid, of: mailbox.id, folder: folder, validity: validity, in: db)
                }
                refusals += 1
            }
        }
        try await mark(mailbox, validity: validity, session)
        if refusals > 0 { throw Failure(.refused, "mailbox-mails-refused") }
        return count
    }

    /// Those of the mails that were passed over that are still in the folder.
    private func stillThere(
        _ refused: [Int64], _ mailbox: Mailbox, validity: Int64, _ session: IMAPSession
    ) async throws -> [Int64] {
        guard !refused.isEmpty else { return [] }
        let there = Set(try await session.present(refused))
        let gone = refused.filter { !there.contains($0) }
        if !gone.isEmpty {
            try await database.write { [store] db in
                try store.noteGone(gone, of: mailbox.id, folder: mailbox.folder, validity: validity, in: db)
            }
        }
        return refused.filter { there.contains($0) }
    }

    private func take(_ uid: Int64, _ mailbox: Mailbox, validity: Int64, _ session: IMAPSession) async throws {
        let message = try await session.fetch(uid, largerThan1MiBTo: spool)
        defer { if case .file(let url) = message { try? FileManager.default.removeItem(at: url) } }
        let content: Delivery.Content =
            switch message {
            case .memory(let bytes): .memory(bytes)
            case .file(let url): .file(url)
            }
        let delivery = Delivery(
            queue: mailbox.queue, sender: "", recipient: "", source: .imap, receivedAt: clock.now(), content: content)
        try await intake.accept(delivery) { [store] db in
            try store.noteSeen(uid, of: mailbox.id, folder: mailbox.folder, validity: validity, in: db)
        }
    }

    private func mark(_ mailbox: Mailbox, validity: Int64, _ session: IMAPSession) async throws {
        let uids = try await database.read { [store] db in
            try store.unmarked(of: mailbox.id, folder: mailbox.folder, validity: validity, in: db)
        }
        guard !uids.isEmpty else { return }
        if mailbox.moveTo.isEmpty {
            try await session.markSeen(uids)
        } else {
            try await session.move(uids, to: mailbox.moveTo)
        }
        try await database.write { [store] db in
            try store.noteMarked(uids, of: mailbox.id, folder: mailbox.folder, validity: validity, in: db)
        }
    }
}
