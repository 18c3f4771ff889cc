import Base
import HTTPTypes
import Storage
import Testing

@testable import Correspondence
@testable import Server

/// A write of the API that is sent twice is done once, however close together.
@Suite struct IdempotencyTests {
    private static let key = HTTPField.Name("Idempotency-Key") ?? .authorization

    @Test func `of ten at once one is done`() async throws {
        try await House.with { house in
            let ticket = house.id(of: .ticket, in: .own)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        try await house.send(
                            .post, "/api/v1/tickets/\(ticket)/notes", as: .administrator, headers: [Self.key: "once"]
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            #expect(Set(statuses).isSubset(of: [201, 409]), "\(statuses)")
            #expect(statuses.contains(201))
            #expect(try await Self.notes(house, ticket) == 1)
            let again = try await house.send(
                .post, "/api/v1/tickets/\(ticket)/notes", as: .administrator, headers: [Self.key: "once"])
            #expect(again.status == 201)
            #expect(try await Self.notes(house, ticket) == 1)
        }
    }

    @Test func `a refused write gives its key back, one without an answer keeps it`() async throws {
        try await House.with { house in
            let ticket = house.id(of: .ticket, in: .own)
            let path = "/api/v1/tickets/\(ticket)/notes"
            let role = House.Role.with(.see)
            let refused = try await house.send(.post, path, as: role, headers: [Self.key: "mine"])
            #expect(refused.status == 403)
            let member = try #require(house.people[role]).id
            let queue = try #require(house.belongings[.own]).queue
            try await house.services.database.write { [services = house.services] db in
                try services.members.setRights([.note], of: member, queue: queue, actor: nil, at: 2, in: db)
            }
            let done = try await house.send(.post, path, as: role, headers: [Self.key: "mine"])
            #expect(done.status == 201)

            // As a crash between the write and its answer leaves it.
            try await house.services.database.write { db in
                try db.execute("UPDATE idempotency SET status = 0, answer = '' WHERE member_id = \(member)")
            }
            let unknown = try await house.send(.post, path, as: role, headers: [Self.key: "mine"])
            #expect(unknown.status == 409)
            #expect(unknown.headers["content-type"]?.hasPrefix("application/problem+json") == true)
            #expect(try await Self.notes(house, ticket) == 1)
        }
    }

    private static func notes(_ house: House, _ ticket: ID) async throws -> Int64 {
        try await house.services.database.read { db in
            try db.int("SELECT COUNT(*) AS n FROM message WHERE ticket_id = \(ticket) AND direction = 'note'")
        }
    }
}
