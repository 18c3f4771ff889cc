import Base
import Storage
import TestKit
import Testing
import Text

@testable import Correspondence

/// The model that comes with the program: it suggests, it is seen soon, and it gives way to what the team taught.
@Suite struct StartingTests {
    private static let cries = [
        "I gave the cat away and wrote letters to all of you", "by tomorrow I shall be gone and it is quiet",
        "nobody will miss me when I am gone", "I wrote letters and gave everything away",
    ]
    private static let others = [
        "I gave a talk and wrote an article", "the quiet valley has a bridge", "tomorrow I send the letters of 1914",
        "nobody answered my question about the cat", "thank you for everything",
    ]
    static let cry = "I gave the cat away. By tomorrow I shall be gone, nobody will miss me."

    static func model(_ names: [String] = ["danger"]) -> StartingModel {
        let known = (cries + others).compactMap { TextWindows($0).whole }
        var settings = WindowTraining.Settings()
        (settings.cost, settings.fewestTexts) = (1000, 1)
        let model = WindowTraining(settings).train(
            known,
            classes: names.map { name in
                LogisticTraining.Class(name: name, members: known.indices.map { $0 < cries.count })
            },
            ordinary: [], always: 0)
        return StartingModel(model: model, figures: [:])
    }

    private static func received(_ database: Database) async throws -> (TriageScene, Ticket) {
        let desk = try await TriageScene(database, starting: model())
        try await desk.name(desk.scene.viewer, for: .danger)
        try await desk.receive(cry, id: "1@people.example")
        return (desk, try #require(try await desk.scene.tickets().first))
    }

    @Test(arguments: [(3, 3), (4, 0)])
    func `a text that speaks for everything speaks for nothing`(classes: Int, suggested: Int) async throws {
        try await TestDatabase.sqlite.with { database in
            let names = ["danger", "legal", "press", "privacy"].prefix(classes)
            let desk = try await TriageScene(database, starting: Self.model(Array(names)))
            try await desk.receive(Self.cry, id: "1@people.example")
            let ticket = try #require(try await desk.scene.tickets().first)

            #expect(try await desk.suggestions(ticket.id).count == suggested)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a thought about a life is a suggestion that is seen soon, and pages nobody`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (desk, ticket) = try await Self.received(database)
            let thought = try #require(try await desk.suggestions(ticket.id).first)

            #expect(thought.isDanger && thought.source == .starting && thought.state == .open)
            #expect(ticket.priority == 3, "it heads what is taken next")
            #expect(try await desk.labels(ticket.id) == [])
            #expect(try await desk.events("page-test") == 0)
            #expect(try await desk.events("danger-flagged") == 0)
            #expect(try await desk.events("danger-thought") == 1, "somebody is told")
            #expect(
                try await database.read { try TriageSuggestionStore.perhapsInDanger(among: [ticket.id], in: $0) }
                    == [ticket.id])

            try await desk.receive("The old bridge has three arches.", id: "2@people.example")
            let other = try #require(try await desk.scene.tickets().last)
            #expect(try await desk.suggestions(other.id).isEmpty && other.priority == 2)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a yes raises the alarm as a person's hand does`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (desk, ticket) = try await Self.received(database)
            let thought = try #require(try await desk.suggestions(ticket.id).first)
            try await desk.decide { try $0.accept(thought.id, of: ticket.id, by: $1, at: 5, in: $2) }

            #expect(try await desk.labels(ticket.id) == [.danger])
            #expect(try await desk.events("page-test") == 1)
            #expect(try await desk.scene.tickets().first?.priority == 4)
            #expect(
                try await database.read { try TriageSuggestionStore.perhapsInDanger(among: [ticket.id], in: $0) }
                    .isEmpty)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `a no gives the former priority back, can be undone, and stays`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let (desk, ticket) = try await Self.received(database)
            let thought = try #require(try await desk.suggestions(ticket.id).first)
            try await desk.decide { try $0.dismiss(thought.id, of: ticket.id, by: $1, at: 5, in: $2) }
            #expect(try await desk.scene.tickets().first?.priority == 2)
            try await desk.decide { try $0.undo(thought.id, of: ticket.id, by: $1, at: 6, in: $2) }
            #expect(try await desk.scene.tickets().first?.priority == 3)
            try await desk.decide { try $0.dismiss(thought.id, of: ticket.id, by: $1, at: 7, in: $2) }

            let message = try #require(try await desk.scene.messages(ticket.id).first)
            try await database.write { db in
                try desk.stores.jobs.add(Triage.jobName, subject: message.id, in: db)
            }
            try await desk.drain()
            #expect(try await desk.scene.tickets().first?.priority == 2)
            #expect(try await desk.suggestions(ticket.id).map(\.state) == [.dismissed])
            #expect(try await desk.events("page-test") == 0)
            #expect(try await desk.events("danger-thought") == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `what the packs flagged is not hinted at again`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database, starting: Self.model())
            try await desk.receive("I will kill myself. " + Self.cry, id: "1@people.example")
            let ticket = try #require(try await desk.scene.tickets().first)

            #expect(try await desk.labels(ticket.id) == [.danger] && ticket.priority == 4)
            #expect(try await desk.suggestions(ticket.id).map(\.state) == [.applied])
            #expect(try await desk.events("page-test") == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds) func `the team's own model takes over once it is better on enough tickets`(
        kind: TestDatabase
    ) async throws {
        try await kind.with { database in
            let desk = try await TriageScene(database, starting: Self.model())
            let models = ModelStore(ids: desk.stores.tickets.ids)
            func learn(found: Int, shipped: Int) async throws -> Set<SpecialistLabel> {
                try await database.write { db in
                    let id = try models.begin(examples: 50, heldOut: 10, took: 1, at: 1, in: db)
                    var (own, other) = (Measure(), Measure())
                    for number in 0..<6 {
                        own.add(score: number < found ? 0.9 : 0.1, isMember: true)
                        other.add(score: number < shipped ? 0.9 : 0.1, isMember: true)
                    }
                    try models.add(own, .label, "danger", language: "en", to: id, in: db)
                    try models.add([.danger: other], to: id, in: db)
                    try models.activate(id, in: db)
                }
                return try await database.read { try models.outgrown(in: $0) }
            }

            #expect(try await learn(found: 4, shipped: 5).isEmpty)
            #expect(try await learn(found: 5, shipped: 5).isEmpty)
            #expect(try await learn(found: 6, shipped: 5) == [.danger])
            #expect(try await database.read { try models.measures(in: $0) }.map { $0.0 } == [.label])
            try await desk.receive(Self.cry, id: "1@people.example")
            let ticket = try #require(try await desk.scene.tickets().first)
            #expect(try await desk.suggestions(ticket.id).isEmpty)
        }
    }
}
