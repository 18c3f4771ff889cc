import Base
import Storage
import TestKit
import Testing

@testable import Correspondence

/// Nobody answers twice: held in the store, whoever asks and however close together.
struct CollisionTests {
    private static let rounds = 12

    @Test(arguments: TestDatabase.kinds) func `of two who send at once one is held`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let (scene, ben) = (desk.scene, desk.ben)
            for round in 0..<Self.rounds {
                let mine = try await desk.draft(WritingScene.content("Mine \(round)."))
                let his = try await desk.draft(WritingScene.content("His \(round)."), by: ben)

                async let first = refused { _ = try await scene.answering.send(draft: mine.id, by: scene.viewer) }
                async let second = refused { _ = try await scene.answering.send(draft: his.id, by: ben) }
                let answers = try await [first, second]

                #expect(answers.filter { $0 == nil }.count == 1, "\(answers)")
                #expect(answers.compactMap { $0 } == ["draft-changed"])
                try await database.write { db in
                    for draft in [mine, his] where try scene.drafts.require(draft.id, in: db).sentMessage == nil {
                        try scene.drafts.delete(draft.id, in: db)
                    }
                }
            }
            #expect(try await scene.messages(desk.ticket.id).count == Self.rounds + 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `of one draft sent twice at once one leaves`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await WritingScene(database)
            let scene = desk.scene
            for round in 0..<Self.rounds {
                let draft = try await desk.draft(WritingScene.content("Once \(round)."))

                async let first = refused { _ = try await scene.answering.send(draft: draft.id, by: scene.viewer) }
                async let second = refused { _ = try await scene.answering.send(draft: draft.id, by: scene.viewer) }
                let answers = try await [first, second]

                #expect(answers.filter { $0 == nil }.count == 1, "\(answers)")
            }
            #expect(try await scene.messages(desk.ticket.id).count == Self.rounds + 1)
        }
    }
}
