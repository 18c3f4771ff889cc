import Storage

/// A connection that remembers the queries sent through it, to ask for their plans.
package final class Watched: Connection, @unchecked Sendable {
    // @unchecked: used on the one thread of its transaction.
    private let db: any Connection
    private var statements: [SQL] = []

    package init(_ db: any Connection) { self.db = db }

    package var engine: Engine { db.engine }

    package func rows(_ sql: SQL) throws -> [Row] {
        statements.append(sql)
        return try db.rows(sql)
    }

    package func execute(_ sql: SQL) throws -> Int { try db.execute(sql) }

    package func stream(_ text: String, _ body: (Row) throws -> Void) throws { try db.stream(text, body) }

    /// Each statement's beginning and the lines of its plan.
    package func plans() throws -> [(statement: String, plan: [String])] {
        let (explain, column): (SQL, String) =
            engine == .sqlite ? ("EXPLAIN QUERY PLAN ", "detail") : ("EXPLAIN ", "QUERY PLAN")
        return try statements.map { sql in
            let text = sql.pieces.map { if case .text(let text) = $0 { text } else { "?" } }.joined()
            return (text, try db.rows(explain + sql).map { try $0.text(column) })
        }
    }
}
