import Base
import Correspondence
import Foundation
import Storage

/// `liaison verify`: what is stored is what was promised.
///
/// The raw bytes of every mail have their hash, every filed delivery its message, every ticket its count, the event
/// chain
/// is whole and as long as the heads kept outside the database say, and nothing older than a minute waits unsealed.
package struct Verification: Sendable {
    /// One thing that was checked.
    package struct Finding: Sendable, Equatable {
        package var name: String
        package var isFine: Bool
        package var detail: String
    }

    private let services: Services

    package init(_ services: Services) { self.services = services }

    package func run() async throws -> [Finding] {
        [try await raws(), try await deliveries(), try await counts(), try await references()] + (try await chain())
    }

    private func raws() async throws -> Finding {
        try await services.database.read { db in
            var (count, broken) = (0, 0)
            var running: (id: ID, hash: RunningSHA256)?
            var expected: [ID: [UInt8]] = [:]
            let going = try RawEmptying.going(in: db)
            try db.stream("SELECT id, sha256 FROM raw") { expected[try $0.int("id")] = try $0.bytes("sha256") }
            let settle = { (finished: (id: ID, hash: RunningSHA256)?) in
                guard let finished else { return }
                count += 1
                let isWhole = expected.removeValue(forKey: finished.id) == finished.hash.finish()
                if !isWhole, !going.contains(finished.id) { broken += 1 }
            }
            try db.stream("SELECT raw_id, bytes FROM raw_chunk ORDER BY raw_id, position") { row in
                let id = try row.int("raw_id")
                if running?.id != id {
                    settle(running)
                    running = (id, RunningSHA256())
                }
                running?.hash.update(try row.bytes("bytes"))
            }
            settle(running)
            let empty = SHA256Digest.of([UInt8]())
            broken += expected.filter { $0.value != empty && !going.contains($0.key) }.count
            return Finding(name: "raw", isFine: broken == 0, detail: "\(count) whole, \(broken) broken")
        }
    }

    private func deliveries() async throws -> Finding {
        try await services.database.read { db in
            let lost = try db.int(
                """
                SELECT COUNT(*) AS n FROM delivery WHERE state <> 'new'
                    AND (message_id IS NULL
                        OR NOT EXISTS (SELECT 1 FROM message WHERE message.id = delivery.message_id))
                """)
            let idle = try db.int(
                """
                SELECT COUNT(*) AS n FROM delivery WHERE state = 'new'
                    AND NOT EXISTS (SELECT 1 FROM job WHERE job.kind = 'filing' AND job.subject_id = delivery.id)
                """)
            let all = try db.int("SELECT COUNT(*) AS n FROM delivery")
            return Finding(
                name: "deliveries", isFine: lost + idle == 0,
                detail: "\(all), \(lost) without message, \(idle) without job")
        }
    }

    private func counts() async throws -> Finding {
        try await services.database.read { db in
            let wrong = try db.int(
                """
                SELECT COUNT(*) AS n FROM ticket WHERE message_count <>
                    (SELECT COUNT(*) FROM message WHERE message.ticket_id = ticket.id AND message.direction <> 'note')
                """)
            return Finding(name: "tickets", isFine: wrong == 0, detail: "\(wrong) with a wrong count of messages")
        }
    }

    private func references() async throws -> Finding {
        guard services.database.engine == .sqlite else {
            return Finding(name: "references", isFine: true, detail: "by the engine")
        }
        return try await services.database.read { db in
            let count = try db.rows("PRAGMA foreign_key_check").count
            return Finding(name: "references", isFine: count == 0, detail: "\(count) broken")
        }
    }

    private func chain() async throws -> [Finding] {
        var head = EventSealer.Head.start
        var outside = try AuditHeads(services.directory.auditHeads).all()
        var mismatches = 0
        do {
            while true {
                let from = head
                let kept = outside
                let (next, seen) = try await services.database.read { db in
                    var seen: [Int64: Bool] = [:]
                    let next = try EventSealer.verify(after: from, limit: 500, in: db) { link in
                        if let hash = kept[link.seq] { seen[link.seq] = hash == link.hash }
                    }
                    return (next, seen)
                }
                if next == head { break }
                head = next
                for (seq, isSame) in seen {
                    outside[seq] = nil
                    if !isSame { mismatches += 1 }
                }
            }
        } catch let failure as Failure where failure.messageKey == "error-chain-broken" {
            return [Finding(name: "events", isFine: false, detail: failure.details)]
        }
        let isCut = !outside.isEmpty
        let now = services.clock.now()
        let late = try await services.database.read { db in
            try db.int("SELECT COUNT(*) AS n FROM event WHERE seq IS NULL AND at < \(now - 60_000)")
        }
        return [
            Finding(
                name: "events", isFine: mismatches == 0 && !isCut,
                detail: "\(head.seq) sealed, \(mismatches) heads differ\(isCut ? ", the end was cut off" : "")"),
            Finding(name: "sealing", isFine: late == 0, detail: "\(late) older than a minute not sealed"),
        ]
    }
}

/// Ends of the event chain, kept in a file beside the database: `seq hash time` a line, only ever appended to.
package struct AuditHeads: Sendable {
    private let file: URL

    package init(_ file: URL) { self.file = file }

    package func append(_ head: EventSealer.Head, at: Milliseconds) throws {
        let line = Data("\(head.seq) \(Hex.encode(head.hash)) \(ISO8601.string(at))\n".utf8)
        if !FileManager.default.fileExists(atPath: file.path) {
            guard
                FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
            else { throw Failure(.full, "error-full", details: "the heads of the event chain cannot be kept") }
        }
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: line)
        try handle.synchronize()
    }

    /// Hashes by seq.
    package func all() throws -> [Int64: [UInt8]] {
        guard FileManager.default.fileExists(atPath: file.path) else { return [:] }
        var heads: [Int64: [UInt8]] = [:]
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard parts.count == 3, let seq = Int64(parts[0]) else { continue }
            heads[seq] = Hex.decode(String(parts[1])) ?? []
        }
        return heads
    }
}
