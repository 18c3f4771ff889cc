import Foundation
import Testing

@testable import Correspondence
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

    /// What is described may be sent: a member nobody knows is refused.
    @Test func `every member of a body that is described is known`() throws {
        let file = House.root.appending(path: "Resources/openapi.json")
        let json = try JSONSerialization.jsonObject(with: try Data(contentsOf: file)) as? [String: Any]
        let schemas = try #require((json?["components"] as? [String: Any])?["schemas"] as? [String: Any])
        let paths = try #require(json?["paths"] as? [String: [String: Any]])
        var found = 0
        for (path, operations) in paths {
            for case let operation as [String: Any] in operations.values {
                let content = (operation["requestBody"] as? [String: Any])?["content"] as? [String: Any]
                let body = (content?["application/json"] as? [String: Any])?["schema"] as? [String: Any]
                let members = members(of: body ?? [:], schemas, [])
                found += members.count
                #expect(members.subtracting(APIInput.known).sorted() == [], "\(path)")
            }
        }
        #expect(found > 100)
    }

    private func members(of schema: [String: Any], _ schemas: [String: Any], _ seen: Set<String>) -> Set<String> {
        if let name = (schema["$ref"] as? String)?.split(separator: "/").last.map(String.init) {
            guard !seen.contains(name), let target = schemas[name] as? [String: Any] else { return [] }
            return members(of: target, schemas, seen.union([name]))
        }
        var found: Set<String> = []
        for (name, inner) in schema["properties"] as? [String: [String: Any]] ?? [:] {
            found.insert(name)
            found.formUnion(members(of: inner, schemas, seen))
        }
        let parts = ["anyOf", "oneOf", "allOf"].flatMap { schema[$0] as? [[String: Any]] ?? [] }
        for inner in parts + [schema["items"] as? [String: Any] ?? [:]] where !inner.isEmpty {
            found.formUnion(members(of: inner, schemas, seen))
        }
        return found
    }
}
