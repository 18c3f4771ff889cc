import Base
import CPostgres
import Foundation
import Logging

/// One connection of libpq, used by the one thread that owns it.
final class PostgresConnection: Connection {
    private static let statementTimeout = 30_000

    let engine = Engine.postgres
    private let url: String
    private let durability: Database.Durability
    private let log: Logger
    private var connection: OpaquePointer?
    private var statements: [String: String] = [:]
    private var pipeline = PostgresPipeline()
    /// Whether the server answered anything in this transaction.
    private var hasHeard = false
    /// What is known of the answers of a transaction that only reads.
    private var ahead: PostgresAhead?
    private var isReading = false

    init(url: String, durability: Database.Durability, log: Logger) {
        self.url = url
        self.durability = durability
        self.log = log
    }

    /// Runs `body` between `begin` and COMMIT; connects first when needed. What the server closed while it was idle is
    /// made anew and `body` runs again, as long as nothing was heard from it.
    ///
    /// `early` is for what only reads: it gets the value before COMMIT, which changes nothing any more.
    func transaction<T>(
        _ begin: String, early: ((T) -> Void)? = nil, _ body: (any Connection) throws -> T
    ) throws -> T {
        var attempt = 0
        while true {
            attempt += 1
            let wasOpen = connection != nil
            do {
                try connect()
                hasHeard = false
                isReading = early != nil
                ahead = nil
                try send(SQL(text: begin))
                let value = try body(self)
                ahead?.end()
                if let early, hasHeard {
                    early(value)
                    endReading()
                } else {
                    try commit()
                }
                return value
            } catch let failure as PostgresConflict where attempt < 4 {
                log.debug("transaction runs again", metadata: ["state": "\(failure.state)"])
                rollBack()
            } catch let failure as PostgresConflict {
                rollBack()
                throw Failure(.unavailable, "error-unavailable", details: "conflict \(failure.state)")
            } catch {
                let isStale = wasOpen && !hasHeard && attempt == 1 && PQstatus(connection) != CONNECTION_OK
                rollBack()
                guard isStale else { throw error }
            }
        }
    }

    private func endReading() {
        do { try commit() } catch {
            log.debug("a read did not end well", metadata: ["error": "\(error)"])
            rollBack()
        }
    }

    /// A wrong count does not stop the server: it must be known before COMMIT is sent. And a lost answer to COMMIT must
    /// not be taken for a connection that was closed before.
    private func commit() throws {
        if !hasHeard || pipeline.expectsRows { try pipeline.settle(connection) }
        hasHeard = true
        try simple("COMMIT")
    }

    func rows(_ sql: SQL) throws -> [Row] {
        if let known = ahead?.answer(sql) { return known }
        let result = try run(sql)
        defer { PQclear(result) }
        return try PostgresResult(result: result).rows()
    }

