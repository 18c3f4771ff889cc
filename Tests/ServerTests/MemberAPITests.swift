import Base
import HTTPTypes
import Testing

@testable import Server

/// Members and saved filters by the API: who learns and who changes what.
@Suite struct MemberAPITests {
    private static let hidden = ["\"email\"", "\"zone\"", "\"administrator\"", "\"secondFactor\"", "@"]

    @Test func `of colleagues one learns the name, of oneself everything, administrators all but the zone`()
        async throws
    {
        try await House.with { house in
            let own = try #require(house.people[.lead]).id, other = try #require(house.people[.insider]).id
            for role in House.Role.all where role != .anonymous && role != .administrator && role != .insider {
                let found = try await house.send(.get, "/api/v1/members/\(other)", as: role)
                #expect(found.status == 200 && found.body.contains("\"name\""), "\(role)")
                for word in Self.hidden { #expect(!found.body.contains(word), "\(role) \(word)") }
                for path in ["/api/v1/members/\(other)/rights", "/api/v1/members/1/rights"] {
                    #expect(try await house.send(.get, path, as: role).status == 404, "\(role) \(path)")
                }
                let ended = try await house.send(.delete, "/api/v1/members/\(other)/sessions", as: role)
                #expect(ended.status == 404, "\(role)")
            }
            let mine = try await house.send(.get, "/api/v1/members/\(own)", as: .lead).body
            for word in Self.hidden { #expect(mine.contains(word), "\(word)") }
            let all = try await house.send(.get, "/api/v1/members", as: .lead).body
            #expect(all.split(separator: "\"email\"").count == 2, "one's own only")
            let seen = try await house.send(.get, "/api/v1/members/\(own)", as: .administrator).body
            #expect(seen.contains("\"secondFactor\"") && !seen.contains("\"zone\""))
            let list = try await house.send(.get, "/api/v1/members", as: .administrator).body
            #expect(list.split(separator: "\"zone\"").count == 2, "one's own only")
            #expect(list.contains(seen), "the list says what the one says")
            let rights = try await house.send(.get, "/api/v1/members/\(own)/rights", as: .administrator).body
            #expect(rights.contains("\"own\"") && rights.contains("\"manage\""))
            #expect(try await house.send(.get, "/api/v1/members/1", as: .administrator).status == 404)
        }
    }

    @Test func `one changes one's own account, and with the checks of the page`() async throws {
        try await House.with { house in
            let own = "/api/v1/members/\(try #require(house.people[.lead]).id)"
            let sent = """
                {"name":"Lena","letterName":"","language":"de","zone":"Asia/Tokyo","awayUntil":"2099-12-31",\
                "languages":["de","ar"]}
                """
            let before = try await house.events(kind: "member-changed")
            let done = try await house.send(.patch, own, as: .lead, json: sent)
            #expect(done.status == 200)
            for part in [
                "\"letterName\":\"Lena\"", "\"languages\":[\"ar\",\"de\"]", "\"zone\":\"Asia/Tokyo\"",
                "\"awayFrom\":\"20",
            ] { #expect(done.body.contains(part), "\(part)") }
            #expect(try await house.events(kind: "member-changed") == before + 1)
            #expect(try await house.send(.get, own, as: .lead).body == done.body)

            let events = try await house.events()
            for wrong in [
                "{\"name\":\"\"}", "{\"name\":\"a\\nb\"}", "{\"language\":\"tlh\"}", "{\"languages\":[\"tlh\"]}",
                "{\"zone\":\"Nowhere\"}", "{\"awayFrom\":\"2099-12-31\",\"awayUntil\":\"2099-12-01\"}",
                "{\"password\":\"x\"}", "{\"email\":\"l@people.example\",\"name\":3}",
            ] {
                #expect(try await house.send(.patch, own, as: .lead, json: wrong).status == 422, "\(wrong)")
            }
            #expect(try await house.events() == events)
            #expect(try await house.send(.get, own, as: .lead).body == done.body)
        }
    }

    @Test func `administrators close and open accounts, but not their own, and write nobody's names`() async throws {
        try await House.with { house in
            let (closing, opening) = ("{\"open\":false}", "{\"open\":true}")
            let administrator = "/api/v1/members/\(try #require(house.people[.administrator]).id)"
            let lead = "/api/v1/members/\(try #require(house.people[.lead]).id)"
            let events = try await house.events()
            for (path, role, json) in [
                (administrator, House.Role.administrator, closing), (lead, .lead, closing),
                (lead, .administrator, "{\"name\":\"Somebody\"}"), (administrator, .lead, closing),
                (lead, .administrator, "{\"open\":false,\"languages\":[\"de\"]}"),
            ] {
                let refused = try await house.send(.patch, path, as: role, json: json)
                #expect(refused.status == 403, "\(role) \(path) \(json): \(refused.status)")
            }
            #expect(try await house.events() == events)

            #expect(try await house.send(.patch, lead, as: .administrator, json: closing).status == 200)
            #expect(try await house.send(.get, lead, as: .lead).status == 401, "their token works no more")
            #expect(try await house.send(.get, "/", as: .lead).status == 303, "nor does their session")
            let again = try await house.send(.patch, lead, as: .administrator, json: opening)
            #expect(again.status == 200 && again.body.contains("\"open\":true"))
            #expect(try await house.send(.get, lead, as: .lead).status == 200)
            let ended = try await house.send(.delete, lead + "/sessions", as: .administrator)
            #expect(ended.status == 204)
        }
    }

    @Test func `a filter is its member's, a shared one everybody's to read, and administrators' to remove`()
        async throws
    {
        try await House.with { house in
            let made = try await house.send(
                .post, "/api/v1/filters", as: .lead, json: "{\"name\":\"Own\",\"query\":\"queue:own\",\"sort\":\"due\"}"
            )
            #expect(made.status == 201)
            let path = "/api/v1/filters/\(try #require(made.id))"
            #expect(try await house.send(.get, path, as: .lead).body == made.body)
            for (method, status) in [(HTTPRequest.Method.get, 404), (.patch, 404), (.delete, 404)] {
                let answer = try await house.send(method, path, as: .administrator, json: "{}")
                #expect(answer.status == status, "\(method)")
            }

            let shared = try await house.send(
                .patch, path, as: .lead, json: "{\"shared\":true,\"name\":\" Our  own \"}")
            #expect(shared.status == 200 && shared.body.contains("\"Our own\"") && shared.body.contains("\"due\""))
            let seen = try await house.send(.get, path, as: .with(.see))
            #expect(seen.status == 200 && seen.body.contains("\"own\":false"))
            #expect(try await house.send(.get, path, as: .insider).status == 404, "it names a queue they do not see")
            let events = try await house.events()
            #expect(try await house.send(.patch, path, as: .with(.see), json: "{\"name\":\"x\"}").status == 403)
            #expect(try await house.send(.delete, path, as: .with(.see)).status == 404)
            #expect(try await house.send(.patch, path, as: .lead, json: "{\"query\":\"state:nowhere\"}").status == 422)
            #expect(try await house.send(.patch, path, as: .lead, json: "{\"name\":\" \"}").status == 422)
            #expect(try await house.send(.patch, path, as: .lead, json: "{}").status == 200)
            #expect(try await house.events() == events)
            #expect(try await house.send(.delete, path, as: .administrator).status == 204)
            for kind in ["filter-saved", "filter-changed", "filter-removed"] {
                #expect(try await house.events(kind: kind) == 1, "\(kind)")
            }
        }
    }

    @Test func `an invitation is looked at, sent again and withdrawn by administrators`() async throws {
        try await House.with { house in
            let sent = "{\"email\":\"nadia@people.example\",\"name\":\"Nadia\",\"language\":\"fr\"}"
            let made = try await house.send(.post, "/api/v1/invitations", as: .administrator, json: sent)
            let path = "/api/v1/invitations/\(try #require(made.id))"
            #expect(try await house.send(.get, path, as: .administrator).body == made.body)
            for role in House.Role.all where role != .anonymous && role != .administrator {
                #expect(try await house.send(.get, path, as: role).status == 404, "\(role)")
                #expect(try await house.send(.post, path + "/resending", as: role, json: "{}").status == 404, "\(role)")
                #expect(try await house.send(.delete, path, as: role).status == 404, "\(role)")
            }
            let again = try await house.send(.post, path + "/resending", as: .administrator, json: "{}")
            #expect(again.status == 200 && !again.body.contains("http"), "the link goes by mail or not at all")
            #expect(try await house.send(.delete, path, as: .administrator).status == 204)
        }
    }
}
