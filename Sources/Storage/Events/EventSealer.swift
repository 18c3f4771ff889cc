import Base
import Foundation

/// Gives events a gap-free `seq` and extends the hash chain: h(n) = SHA-256(h(n-1) ‖ canonical row n).
///
/// One job with a lease runs this, so writers of events share no lock. A batch is one transaction; running it twice
/// finds nothing to do. Heads are also told to `publish`, which keeps them outside the database, so that cutting the
/// tail of the chain is seen.
package struct EventSealer: Sendable {
    /// The end of the chain.
    package struct Head: Sendable, Equatable {
        package var seq: Int64
        package var hash: [UInt8]

        package static let start = Head(seq: 0, hash: [UInt8](repeating: 0, count: 32))
    }

    package init() {}

    /// Whether events wait to be sealed: a look that needs no writer.
    package func isNeeded(in db: any Connection) throws -> Bool {
        try db.first("SELECT 1 AS one FROM event WHERE seq IS NULL LIMIT 1") != nil
    }

    /// Seals up to `limit` events; returns the new head, or nil when there was nothing.
    package func seal(limit: Int, in db: any Connection) throws -> Head? {
        if db.engine == .postgres { _ = try db.rows("SELECT pg_advisory_xact_lock(5471821)") }
        let waiting = try db.rows("SELECT * FROM event WHERE seq IS NULL ORDER BY id LIMIT \(limit)")
        guard !waiting.isEmpty else { return nil }
        var head = try Self.head(in: db)
        for row in waiting {
            head.seq += 1
            head.hash = try Self.next(after: head.hash, seq: head.seq, row: row)
            try db.executeOne(
                """
                UPDATE event SET seq = \(head.seq), hash = \(head.hash)
                WHERE id = \(try row.int("id")) AND seq IS NULL
                """
            )
        }
        return head
    }

    package static func head(in db: any Connection) throws -> Head {
        guard let row = try db.first("SELECT seq, hash FROM event WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1")
        else {
            return .start
        }
        return Head(seq: try row.int("seq"), hash: try row.bytes("hash"))
    }

    /// Walks a part of the chain after `head`; returns its end, or throws what is wrong with it.
    /// `visit` is told every link.
    package static func verify(
        after head: Head, limit: Int, in db: any Connection, visit: (Head) -> Void = { _ in }
    ) throws -> Head {
        var head = head
        for row in try db.rows("SELECT * FROM event WHERE seq > \(head.seq) ORDER BY seq LIMIT \(limit)") {
            let seq = try row.int("seq")
            guard seq == head.seq + 1 else { throw broken(at: head.seq + 1, "missing") }
            let hash = try next(after: head.hash, seq: seq, row: row)
            guard try row.bytes("hash") == hash else { throw broken(at: seq, "changed") }
            head = Head(seq: seq, hash: hash)
            visit(head)
        }
        return head
    }

    private static func broken(at seq: Int64, _ what: String) -> Failure {
        Failure(.internal, "error-chain-broken", details: "event \(seq) is \(what)")
    }

    private static func next(after hash: [UInt8], seq: Int64, row: Row) throws -> [UInt8] {
        let stored = try EventStore.read(row)
        let event = stored.event
        let parts: [String] =
            [String(seq), String(stored.id), String(stored.at), event.kind]
            + [event.actor, event.queue, event.ticket, event.subject].map { $0.map { String($0) } ?? "-" }
            + [try row.text("data")]
        return SHA256Digest.of(hash + Array(parts.joined(separator: "\n").utf8))
    }
}