    @discardableResult func execute(_ sql: SQL) throws -> Int {
        let result = try run(sql)
        defer { PQclear(result) }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    func send(_ sql: SQL) throws { try send(sql, .any) }

    func executeOne(_ sql: SQL) throws { try send(sql, .oneRow) }

    func settle() throws { try pipeline.settle(connection) }

    func foresee(_ foresight: Foresight, by reader: ID, about subjects: [ID]) throws {
        guard isReading, ahead == nil else { return }
        let questions = foresight.questions(by: reader, about: subjects)
        let statements = try questions.map { question in
            let parameters = PostgresParameters(question.values)
            return (name: try prepare(question.text, parameters), text: question.text, parameters: parameters)
        }
        let results = statements.isEmpty ? [] : try pipeline.ask(statements, connection)
        hasHeard = hasHeard || !results.isEmpty
        defer { for result in results { PQclear(result) } }
        for result in results { try check(result) }
        let answers = try results.map { try PostgresResult(result: $0).rows() }
        ahead = PostgresAhead(
            answers: Dictionary(zip(questions, answers)) { first, _ in first },
            learn: { foresight.learn($0, by: reader, about: subjects) })
    }

    private func send(_ sql: SQL, _ expectation: PostgresPipeline.Expectation) throws {
        let (text, values) = sql.rendered(for: .postgres)
        let parameters = PostgresParameters(values)
        // What is sent once and never again is not worth a name: BEGIN, SAVEPOINT.
        let name = values.isEmpty ? nil : try prepare(text, parameters)
        try pipeline.send(name, text, parameters, expectation, connection)
        if pipeline.isLong {
            try pipeline.settle(connection)
            hasHeard = true
        }
    }

    func stream(_ text: String, _ body: (Row) throws -> Void) throws {
        try pipeline.settle(connection)
        try simple("DECLARE stream NO SCROLL CURSOR FOR \(text)")
        while true {
            let result = PQexecParams(connection, "FETCH FORWARD 64 FROM stream", 0, nil, nil, nil, nil, 1)
            defer { PQclear(result) }
            try check(result)
            let rows = try PostgresResult(result: result).rows()
            if rows.isEmpty { break }
            for row in rows { try body(row) }
        }
        try simple("CLOSE stream")
    }

    /// Outside a transaction.
    func administer(_ statement: String) throws {
        try connect()
        try simple(statement)
    }

    func disconnect() {
        PQfinish(connection)
        connection = nil
        statements = [:]
        pipeline = PostgresPipeline()
    }

    private func connect() throws {
        if connection != nil, PQstatus(connection) == CONNECTION_OK { return }
        disconnect()
        connection = PQconnectdb(url)
        guard PQstatus(connection) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(connection))
            disconnect()
            throw Failure(.unavailable, "error-unavailable", details: "postgres: \(message.trimmed)")
        }
        let commit = durability == .full ? "on" : "off"
        for setting in [
            "client_min_messages = warning", "client_encoding = 'UTF8'", "timezone = 'UTC'",
            "statement_timeout = \(Self.statementTimeout)",
            "idle_in_transaction_session_timeout = 60000", "lock_timeout = 10000",
        ] { try simple("SET \(setting)") }
        // An administrator may ask for more than `on` (remote_apply), never for less.
        try simple(
            "SELECT set_config('synchronous_commit', '\(commit)', false) "
                + "WHERE '\(commit)' = 'off' OR current_setting('synchronous_commit') IN ('off', 'local')")
    }

    private func rollBack() {
        guard connection != nil else { return }
        guard PQstatus(connection) == CONNECTION_OK, pipeline.drain(connection) else { return disconnect() }
        let result = PQexec(connection, "ROLLBACK")
        if PQresultStatus(result) != PGRES_COMMAND_OK { disconnect() }
        PQclear(result)
    }

    private func simple(_ text: String) throws {
        let result =
            pipeline.isEmpty
            ? PQexec(connection, text) : try pipeline.ask(nil, text, PostgresParameters([]), connection)
        defer { PQclear(result) }
        try check(result)
        // A COMMIT of a failed transaction answers ROLLBACK without an error.
        if text == "COMMIT", String(cString: PQcmdStatus(result)) != "COMMIT" {
            throw Failure(.internal, "error-internal", details: "the transaction was rolled back")
        }
    }

    private func run(_ sql: SQL) throws -> OpaquePointer? {
        let (text, values) = sql.rendered(for: .postgres)
        let parameters = PostgresParameters(values)
        // A statement without a name is planned for its values (documentation of PREPARE).
        let isNamed = !sql.isPlannedAnew && (!values.isEmpty || text.hasPrefix("SELECT"))
        let name = isNamed ? try prepare(text, parameters) : nil
        let result = try pipeline.ask(name, text, parameters, connection)
        hasHeard = true
        do { try check(result) } catch {
            PQclear(result)
            throw error
        }
        return result
    }

    /// What was sent is waited for first: libpq prepares only between statements.
    private func prepare(_ text: String, _ parameters: PostgresParameters) throws -> String {
        let key = text + parameters.signature
        if let name = statements[key] { return name }
        try pipeline.settle(connection)
        if statements.count >= 500 {
            try simple("DEALLOCATE ALL")
            statements = [:]
        }
        let name = "s\(statements.count)"
        let result = PQprepare(connection, name, text, Int32(parameters.types.count), parameters.types)
        defer { PQclear(result) }
        try check(result)
        hasHeard = true
        statements[key] = name
        return name
    }

    private func check(_ result: OpaquePointer?) throws {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
        default: throw PostgresFailure.make(result, connection)
        }
    }
}

/// A deadlock or serialisation conflict: the transaction may simply run again.
struct PostgresConflict: TransactionConflict {
    let state: String
}

/// PostgreSQL's SQLSTATE in our words.
enum PostgresFailure {
    static func make(_ result: OpaquePointer?, _ connection: OpaquePointer?) -> any Error {
        let own = result.map { String(cString: PQresultErrorMessage($0)) } ?? ""
        let message = own.isEmpty ? String(cString: PQerrorMessage(connection)) : own
        let field = PQresultErrorField(result, Int32(UInt8(ascii: "C")))
        let state = field.map { String(cString: $0) } ?? ""
        let details = "postgres \(state): \(message.trimmed)"
        switch state {
        case "40001", "40P01": return PostgresConflict(state: state)
        case "23505": return Failure(.conflict, "error-conflict", details: details)
        case "53100": return Failure(.full, "error-full", details: details)
        case "25006", "57014", "55P03", "25P03": return Failure(.unavailable, "error-unavailable", details: details)
        case _ where state.isEmpty || ["08", "53", "57", "58"].contains(String(state.prefix(2))):
            return Failure(.unavailable, "error-unavailable", details: details)
        default: return Failure(.internal, "error-internal", details: details)
        }
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines).replacing("\n", with: " ") }
}
