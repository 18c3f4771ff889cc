import Base
import Storage

/// What a form does is done once, also where it is posted twice: by a second press, or a browser that tries again.
/// The same words from a page that was opened anew are another letter.
struct FormOnce: Sendable {
    let database: Database
    let clock: Clock

    /// `body` says where it is to be seen; a repeated post is sent there too. `conflict` while the first is at work.
    func run(
        _ page: String, _ words: String, by member: ID, _ body: @Sendable () async throws -> String
    ) async throws -> String {
        guard !page.isEmpty, page.utf8.count <= 40 else { return try await body() }
        let store = IdempotencyStore()
        let key = SHA256Digest.of("form \(page) \(words)")
        let now = clock.now()
        let before = try await database.write { db in
            try store.begin(key, member: member, request: key, at: now, in: db)
        }
        if let before { return before.answer }
        do {
            let path = try await body()
            try await database.write { db in
                try store.add(key, member: member, request: key, status: 303, answer: path, at: now, in: db)
            }
            return path
        } catch let failure as Failure where failure.code != .internal {
            try await database.write { db in try store.giveBack(key, member: member, in: db) }
            throw failure
        }
    }
}
