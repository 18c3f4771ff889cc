import Base
import HTTPTypes
import Testing

@testable import Correspondence
@testable import Server

/// What every route answers, whatever it is.
@Suite struct HardeningTests {
    private static let foreign: [HTTPField.Name: String] = {
        var headers: [HTTPField.Name: String] = [.origin: "https://elsewhere.example"]
        if let name = HTTPField.Name("Sec-Fetch-Site") { headers[name] = "cross-site" }
        return headers
    }()

    @Test func `no change comes from a page of another site`() async throws {
        try await House.with { house in
            let before = try await house.events()
            for route in Route.all(house.web) where route.method != .get && !route.pattern.hasPrefix("/api/") {
                for role in [House.Role.administrator, .insider] {
                    let path = route.path(house.target(of: route, role))
                    let answer = try await house.send(
                        route.method, path, as: role, form: ["text": "x", "value": "open"], headers: Self.foreign)
                    #expect(answer.status == 403, "\(route): \(answer.status)")
                }
            }
            let now = try await house.events()
            #expect(now == before)
        }
    }

    @Test func `no form is taken without the token of its session`() async throws {
        try await House.with { house in
            let before = try await house.events()
            for route in Route.all(house.web)
            where route.method != .get && !route.pattern.hasPrefix("/api/") && !route.isOpen {
                let path = route.path(house.target(of: route, .administrator))
                let form = ["text": "x", "value": "open", "form-token": "AAAA"]
                let answer = try await house.send(route.method, path, as: .administrator, form: form)
                #expect([403, 404].contains(answer.status), "\(route): \(answer.status)")
            }
            let now = try await house.events()
            #expect(now == before)
        }
    }

    @Test func `without signing in nothing answers but what is open`() async throws {
        try await House.with { house in
            for route in Route.all(house.web) where !route.isOpen {
                let answer = try await house.send(route.method, route.path(1), as: .anonymous, form: [:])
                if route.pattern.hasPrefix("/api/") {
                    #expect(answer.status == 401, "\(route)")
                } else {
                    #expect(answer.status == 303, "\(route)")
                    #expect(answer.headers["location"]?.hasPrefix("/sign-in") == true, "\(route)")
                }
            }
        }
    }

    @Test func `every answer forbids what pages do not need`() async throws {
        try await House.with { house in
            for route in Route.all(house.web) where route.method == .get && !route.isEndless {
                let role: House.Role = route.object == nil ? .administrator : .insider
                let answer = try await house.send(.get, route.path(house.target(of: route, role)), as: role)
                let policy = answer.headers["content-security-policy"] ?? ""
                #expect(policy.contains("default-src 'none'"), "\(route): \(policy)")
                #expect(!policy.contains("unsafe-eval") && !policy.contains("*"), "\(route): \(policy)")
                #expect(!policy.contains("script-src") || policy.contains("script-src 'self';"), "\(route): \(policy)")
                #expect(answer.headers["x-content-type-options"] == "nosniff", "\(route)")
                #expect(answer.headers["referrer-policy"] == "no-referrer", "\(route)")
                #expect(answer.headers["x-frame-options"] == "DENY", "\(route)")
                #expect(answer.headers["cross-origin-opener-policy"] == "same-origin", "\(route)")
                #expect(answer.headers["cross-origin-resource-policy"] == "same-origin", "\(route)")
                #expect(answer.headers["permissions-policy"] != nil, "\(route)")
                let isFile = route.pattern.hasPrefix("/static/")
                // The same for everybody, and without a cookie.
                let isKept = route.pattern == "/help" || route.pattern.hasPrefix("/help/")
                let cache =
                    isKept && answer.status == 200 ? "public, max-age=60, stale-while-revalidate=600" : "no-store"
                #expect(isFile || answer.headers["cache-control"] == cache, "\(route) \(answer.headers)")
                #expect(!isKept || answer.headers["set-cookie"] == nil, "\(route)")
            }
        }
    }
}

extension House {
    /// Something the role may open, for the first parameter of a route.
    func target(of route: Route, _ role: Role) -> ID {
        let place: Place = role == .insider ? .vault : .own
        if let object = route.object { return id(of: object, in: place) }
        if route.other == "queue" { return belongings[place]?.queue ?? 0 }
        return route.other.flatMap { others[$0] } ?? 1
    }
}
