import Foundation
import Testing

@testable import Server

/// The description of the API against the router: each names what the other has.
@Suite struct DescriptionTests {
    @Test func `what the router answers is described, and what is described is answered`() async throws {
        try await House.with { house in
            let file = House.root.appending(path: "Resources/openapi.json")
            let json = try JSONSerialization.jsonObject(with: try Data(contentsOf: file)) as? [String: Any]
            let paths = try #require(json?["paths"] as? [String: [String: Any]])
            let described = Set(
                paths.flatMap { path, operations in operations.keys.map { "\($0.uppercased()) /api/v1\(path)" } })
            let answered = Set(
                Route.all(house.web).filter { $0.pattern.hasPrefix("/api/") }.map { route in
                    let parts = route.pattern.split(separator: "/").map { part in
                        part.hasPrefix(":") ? "{\(part.dropFirst())}" : String(part)
                    }
                    return "\(route.method.rawValue) /" + parts.joined(separator: "/")
                })

            #expect(answered.subtracting(described).sorted() == [], "these are not in openapi.json")
            #expect(described.subtracting(answered).sorted() == [], "these are in openapi.json only")
            #expect(answered.count > 70)
        }
    }
}
