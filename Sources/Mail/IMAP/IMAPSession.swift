import Base
import Foundation

/// Fetches mail from a mailbox of another server, over one connection on a thread of its own.
///
/// 1. `examine` a folder: read-only, so nothing we read becomes seen.
/// 2. `uids(after:)` the last one known under the same validity, `fetch` each.
/// 3. When they are durable: `markSeen` or `move`, a courtesy. What was fetched is known by (account, folder, validity,
///    UID) in the database, never by flags.
///
/// After a failure that is `.unavailable` the next call opens a new connection. Failures: `mailbox-unreachable`,
/// `mailbox-tls-failed`, `mailbox-sign-in-refused`, `mailbox-folder-missing`, `mailbox-command-refused`,
/// `mailbox-message-gone` (or refused), `mailbox-changed` (validity is not what `examine` said), `mailbox-spool-full`.
package final class IMAPSession: Sendable {
    private let thread: OwnerThread<IMAPConnection>

    /// Connects at the first call. The time-out is for each answer, and for a connection on which nothing moves.
    package init(account: IMAPAccount, timeoutSeconds: Int = 120) {
        thread = OwnerThread("imap") { IMAPConnection(account: account, timeoutSeconds: timeoutSeconds) }
    }

    /// Opens a folder for reading: its UIDVALIDITY and how many messages are in it.
    package func examine(_ folder: String) async throws(Failure) -> (validity: Int64, exists: Int) {
        try await thread.attempt { connection throws(Failure) in try connection.examine(folder) }
    }

    /// UIDs above `uid` of the examined folder, ascending.
    package func uids(after uid: Int64) async throws(Failure) -> [Int64] {
        try await thread.attempt { connection throws(Failure) in try connection.uids(after: uid) }
    }

    /// Which of these UIDs are in the examined folder.
    package func present(_ uids: [Int64]) async throws(Failure) -> [Int64] {
        try await thread.attempt { connection throws(Failure) in try connection.present(uids) }
    }

    /// A whole message, without a limit, and without marking it; over 1 MiB in a new file of the folder `spool`.
    package func fetch(_ uid: Int64, largerThan1MiBTo spool: URL) async throws(Failure) -> IMAPMessage {
        try await thread.attempt { connection throws(Failure) in try connection.fetch(uid, spool: spool) }
    }

    /// Marks messages of the examined folder as seen.
    package func markSeen(_ uids: [Int64]) async throws(Failure) {
        try await thread.attempt { connection throws(Failure) in try connection.markSeen(uids) }
    }

    /// Moves messages of the examined folder; the other folder is created where it is missing.
    package func move(_ uids: [Int64], to folder: String) async throws(Failure) {
        try await thread.attempt { connection throws(Failure) in try connection.move(uids, to: folder) }
    }
}
