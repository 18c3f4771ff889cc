import Base
import CPostgres

/// Statements sent without waiting for their answers (libpq's pipeline mode): each one saved is a round trip and a
/// change of process. Answers come in order; after a failure the server skips what follows up to the next sync.
///
/// Source: PostgreSQL documentation, "Pipeline Mode" of libpq.
struct PostgresPipeline {
    enum Expectation { case any, oneRow }

    /// Statements whose answers were not read.
    private var waiting: [Expectation] = []

    /// Answers of more statements could fill the buffers of both sides while each waits for the other.
    private static let limit = 64

    var isEmpty: Bool { waiting.isEmpty }
    /// Whether a count is still to be looked at.
    var expectsRows: Bool { waiting.contains(.oneRow) }
    var isLong: Bool { waiting.count >= Self.limit }

    /// `name` is a prepared statement; without one `text` is sent whole.
    mutating func send(
        _ name: String?, _ text: String, _ parameters: PostgresParameters, _ expectation: Expectation,
        _ connection: OpaquePointer?
    ) throws {
        if PQpipelineStatus(connection) == PQ_PIPELINE_OFF, PQenterPipelineMode(connection) != 1 {
            throw PostgresFailure.make(nil, connection)
        }
        let count = Int32(parameters.types.count)
        let sent = parameters.withPointers { pointers, lengths, formats in
            if let name { return PQsendQueryPrepared(connection, name, count, pointers, lengths, formats, 1) }
            return PQsendQueryParams(connection, text, count, parameters.types, pointers, lengths, formats, 1)
        }
        guard sent == 1 else { throw PostgresFailure.make(nil, connection) }
        waiting.append(expectation)
    }

    /// Sends a statement and waits for its answer, and for those before it, of which the first failure is thrown. The
    /// caller clears what is given back.
    mutating func ask(
        _ name: String?, _ text: String, _ parameters: PostgresParameters, _ connection: OpaquePointer?
    ) throws -> OpaquePointer? {
        if waiting.isEmpty { return Self.askAlone(name, text, parameters, connection) }
        return try ask([(name, text, parameters)], connection)[0]
    }

    /// Sends statements together and waits for their answers, as the other does.
    mutating func ask(
        _ statements: [(name: String?, text: String, parameters: PostgresParameters)], _ connection: OpaquePointer?
    ) throws -> [OpaquePointer?] {
        let before = waiting
        for statement in statements {
            try send(statement.name, statement.text, statement.parameters, .any, connection)
        }
        guard PQpipelineSync(connection) == 1 else { throw PostgresFailure.make(nil, connection) }
        var failure: (any Error)?
        var results: [OpaquePointer?] = []
        do {
            for expectation in before { try Self.read(expectation, &failure, connection) }
            for _ in statements { results.append(try Self.answer(connection)) }
            try end(connection)
            if let failure { throw failure }
        } catch {
            for result in results { PQclear(result) }
            throw error
        }
        return results
    }

    /// Waits for all that was sent, and throws the first failure among it.
    mutating func settle(_ connection: OpaquePointer?) throws {
        guard !waiting.isEmpty else { return }
        guard PQpipelineSync(connection) == 1 else { throw PostgresFailure.make(nil, connection) }
        var failure: (any Error)?
        for expectation in waiting { try Self.read(expectation, &failure, connection) }
        try end(connection)
        if let failure { throw failure }
    }

    /// Reads what is still to come, whatever it says; false when the connection is not usable any more.
    mutating func drain(_ connection: OpaquePointer?) -> Bool {
        guard PQpipelineStatus(connection) != PQ_PIPELINE_OFF else { return true }
        do { try settle(connection) } catch {}
        return PQpipelineStatus(connection) == PQ_PIPELINE_OFF || PQexitPipelineMode(connection) == 1
    }

    private static func askAlone(
        _ name: String?, _ text: String, _ parameters: PostgresParameters, _ connection: OpaquePointer?
    ) -> OpaquePointer? {
        let count = Int32(parameters.types.count)
        return parameters.withPointers { pointers, lengths, formats in
            if let name { return PQexecPrepared(connection, name, count, pointers, lengths, formats, 1) }
            return PQexecParams(connection, text, count, parameters.types, pointers, lengths, formats, 1)
        }
    }

    /// The answer of one statement, and the end of it.
    private static func answer(_ connection: OpaquePointer?) throws -> OpaquePointer? {
        guard let result = PQgetResult(connection) else { throw PostgresFailure.make(nil, connection) }
        while let more = PQgetResult(connection) { PQclear(more) }
        return result
    }

    /// The sync after the last answer, and out of pipeline mode.
    private mutating func end(_ connection: OpaquePointer?) throws {
        let result = PQgetResult(connection)
        defer { PQclear(result) }
        waiting = []
        guard PQresultStatus(result) == PGRES_PIPELINE_SYNC, PQexitPipelineMode(connection) == 1 else {
            throw PostgresFailure.make(result, connection)
        }
    }

    /// Reads the answer of a statement nobody waits for; the first failure stays.
    private static func read(
        _ expectation: Expectation, _ failure: inout (any Error)?, _ connection: OpaquePointer?
    ) throws {
        let result = try answer(connection)
        defer { PQclear(result) }
        guard failure == nil else { return }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            guard expectation == .oneRow else { return }
            do { try PostgresConnection.requireOne(Int(String(cString: PQcmdTuples(result))) ?? 0) } catch {
                failure = error
            }
        default: failure = PostgresFailure.make(result, connection)
        }
    }
}
