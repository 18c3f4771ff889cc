import Base
import HTTPTypes
import Testing

@testable import Correspondence
@testable import Server

/// Rules, macros, checklists and turns by their pages: what a lead reaches, and nobody else.
@Suite struct RuleRoutesTests {
    private static let pages = [
        "/rules", "/rules/new", "/macros", "/macros/new", "/checklists", "/checklists/new", "/assignment",
    ]

    @Test func `only administrators and leads open the pages; for others they are as if absent`() async throws {
        try await House.with { house in
            for role in House.Role.all where role != .anonymous {
                let isKeeper =
                    role == .administrator || role == .lead || role == .insider || role == .with(.manage)
                for path in Self.pages {
                    let answer = try await house.send(.get, path, as: role)
                    #expect((answer.status == 200) == isKeeper, "\(role) \(path): \(answer.status)")
                }
                let own = try await house.send(.get, "/assignment/own", as: role)
                #expect(own.status == 200, "everyone decides for themselves")
            }
        }
    }

    @Test func `a lead writes a rule for their queue, tries it on mail they see, and for no other`() async throws {
        try await House.with { house in
            let own = try #require(house.belongings[.own]), foreign = try #require(house.belongings[.foreign])
            func form(_ queue: ID, _ button: String) -> [String: String] {
                [
                    "name": "Hello", "queue": String(queue), "group-0": "all", "place-0": "words", "words-0": "hello",
                    "add-tags": "seen", "on": "on", "occasion": "opening", "do": button,
                ]
            }
            let tried = try await house.send(.post, "/rules", as: .lead, form: form(own.queue, "try"))
            #expect(tried.status == 200)
            #expect(tried.body.contains("About ownzebra") && !tried.body.contains("foreignzebra"))
            let elsewhere = try await house.send(.post, "/rules", as: .lead, form: form(foreign.queue, "try"))
            #expect(elsewhere.status == 422 && !elsewhere.body.contains("About foreignzebra"))
            let saved = try await house.send(.post, "/rules", as: .lead, form: form(own.queue, "save"))
            #expect(saved.status == 303)
            let refused = try await house.send(.post, "/rules", as: .lead, form: form(foreign.queue, "save"))
            #expect(refused.status == 422)

            let list = try await house.send(.get, "/rules", as: .lead)
            #expect(list.body.contains("Hello") && !list.body.contains(">Tag<"), "the general one is not theirs")
            var reach = form(own.queue, "save")
            reach["to-queue"] = String(foreign.queue)
            let tooFar = try await house.send(.post, "/rules", as: .lead, form: reach)
            #expect(tooFar.status == 422, "no rule moves mail where its writer may not")
        }
    }
}
