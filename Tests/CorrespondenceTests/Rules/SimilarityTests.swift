import Base
import Storage
import TestKit
import Testing

@testable import Correspondence

@Suite struct SimilarityTests {
    private static let text = """
        Good day, the picture of the old harbour on your page about Altmark is mirrored. The lighthouse stands on the
        left, but everybody here knows that it stands on the right. Please turn the picture around. Thank you very much.
        """
    private let store = SimilarityStore()

    @Test(arguments: TestDatabase.kinds)
    func `near copies since a time are found by the index, and only where the viewer may look`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            let began = scene.time.clock.now()
            try await scene.receive(Scene.mail(id: "a@people.example", text: Self.text))
            try await scene.receive(
                Scene.mail(
                    from: "Eva <eva@people.example>", id: "b@people.example", text: Self.text + "\r\nEva"))
            try await scene.receive(
                Scene.mail(
                    from: "Ida <ida@people.example>", id: "c@people.example",
                    text: "How can I donate a collection of letters to the archive of my town?"))
            let first = try #require(try await scene.messages(scene.tickets()[0].id).first)

            let (hits, none, later, recent) = try await database.read { db in
                let stranger = Viewer(memberID: 1, isAdministrator: false, rights: [:])
                return (
                    try store.similar(
                        to: first.id, since: began, atLeast: 0.6, visibleTo: scene.viewer, in: db),
                    try store.similar(to: first.id, since: began, atLeast: 0.6, visibleTo: stranger, in: db),
                    try store.similar(
                        to: first.id, since: scene.time.clock.now() + 1, atLeast: 0.6, visibleTo: scene.viewer, in: db),
                    try store.recent(since: began, until: .max, inQueues: [scene.queue.id], limit: 9, in: db)
                )
            }

            #expect(hits.map(\.ticket) == [try await scene.tickets()[1].id])
            #expect(hits.allSatisfy { $0.similarity > 0.8 })
            #expect(none.isEmpty)
            #expect(later.isEmpty)
            #expect(recent.count == 3)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a machine's mail has no signature, and old ones go`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await Scene(database)
            try await scene.receive(
                Scene.mail(id: "m@people.example", headers: ["Auto-Submitted: auto-replied"], text: Self.text))
            try await scene.receive(Scene.mail(id: "n@people.example", text: Self.text))
            let counts: @Sendable (any Connection) throws -> (Int64, Int64) = { db in
                (
                    try db.int("SELECT COUNT(*) AS n FROM text_signature"),
                    try db.int("SELECT COUNT(*) AS n FROM text_band")
                )
            }

            let before = try await database.read(counts)
            let now = scene.time.clock.now()
            try await database.write { try store.forgetOld(at: now + SimilarityStore.kept + 1, in: $0) }
            let after = try await database.read(counts)

            #expect(before == (1, 16))
            #expect(after == (0, 0))
        }
    }
}
