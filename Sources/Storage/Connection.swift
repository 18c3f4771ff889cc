import Base

/// A connection inside one transaction; used synchronously on the thread that was given it.
package protocol Connection {
    var engine: Engine { get }
    func rows(_ sql: SQL) throws -> [Row]
    /// Returns the count of changed rows.
    @discardableResult func execute(_ sql: SQL) throws -> Int
    /// Executes a statement whose count nobody needs, when it suits: at the latest before the next statement that gives
    /// an answer, or before the commit, which then throw its failure.
    func send(_ sql: SQL) throws
    /// Sends, and requires that exactly one row changes; another count is a conflict, which comes as the failures of
    /// `send` do.
    func executeOne(_ sql: SQL) throws
    /// Waits for what was sent.
    func settle() throws
    /// In a transaction that only reads: asks together what a page about these ids usually asks for this reader.
    func foresee(_ foresight: Foresight, by reader: ID, about subjects: [ID]) throws
    /// Hands over rows one after the other, holding few of them in memory; for statements without values.
    func stream(_ text: String, _ body: (Row) throws -> Void) throws
}

extension Connection {
    package func send(_ sql: SQL) throws { try execute(sql) }
    package func settle() throws {}
    package func foresee(_ foresight: Foresight, by reader: ID, about subjects: [ID]) throws {}

    package func executeOne(_ sql: SQL) throws { try Self.requireOne(try execute(sql)) }

    static func requireOne(_ changed: Int) throws(Failure) {
        guard changed == 1 else {
            throw Failure(.conflict, "error-conflict", details: "\(changed) rows changed, not 1")
        }
    }

    package func first(_ sql: SQL) throws -> Row? { try rows(sql).first }

    /// The single integer of a single row, such as a count.
    package func int(_ sql: SQL) throws -> Int64 {
        guard let value = try first(sql)?.values.first, case .int(let number) = value else {
            throw Failure(.internal, "error-internal", details: "an integer was expected")
        }
        return number
    }

    /// How many different values of a column are among hits, up to a limit. `hits` finds them one after the other, so
    /// that few are enough where they do not repeat; more are looked at where they do.
    package func countDistinct(_ column: String, among hits: SQL, upTo most: Int64) throws -> Int64 {
        for limit in [most, 5 * most, .max] {
            let row = try first(
                """
                SELECT COUNT(*) AS hits, COUNT(DISTINCT \(SQL(text: column))) AS kinds
                FROM (\(hits) LIMIT \(limit)) AS found
                """)
            guard let row else { break }
            let kinds = try row.int("kinds")
            if try row.int("hits") < limit || kinds >= most { return min(kinds, most) }
        }
        return 0
    }

    /// Until this transaction ends no other one passes this line with the same name. SQLite has one writer anyway.
    package func lock(_ name: String) throws {
        if engine == .postgres { _ = try rows("SELECT pg_advisory_xact_lock(hashtextextended(\(name), 0))") }
    }

    /// The commit of this transaction is answered before it is on the disk: if the database's machine fails then, all
    /// of it may be as if it had not been. Only for what may be. SQLite has but one way to commit.
    package func commitLightly() throws {
        if engine == .postgres { try send("SET LOCAL synchronous_commit TO off") }
    }

    /// Ends a SELECT whose rows nobody else may change until this transaction ends.
    package var forUpdate: SQL { engine == .postgres ? " FOR UPDATE" : "" }

    /// One statement for several rows, in pieces of 8, 4, 2 and 1, so that few texts are prepared.
    package func insert(
        into table: String, _ columns: String, rows: [[any Bindable]], onConflict: String = ""
    ) throws {
        var rest = rows[...]
        for size in [8, 4, 2, 1] {
            while rest.count >= size {
                let values = rest.prefix(size).map { row in
                    SQL(text: "(") + SQL.joined(row.map { "\($0.value)" }, by: ", ") + SQL(text: ")")
                }
                let head = SQL(text: "INSERT INTO \(table) (\(columns)) VALUES ")
                try send(head + SQL.joined(values, by: ", ") + SQL(text: " " + onConflict))
                rest = rest.dropFirst(size)
            }
        }
    }

    /// Runs `body` so that its failure undoes only its own changes.
    package func savepoint<T>(_ body: () throws -> T) throws -> T { try attempt(body).get() }

    /// As `savepoint`, but gives the failure, so that others of the same transaction stand. What the whole transaction
    /// must run again for (a deadlock), or cannot live on after (a lost connection, a full disk), is thrown.
    package func attempt<T>(_ body: () throws -> T) throws -> Result<T, any Error> {
        try send("SAVEPOINT part")
        do {
            let result = try body()
            // A wrong count is known only here, and must be before the savepoint is gone.
            try settle()
            try execute("RELEASE SAVEPOINT part")
            return .success(result)
        } catch let conflict as any TransactionConflict {
            throw conflict
        } catch let cause {
            // What was sent before the failure may have failed, too: it goes with the rest.
            do { try settle() } catch let conflict as any TransactionConflict { throw conflict } catch {}
            do {
                try execute("ROLLBACK TO SAVEPOINT part")
                try execute("RELEASE SAVEPOINT part")
            } catch { throw cause }
            return .failure(cause)
        }
    }
}

/// A deadlock or a serialisation conflict: the whole transaction runs again, so nothing inside it may catch this.
package protocol TransactionConflict: Error {}
