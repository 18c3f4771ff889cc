import Testing

@testable import Server

/// Where one is led after signing in and after setting something.
@Suite struct KeepingPlaceTests {
    @Test func `what is set in the menu leads back to where one was, and to no other site`() async throws {
        try await House.with { house in
            let place = "/tickets?query=state:open"
            let page = try await house.send(.get, place, as: .lead)
            #expect(page.body.contains("name=\"next\" value=\"\(place)\""))
            var form = ["language": "en", "theme": "dark", "next": place]
            #expect(try await house.send(.post, "/preferences", as: .lead, form: form).headers["location"] == place)
            for elsewhere in ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", ""] {
                form["next"] = elsewhere
                #expect(try await house.send(.post, "/preferences", as: .lead, form: form).headers["location"] == "/")
            }
        }
    }

    @Test func `who sets up a second factor may leave instead`() async throws {
        try await House.with { house in
            let page = try await house.send(.get, "/account/second-factor", as: .lead)
            #expect(page.status == 200)
            #expect(page.body.contains("<form method=\"post\" action=\"/sign-out\" class=\"way\">"))
        }
    }

    @Test func `a page that is not there leads home`() async throws {
        try await House.with { house in
            let page = try await house.send(.get, "/no-such-page", as: .lead)
            #expect(page.status == 404)
            #expect(page.body.contains("href=\"/\""))
        }
    }

    @Test func `who keeps a confidential queue finds the room in which protected tickets are let in`() async throws {
        try await House.with { house in
            for (role, isKeeper) in [(House.Role.insider, true), (.lead, false)] {
                let home = try await house.send(.get, "/", as: role)
                #expect(home.body.contains("href=\"/safety\"") == isKeeper, "\(role)")
                #expect((try await house.send(.get, "/safety", as: role).status == 200) == isKeeper, "\(role)")
            }
        }
    }
}
