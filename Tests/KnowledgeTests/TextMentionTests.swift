import Base
import Storage
import TestKit
import Testing

@testable import Knowledge

/// Where a person is named in texts: for whoever is asked what is held about them.
struct TextMentionTests {
    private static let phrases = ["karl@people.example", "Élodie Weber"]

    @Test(arguments: TestDatabase.kinds)
    func `a text that names somebody is found, now and in what it said before`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let named = try await scene.add("Who speaks for us", "Ask élodie WEBER about lakes.")
            let address = try await scene.add("Whom to ask", "Write to Karl@People.example.")
            let former = try await scene.add("Thanks", "Thanks to karl@people.example.\n\nMore.")
            let other = try await scene.add("Lakes", "Karl and Élodie know lakes. Weber too.")
            _ = try await database.write { [store = scene.store, owner = scene.owner.id] db in
                try store.save(
                    TextContent(title: "Thanks", body: "Thanks to all.\n\nMore."), of: former, seen: former.version,
                    by: owner, at: scene.now + 1, in: db)
            }

            let viewer = try await scene.viewer(scene.administrator)
            let found = try await database.read { db in
                try TextMentions().find(Self.phrases, visibleTo: viewer, limit: 50, in: db)
            }
            #expect(Set(found.map(\.id)) == [named.id, address.id, former.id])
            #expect(found.filter(\.isFormer).map(\.id) == [former.id])
            #expect(found.first?.id == former.id, "newest change first")
            #expect(!found.contains { $0.id == other.id })
            let wild = try await database.read { db in
                try TextMentions().find(["%", "k_rl@people.example"], visibleTo: viewer, limit: 50, in: db)
            }
            #expect(wild.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `texts for others are not named, and archived ones and proposals are`(kind: TestDatabase) async throws {
        try await kind.with { database in
            let scene = try await KnowledgeScene(database)
            let secret = try await scene.add(
                "A case", "Karl Weber writes often.", audience: .confidential, teams: [scene.team.id])
            let proposed = try await scene.add("Lakes", "All of them.")
            _ = try await database.write { [proposals = scene.proposals, reader = scene.reader.id] db in
                try proposals.add(
                    title: "Lakes", body: "All of them. Ask Karl Weber.", comment: "", for: proposed,
                    base: proposed.version, by: reader, at: scene.now, in: db)
            }

            for member in [scene.administrator, scene.owner] {
                let viewer = try await scene.viewer(member)
                let found = try await database.read { db in
                    try TextMentions().find(["Karl Weber"], visibleTo: viewer, limit: 50, in: db)
                }
                #expect(found.contains { $0.id == proposed.id && $0.isFormer })
                #expect(found.contains { $0.id == secret.id } == (member.id == scene.owner.id))
            }
        }
    }
}
