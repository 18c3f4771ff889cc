import Base
import Schema
import Testing
import TestKit

@testable import Storage

struct ForesightTests {
    private static func question(_ text: String, _ values: Value...) -> Foresight.Question {
        Foresight.Question(text: text, values: values)
    }

    @Test func `what was asked twice is expected, with the ids of the page that is asked for`() {
        let foresight = Foresight()
        #expect(foresight.questions(by: 1, about: [10]).isEmpty)
        foresight.learn([Self.question("a", .int(10), .text("x")), Self.question("b", .int(7))], by: 1, about: [10])
        #expect(foresight.questions(by: 1, about: [11]).isEmpty, "once is no habit")

        foresight.learn([Self.question("a", .int(11), .text("x")), Self.question("b", .int(8))], by: 1, about: [11])

        #expect(foresight.questions(by: 1, about: [12]) == [Self.question("a", .int(12), .text("x"))])
        #expect(foresight.questions(by: 2, about: [12]).isEmpty, "somebody else has other habits")
        #expect(foresight.questions(by: 1, about: []).isEmpty, "a page without that id")
    }

    @Test func `what is not asked any more is not expected any more`() {
        let foresight = Foresight()
        let asked = [Self.question("a"), Self.question("b"), Self.question("a")]
        for _ in 0..<2 { foresight.learn(asked, by: 1, about: []) }
        #expect(foresight.questions(by: 1, about: []) == [Self.question("a"), Self.question("b")])

        foresight.learn([Self.question("b")], by: 1, about: [])

        #expect(foresight.questions(by: 1, about: []) == [Self.question("b")])
    }

    @Test(arguments: TestDatabase.kinds) func `what is expected is answered as what is asked`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let foresight = Foresight()
            try await database.write { try $0.execute("INSERT INTO setting (name, value) VALUES ('a', '0')") }
            for value in 1...5 {
                try await database.write { try $0.execute("UPDATE setting SET value = \(String(value))") }
                let read = try await database.read { db in
                    try db.foresee(foresight, by: 1, about: [])
                    return try ["a", "b"].map { name in
                        try db.rows("SELECT value FROM setting WHERE name = \(name)").map { try $0.text("value") }
                    }
                }
                #expect(read == [[String(value)], []])
            }
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a transaction that writes reads what it wrote`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let foresight = Foresight()
            let text: SQL = "SELECT value FROM setting WHERE name = 'a'"
            for value in 1...4 {
                try await database.read { db in
                    try db.foresee(foresight, by: 1, about: [])
                    _ = try db.rows(text)
                }
                let read = try await database.write { db in
                    try db.foresee(foresight, by: 1, about: [])
                    try db.execute("DELETE FROM setting WHERE name = 'a'")
                    try db.execute("INSERT INTO setting (name, value) VALUES ('a', \(String(value)))")
                    return try db.first(text)?.text("value")
                }
                #expect(read == String(value))
            }
        }
    }

    @Test func `on PostgreSQL the answers are there before they are asked for`() async throws {
        guard let kind = TestDatabase.kinds.first(where: { $0 == .postgres }) else { return }
        try await kind.with { database in
            let foresight = Foresight()
            let clock: SQL = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) AS at"
            let later: SQL = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) + 0 AS at"
            var isEarlier: [Bool] = []
            for time in 0..<4 {
                isEarlier.append(
                    try await database.read { db in
                        try db.foresee(foresight, by: 1, about: [])
                        // A text of its own each time, so that it is never expected.
                        let before = try db.int(later + SQL(text: " -- \(time)"))
                        return try db.int(clock) < before
                    })
            }
            #expect(isEarlier == [false, false, true, true])
        }
    }
}
