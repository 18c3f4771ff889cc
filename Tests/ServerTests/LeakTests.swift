import Base
import HTTPTypes
import Storage
import Testing

@testable import Correspondence
@testable import Oncall
@testable import Server

/// No page, no answer of the API, no list, count, suggestion or group tells of a queue one does not see.
@Suite struct LeakTests {
    /// Questions that go to many things at once.
    private static let questions = [
        "/tickets?query=", "/tickets?query=About", "/search?query=encyclopedia", "/search?query=zebra*",
        "/api/v1/tickets?q=zebra*", "/api/v1/search?q=encyclopedia", "/api/v1/events?limit=200",
        "/live/changes?after=0",
        "/live/list?after=0&query=", "/api/v1/contacts?address=everybody@people.example",
        "/api/v1/contacts?address=vaultzebra@people.example", "/tickets/completions?text=tag:tag",
        "/tickets/completions?text=queue:",
    ]

    @Test func `nothing anywhere tells of a queue one does not see`() async throws {
        try await House.with { house in
            let rooms = try await HouseRooms.furnish(house)
            try await house.seal()
            for role in House.Role.all {
                let signs = Self.signs(hiddenFrom: role, house, rooms)
                for path in try Self.paths(for: role, house, rooms) {
                    let answer = try await house.send(.get, path, as: role)
                    // Files and HTML are read by a helper process, which a test has none of.
                    let needsHelper = path.hasPrefix("/attachments/") || path.hasSuffix("/html")
                    #expect(answer.status < 500 || needsHelper, "\(role) \(path): \(answer.status)")
                    let text = answer.body.replacing(path, with: "")
                    let told = signs.filter { text.contains($0) }
                    #expect(told == [], "\(role) \(path)")
                }
            }
        }
    }

    @Test func `the rooms that are looked at hold something`() async throws {
        try await House.with { house in
            _ = try await HouseRooms.furnish(house)
            try await house.seal()
            for (path, word) in [
                ("/incidents", "vaultzebra"), ("/incidents/causes", "vaultgroup cause"), ("/reviews", "vaultzebra"),
                ("/reviews/lessons", "vaultzebra passage"), ("/rules", "vaultkeeper"), ("/macros", "vaultkeeper"),
                ("/checklists", "vaultkeeper"), ("/oncall", "vaultkeeper"), ("/notices", "vaultzebra"),
                ("/api/v1/incidents", "vaultgroup cause"), ("/api/v1/reviews", "vaultzebra"),
                ("/api/v1/rules", "vaultkeeper"),
            ] {
                let body = try await house.send(.get, path, as: .insider).body
                #expect(body.contains(word), "\(path)")
            }
            // What is answered often is found in queues that are not confidential.
            let gaps = try await house.send(.get, "/suggestions", as: .lead).body
            #expect(gaps.contains("ownzebra"))
        }
    }

    @Test func `whoever is called from outside learns the name for letters only`() async throws {
        try await House.with { house in
            let holder = try #require(house.people[.lead]).id
            let page = try #require(house.others["pages"])
            try await house.services.database.write { [services = house.services] db in
                try db.execute("UPDATE member SET letter_name = 'Reader service' WHERE id = \(holder)")
                let paging = try services.paging()
                try paging.pages.addLink("outside-reference", page: page, member: nil, in: db)
                try paging.pages.addLink("inside-reference", page: page, member: holder, in: db)
                _ = try paging.hold(page, by: holder, at: 2, in: db)
            }

            let outside = try await house.send(.get, "/page/outside-reference", as: .anonymous)
            let inside = try await house.send(.get, "/page/inside-reference", as: .anonymous)

            #expect(outside.status == 200 && outside.body.contains("Reader service"))
            #expect(!outside.body.contains("Member lead"))
            #expect(inside.body.contains("Member lead"))
        }
    }

    private static func signs(hiddenFrom role: House.Role, _ house: House, _ rooms: HouseRooms) -> [String] {
        House.Place.allCases.filter { !role.sees.contains($0) }.flatMap { place -> [String] in
            let kept = role == .administrator ? [] : [HouseRooms.keeperWord(place)]
            let seesGroup = place != .vault && role.sees.contains { $0 != .vault }
            let groups = seesGroup ? [] : [HouseRooms.groupWord(place)]
            return [place.word] + kept + groups + (rooms.tickets[place] ?? []).map { String($0) }
        }
    }

    /// Every page and every answer there is, about everything the role sees.
    private static func paths(for role: House.Role, _ house: House, _ rooms: HouseRooms) throws -> [String] {
        var paths = questions
        for route in Route.all(house.web) where route.method == .get && !route.isEndless {
            if !route.hasParameters {
                paths.append(route.pattern)
            } else if let object = route.object {
                paths += role.sees.map { route.path(house.id(of: object, in: $0)) }
                if object == .ticket {
                    paths += role.sees.flatMap { rooms.tickets[$0]?.prefix(2) ?? [] }.map { route.path($0) }
                }
            } else if route.other == "queue" {
                paths += role.sees.map { route.path(house.belongings[$0]?.queue ?? 0) }
            } else if let id = route.other.flatMap({ house.others[$0] }) {
                paths.append(route.path(id))
            } else if route.pattern.contains("changes/") {
                paths.append(route.path(rooms.changes[role] ?? 0))
            }
        }
        return paths
    }
}
