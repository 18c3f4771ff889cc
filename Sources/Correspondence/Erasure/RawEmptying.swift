import Base
import Storage

/// The table `erased_raw`: bytes that are to go, a little at a time, so that no write is long.
///
/// Their row stays, of no bytes: a delivery names it, which is known by a salted hash, so that the same mail does not
/// come in again. While they go, `verify` passes them over.
package enum RawEmptying {
    /// Two MiB.
    private static let slice = 8

    static func add(_ raws: some Sequence<ID>, in db: any Connection) throws {
        for raw in Set(raws) {
            try db.execute("INSERT INTO erased_raw (raw_id) VALUES (\(raw)) ON CONFLICT (raw_id) DO NOTHING")
        }
    }

    /// One slice; false when nothing is left.
    static func step(in db: any Connection) throws -> Bool {
        guard let raw = try db.first("SELECT raw_id FROM erased_raw ORDER BY raw_id LIMIT 1")?.int("raw_id") else {
            return false
        }
        let pieces = try db.rows(
            "SELECT position FROM raw_chunk WHERE raw_id = \(raw) ORDER BY position LIMIT \(slice)"
        ).map { try $0.int("position") }
        try db.execute("DELETE FROM raw_chunk WHERE raw_id = \(raw) AND position IN \(list: pieces)")
        if pieces.count < slice {
            try db.execute("UPDATE raw SET size = 0, sha256 = \(SHA256Digest.of([UInt8]())) WHERE id = \(raw)")
            try db.execute("DELETE FROM erased_raw WHERE raw_id = \(raw)")
        }
        return true
    }

    /// Bytes that are on their way out.
    package static func going(in db: any Connection) throws -> Set<ID> {
        Set(try db.rows("SELECT raw_id FROM erased_raw").map { try $0.int("raw_id") })
    }
}
