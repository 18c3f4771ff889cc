import Base
import Storage
import Testing

@testable import Server

/// What a member wrote with light formatting stands in the ticket as its reader sees it.
@Suite struct LightFormattingTests {
    private static let text = """
        Dear Karl,\\n\\nthe **bridge** opens:\\n\\n1. on Monday\\n2. with <b>music</b>\\n\\n\
        [more](https://a.example/?x&y) [no](javascript:alert(1))\\n\\n> When *does* it?\\n\\nSoon.
        """

    @Test func `an answer is shown as it was sent, in the ticket, on paper and to its reader`() async throws {
        try await House.with { house in
            let ticket = try await house.newTicket(.own)
            let path = "/tickets/\(ticket)"
            let sent = try await house.send(
                .post, "/api/v1\(path)/answers", as: .administrator,
                json: "{\"to\":\"ownzebra@people.example\",\"subject\":\"Re\",\"text\":\"\(Self.text)\"}")
            #expect(sent.status == 201, "\(sent.body)")
            _ = try await house.send(.post, "/api/v1\(path)/notes", as: .administrator, json: "{\"text\":\"**loud**\"}")

            for page in [path, path + "/print?notes=1"] {
                let body = try await house.send(.get, page, as: .lead).body
                for part in [
                    "<strong>bridge</strong>", "<li dir=\"auto\">on Monday</li>", "&lt;b&gt;music&lt;/b&gt;",
                    "<a href=\"https://a.example/?x&amp;y\" rel=\"noopener noreferrer nofollow\">more</a>",
                    "<em>does</em>",
                    "<blockquote dir=\"auto\">", "**loud**",
                ] { #expect(body.contains(part), "\(page) \(part)") }
                #expect(!body.contains("**bridge**") && !body.contains("javascript:"), "\(page)")
            }
            let api = try await house.send(.get, "/api/v1\(path)/messages", as: .lead).body
            #expect(api.contains("**bridge**"), "a program gets the text as it was typed")
            let found = try await house.send(.get, "/api/v1/search?q=bridge+Monday", as: .lead).body
            #expect(found.contains("\"\(ticket)\""))
        }
    }

    @Test func `what came in stays as it was written, and quotes take the text as it was typed`() async throws {
        try await House.with { house in
            let ticket = try await house.newTicket(.own)
            try await house.services.database.write { db in
                try db.execute("UPDATE message SET text = '**mine** - not yours' WHERE ticket_id = \(ticket)")
            }
            let sent = try await house.send(
                .post, "/api/v1/tickets/\(ticket)/answers", as: .administrator,
                json: "{\"to\":\"ownzebra@people.example\",\"subject\":\"Re\",\"text\":\"The **bridge** opens.\"}")
            #expect(sent.status == 201, "\(sent.body)")
            let message = try #require(sent.id)
            let body = try await house.send(.get, "/tickets/\(ticket)", as: .lead).body
            #expect(body.contains("**mine** - not yours"))

            let quoting = try await house.send(.get, "/tickets/\(ticket)?quote=\(message)", as: .lead).body
            #expect(quoting.contains("&gt; The **bridge** opens."))
        }
    }
}
