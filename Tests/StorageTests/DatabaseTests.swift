import Base
import Schema
import Testing
import TestKit

@testable import Storage

struct DatabaseTests {
    @Test(arguments: TestDatabase.kinds) func `values come back as they were bound`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let bytes: [UInt8] = [0, 1, 255, 39]
            try await database.write { db in
                try db.execute(
                    "CREATE TABLE thing (a BIGINT, b TEXT, c \(SQL(text: db.engine == .sqlite ? "BLOB" : "BYTEA")))")
                try db.execute("INSERT INTO thing (a, b, c) VALUES (\(Int64.min), \("a\u{0}'é"), \(bytes))")
                try db.execute("INSERT INTO thing (a, b, c) VALUES (\(Int64?.none), \(String?.none), \([UInt8]?.none))")
            }

            let rows = try await database.read { try $0.rows("SELECT * FROM thing ORDER BY a NULLS LAST") }

            #expect(try rows[0].int("a") == .min)
            #expect(try rows[0].text("b") == "a'é")
            #expect(try rows[0].bytes("c") == bytes)
            #expect(try rows[1].optionalInt("a") == nil)
            #expect(try rows[1].optionalText("b") == nil)
            #expect(throws: Failure(.internal, "")) { try rows[0].int("nothing") }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a read-only database is a failure that passes`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let failure = await #expect(throws: Failure.self) {
                try await database.write { db in
                    try db.execute(db.engine == .sqlite ? "PRAGMA query_only = 1" : "SET TRANSACTION READ ONLY")
                    try db.execute("INSERT INTO setting (name, value) VALUES ('a', '1')")
                }
            }
            #expect(failure?.code == .unavailable)
            #expect(failure?.isTemporary == true)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a transaction is all or nothing, a savepoint fails alone`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            await #expect(throws: Failure(.refused, "")) {
                try await database.write { db in
                    try db.execute("INSERT INTO setting (name, value) VALUES ('a', '1')")
                    throw Failure(.refused, "error-refused")
                }
            }
            try await database.write { db in
                try db.execute("INSERT INTO setting (name, value) VALUES ('b', '1')")
                #expect(throws: Failure(.conflict, "")) {
                    try db.savepoint {
                        try db.execute("INSERT INTO setting (name, value) VALUES ('c', '1')")
                        try db.execute("INSERT INTO setting (name, value) VALUES ('b', '2')")
                    }
                }
            }

            let names = try await database.read { try $0.rows("SELECT name FROM setting").map { try $0.text("name") } }

            #expect(names == ["b"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `what was sent is there for the next question, in its order`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let names = try await database.write { db in
                for number in 0..<200 { try db.send("INSERT INTO setting (name, value) VALUES (\("s\(number)"), '1')") }
                try db.executeOne("UPDATE setting SET value = '2' WHERE name = 's7'")
                try db.send("DELETE FROM setting WHERE name <> 's7' AND name LIKE 's%'")
                return try db.rows("SELECT name, value FROM setting WHERE name LIKE 's%' AND value = '2'")
                    .map { try $0.text("name") }
            }
            #expect(names == ["s7"])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what was sent and failed undoes the transaction, by the commit at latest`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            // More than once: a statement that is known to the connection is sent without waiting.
            for isLast in [true, false, true, false, true] {
                await #expect(throws: Failure(.conflict, "")) {
                    try await database.write { db in
                        try db.send("INSERT INTO setting (name, value) VALUES ('first', '1')")
                        try db.executeOne("UPDATE setting SET value = '1' WHERE name = 'nobody'")
                        if !isLast { try db.send("INSERT INTO setting (name, value) VALUES ('second', '1')") }
                    }
                }
            }
            await #expect(throws: Failure(.conflict, "")) {
                try await database.write { db in
                    for _ in 0..<2 { try db.send("INSERT INTO setting (name, value) VALUES ('twice', '1')") }
                    _ = try db.rows("SELECT name FROM setting")
                }
            }
            let left = try await database.read { db in
                try db.int("SELECT COUNT(*) AS n FROM setting WHERE name IN ('first', 'second', 'twice')")
            }
            #expect(left == 0)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what was sent inside a savepoint goes with it, and what was before stays`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            for _ in 0..<3 {
                try await database.write { db in
                    try db.send("UPDATE setting SET value = '1' WHERE name = 'nobody'")
                    try db.send("DELETE FROM setting WHERE name = \("nobody")")
                }
            }
            let outcomes = try await database.write { db in
                try db.send("INSERT INTO setting (name, value) VALUES ('before', '1')")
                let late = try db.attempt {
                    try db.send("INSERT INTO setting (name, value) VALUES ('inside', '1')")
                    try db.executeOne("UPDATE setting SET value = '1' WHERE name = 'nobody'")
                }
                let thrown = try db.attempt {
                    try db.send("INSERT INTO setting (name, value) VALUES ('before', '2')")
                    throw Failure(.refused, "")
                }
                try db.send("INSERT INTO setting (name, value) VALUES ('after', '1')")
                return [late, thrown].map { result in
                    #expect(throws: Failure.self) { try result.get() }
                }
            }
            let names = try await database.read { db in
                try db.rows("SELECT name FROM setting WHERE name IN ('before', 'inside', 'after') ORDER BY name")
                    .map { try $0.text("name") }
            }
            #expect(outcomes[0]?.code == .conflict && outcomes[1] != nil)
            #expect(names == ["after", "before"])
        }
    }

    @Test(arguments: TestDatabase.kinds) func `commits wait for the disk`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let facts = Dictionary(uniqueKeysWithValues: try await database.facts())

            switch kind {
            case .sqlite: #expect(facts["synchronous"] == "2" && facts["journal_mode"] == "wal")
            case .postgres: #expect(facts["synchronous_commit"] == "on")
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the schema is made once and a newer one is refused`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let migrator = Migrator(Schema.migrations)

            #expect(try await migrator.migrate(database) == [])
            #expect(try await migrator.isCurrent(database))
            try await database.write { try $0.execute("INSERT INTO schema_migration (id) VALUES ('9999_future')") }
            await #expect(throws: Failure(.configuration, "")) { try await migrator.migrate(database) }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `large bytes are kept in pieces and come back whole`(kind: TestDatabase)
        async throws
    {
        try await kind.with { database in
            let raws = RawStore(ids: IDMaker(node: 1, clock: .system))
            let bytes = (0..<700_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }

            let id = try await database.write { try raws.add(bytes, in: $0) }

            let (back, size, pieces) = try await database.read { db in
                (
                    try raws.bytes(of: id, in: db), try raws.size(of: id, in: db),
                    try db.int("SELECT COUNT(*) AS n FROM raw_chunk WHERE raw_id = \(id)")
                )
            }
            #expect(back == bytes)
            #expect(size == 700_001)
            #expect(pieces == 3)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `nodes get different numbers, and a lapsed one is given again`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let first = try await NodeLease.take(database)
            let second = try await NodeLease.take(database)
            #expect(first.number != second.number)

            try await database.write { db in
                _ = try db.execute("UPDATE node SET lease_until = 0 WHERE number = \(first.number)")
            }
            let third = try await NodeLease.take(database)

            #expect(third.number == first.number)
            await #expect(throws: Failure(.conflict, "")) { try await first.renew(database) }
            try await third.renew(database)
        }
    }
}
