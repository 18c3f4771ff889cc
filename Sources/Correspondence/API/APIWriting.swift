import Base
import HTTPTypes
import Hummingbird
import Storage
import Web

/// How every write of the API goes: the caller, the body, once for an `Idempotency-Key`, the answer.
struct APIWriting: Sendable {
    static let bodyLimit = 2 << 20

    let database: Database
    let access: APIAccess
    let idempotency: IdempotencyStore
    let clock: Clock

    /// Reads the body, runs `body` once for an `Idempotency-Key`, answers with what it made. `kept` is what a repeated
    /// write is answered with: without what is told once.
    func run(
        _ request: Request, status: Int, limit: Int = bodyLimit, kept: @Sendable (String) -> String = { $0 },
        _ body: @Sendable (APIInput, APICaller) async throws -> String
    ) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        try caller.requireWriting()
        let bytes = try await request.bytes(upTo: limit)
        let input = try APIInput(bytes)
        guard let name = HTTPField.Name("Idempotency-Key"), let key = request.headers[name] else {
            return APIRoutes.json(try await body(input, caller), status: status)
        }
        let hash = SHA256Digest.of(key)
        let digest = SHA256Digest.of(Array("\(request.method) \(request.uri.path)\n".utf8) + bytes)
        let member = caller.viewer.memberID
        let now = clock.now()
        let before = try await database.write { [idempotency] db in
            try idempotency.begin(hash, member: member, request: digest, at: now, in: db)
        }
        if let before { return APIRoutes.json(before.answer, status: before.status) }
        let answer = try await Self.ifRefused {
            try await body(input, caller)
        } then: {
            try await database.write { [idempotency] db in try idempotency.giveBack(hash, member: member, in: db) }
        }
        let stored = kept(answer)
        try await database.write { [idempotency] db in
            try idempotency.add(hash, member: member, request: digest, status: status, answer: stored, at: now, in: db)
        }
        return APIRoutes.json(answer, status: status)
    }

    /// Runs `then` where it is certain that nothing was done: a refusal is, a fault of ours is not.
    private static func ifRefused(
        _ body: () async throws -> String, then: () async throws -> Void
    ) async throws -> String {
        do { return try await body() } catch let failure as Failure where failure.code != .internal {
            try await then()
            throw failure
        } catch let error as HTTPError {
            try await then()
            throw error
        } catch let refusal as APIRefusal {
            try await then()
            throw refusal
        }
    }
}
