import Base

/// The tables `raw` and `raw_chunk`: bytes as they came, in pieces of 256 KiB, on both engines.
package struct RawStore: Sendable {
    package static let chunkSize = 256 << 10

    private let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    /// Stores bytes; returns their id.
    package func add(_ bytes: [UInt8], in db: any Connection) throws -> ID {
        try add(size: bytes.count, sha256: SHA256Digest.of(bytes), in: db) { position in
            let start = position * Self.chunkSize
            return start < bytes.count ? Array(bytes[start..<min(bytes.count, start + Self.chunkSize)]) : nil
        }
    }

    /// Stores pieces that `chunk` gives for positions 0, 1, … until nil.
    package func add(
        size: Int, sha256: [UInt8], in db: any Connection, chunk: (Int) throws -> [UInt8]?
    ) throws -> ID {
        let id = try ids.make()
        try db.send("INSERT INTO raw (id, size, sha256) VALUES (\(id), \(size), \(sha256))")
        var position = 0
        while let bytes = try chunk(position) {
            try db.send("INSERT INTO raw_chunk (raw_id, position, bytes) VALUES (\(id), \(position), \(bytes))")
            position += 1
        }
        return id
    }

    /// Removes bytes that nothing refers to any more.
    package func remove(_ id: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM raw_chunk WHERE raw_id = \(id)")
        try db.executeOne("DELETE FROM raw WHERE id = \(id)")
    }

    /// Puts other bytes in the place of what was stored: for redaction only.
    package func replace(_ id: ID, with bytes: [UInt8], in db: any Connection) throws {
        try db.execute("DELETE FROM raw_chunk WHERE raw_id = \(id)")
        try db.executeOne(
            "UPDATE raw SET size = \(bytes.count), sha256 = \(SHA256Digest.of(bytes)) WHERE id = \(id)")
        for (position, start) in stride(from: 0, to: bytes.count, by: Self.chunkSize).enumerated() {
            let piece = Array(bytes[start..<min(bytes.count, start + Self.chunkSize)])
            try db.execute("INSERT INTO raw_chunk (raw_id, position, bytes) VALUES (\(id), \(position), \(piece))")
        }
    }

    package func size(of id: ID, in db: any Connection) throws -> Int {
        guard let row = try db.first("SELECT size FROM raw WHERE id = \(id)") else {
            throw Failure(.notFound, "error-not-found")
        }
        return Int(try row.int("size"))
    }

    package func sha256(of id: ID, in db: any Connection) throws -> [UInt8] {
        guard let row = try db.first("SELECT sha256 FROM raw WHERE id = \(id)") else {
            throw Failure(.notFound, "error-not-found")
        }
        return try row.bytes("sha256")
    }

    /// One piece; nil after the last.
    package func chunk(_ position: Int, of id: ID, in db: any Connection) throws -> [UInt8]? {
        try db.first("SELECT bytes FROM raw_chunk WHERE raw_id = \(id) AND position = \(position)")?.bytes("bytes")
    }

    /// All of it in memory; throws `internal` when pieces are missing.
    package func bytes(of id: ID, in db: any Connection) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let size = try size(of: id, in: db)
        bytes.reserveCapacity(size)
        var position = 0
        while let piece = try chunk(position, of: id, in: db) {
            bytes += piece
            position += 1
        }
        guard bytes.count == size else {
            throw Failure(.internal, "error-internal", details: "raw \(id) is incomplete")
        }
        return bytes
    }
}

extension RawStore {
    /// Deletes bytes that nothing refers to any more.
    package func discard(_ id: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM raw_chunk WHERE raw_id = \(id)")
        try db.execute("DELETE FROM raw WHERE id = \(id)")
    }
}
