import Base
import Testing

@testable import Correspondence
@testable import Server

/// A number of anybody's choice ends no process and is no fault of ours.
@Suite struct NumbersTests {
    private static let numbers = [String(Int64.max), String(Int64.min), "1e308", "nan", "-0", "99999999999999999999"]

    @Test func `a cursor may be any number`() async throws {
        try await House.with { house in
            try await house.seal()
            for number in Self.numbers {
                for path in ["/api/v1/events?cursor=", "/live/changes?after=", "/live/list?query=&after="] {
                    let answer = try await house.send(.get, path + number, as: .administrator)
                    #expect(answer.status < 500, "\(path)\(number): \(answer.status)")
                }
            }
            let last = try await house.send(.get, "/api/v1/events?cursor=\(Int64.max)", as: .administrator)
            #expect(last.status == 200 && last.body.hasPrefix("{\"items\":[],"))
        }
    }

    @Test func `a lead who types any number is told that it is none`() async throws {
        try await House.with { house in
            let queue = try #require(house.belongings[.own]).queue
            for number in Self.numbers {
                let review = ["due-hours": number, "sample": "1", "training": "5"]
                let goals = ["first-2": number]
                let step = ["base": "first", "amount": number, "action": "raise"]
                for (path, form) in [("review", review), ("levels", goals), ("levels/steps", step)] {
                    let answer = try await house.send(.post, "/queues/\(queue)/\(path)", as: .lead, form: form)
                    #expect(answer.status == 422, "\(path) \(number): \(answer.status)")
                }
            }
        }
    }

    @Test func `a member of another type is refused, not passed over`() async throws {
        try await House.with { house in
            let ticket = try #require(house.belongings[.own]).ticket
            let bodies = [
                "{\"to\":[\"mia@people.example\"],\"text\":\"x\"}", "{\"text\":7}", "{\"signature\":\"yes\"}",
                "{\"ticketVersion\":\"1\"}",
            ]
            for body in bodies {
                let answer = try await house.send(
                    .post, "/api/v1/tickets/\(ticket)/drafts", as: .administrator, json: body)
                #expect(answer.status == 422, "\(body): \(answer.status)")
            }
            let fine = try await house.send(
                .post, "/api/v1/tickets/\(ticket)/drafts", as: .administrator,
                json: "{\"to\":\"mia@people.example\",\"text\":\"x\",\"cc\":null}")
            #expect(fine.status == 201, "\(fine.body)")
        }
    }

    @Test func `a rule, a macro or a checklist of no queue is refused`() async throws {
        try await House.with { house in
            for path in ["/checklists", "/macros", "/rules"] {
                let form = [
                    "name": "x", "queue": String(Int64.max), "items": "One", "change-priority": "3", "priority": "3",
                ]
                let answer = try await house.send(.post, path, as: .administrator, form: form)
                #expect([404, 422].contains(answer.status), "\(path): \(answer.status)")
            }
        }
    }
}
