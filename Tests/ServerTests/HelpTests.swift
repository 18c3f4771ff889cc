import Base
import Knowledge
import Testing

@testable import Server

/// The public help pages as they leave the server.
@Suite struct HelpTests {
    private static let pages = ["/help", "/help?query=bridge", "/help/when-does-the-bridge-open", "/help/feed"]

    /// Two published articles for everybody.
    private static func addTexts(_ house: House) async throws {
        let owner = try #require(house.people[.administrator]).id
        try await house.services.database.write { [services = house.services] db in
            for (title, body) in [
                ("When does the bridge open", "In May, after the flood."), ("Who pays for it", "Readers do."),
            ] {
                let text = try services.knowledge.add(
                    .article, language: "en", TextContent(title: title, body: body),
                    TextProperties(audience: .public, owner: owner, topic: "Roads & water"), by: owner, at: 1, in: db)
                try services.knowledge.publish(text, from: nil, by: owner, at: 1, in: db)
            }
        }
    }

    @Test func `public help carries the organisation's name, and does without one`() async throws {
        try await House.with { house in
            try await Self.addTexts(house)
            let before = try await Self.bodies(house)
            try await house.services.database.write { [services = house.services] db in
                try services.name(organisation: "<b>\"\u{301}Almanac & Co", in: db)
            }
            let after = try await Self.bodies(house)

            for (path, page) in before { #expect(!page.contains("Almanac"), "\(path)") }
            for (path, page) in after {
                #expect(page.contains("&lt;b&gt;&quot;\u{301}Almanac &amp; Co"), "\(path)")
                #expect(!page.contains("<b>\""), "\(path)")
            }
        }
    }

    private static func bodies(_ house: House) async throws -> [(String, String)] {
        var bodies: [(String, String)] = []
        for path in pages {
            let answer = try await house.send(.get, path, as: .anonymous)
            #expect(answer.status == 200, "\(path)")
            #expect(answer.headers["set-cookie"] == nil && !answer.body.contains("<script"), "\(path)")
            bodies.append((path, answer.body))
        }
        return bodies
    }

    /// Forms write a space as a plus.
    @Test(arguments: [
        ("bridge+open", true), ("flood%20may", true), ("%22after+the+flood%22", true), ("from:+bridge", false),
        ("topic:bridge", false), ("bridge:", true), ("nothing+of+it", false),
    ])
    func `a question of several words finds what has them, and no sign breaks the page`(
        query: String, isFound: Bool
    ) async throws {
        try await House.with { house in
            try await Self.addTexts(house)

            let answer = try await house.send(.get, "/help?language=en&query=\(query)", as: .anonymous)

            #expect(answer.status == 200)
            #expect(answer.body.contains("href=\"/help/when-does-the-bridge-open?language=en\"") == isFound)
            #expect(!answer.body.contains("href=\"/help/who-pays-for-it"))
            let other = answer.body.contains("href=\"/help?language=de&amp;query=")
            #expect(other, "another language looks for the same")
        }
    }

    @Test func `a topic with signs is a link that works`() async throws {
        try await House.with { house in
            try await Self.addTexts(house)

            let answer = try await house.send(.get, "/help?topic=Roads+%26+water&language=en", as: .anonymous)

            #expect(answer.body.contains("/help/who-pays-for-it?language=en"))
            #expect(answer.body.contains("<h1 dir=\"auto\">Roads &amp; water</h1>"))
        }
    }

    @Test(arguments: ["/knowledge?query=flood+may", "/api/v1/texts?query=flood+may"])
    func `texts are found by several words, as forms send them`(path: String) async throws {
        try await House.with { house in
            try await Self.addTexts(house)

            let body = try await house.send(.get, path, as: .administrator).body

            #expect(body.contains("When does the bridge open") && !body.contains("Who pays for it"))
        }
    }
}
