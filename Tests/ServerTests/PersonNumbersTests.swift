import Base
import Storage
import Testing

@testable import Server

/// Numbers beside a person lead to the list of what they count, for each reader what they may see.
@Suite struct PersonNumbersTests {
    private func contact(of place: House.Place, _ house: House) async throws -> ID {
        let ticket = house.id(of: .ticket, in: place)
        return try await house.services.database.write { [services = house.services] db in
            let address = "\(place.word)@people.example"
            let contact = try services.stores.contacts.matchSender(address: address, name: "", at: 1, in: db)
            try db.execute("UPDATE contact SET name = \("Person of " + place.word) WHERE id = \(contact.id)")
            try db.execute("UPDATE ticket SET contact_id = \(contact.id) WHERE id = \(ticket)")
            return contact.id
        }
    }

    @Test func `the page of a person leads to their tickets`() async throws {
        try await House.with { house in
            let contact = try await contact(of: .own, house)
            let page = try await house.send(.get, "/contacts/\(contact)", as: .administrator).body
            let link = "/tickets?query=contact%3A\(contact)"
            #expect(page.contains("<a href=\"\(link)\">1</a>"))
            let list = try await house.send(.get, link, as: .administrator).body
            #expect(list.contains("About ownzebra") && !list.contains("About foreignzebra"))
            #expect(list.contains("<bdi>Person of ownzebra</bdi>"), "the chip names the person")
            let others = try await house.send(.get, "/tickets?query=-contact:\(contact)", as: .administrator).body
            #expect(!others.contains("About ownzebra") && others.contains("About foreignzebra"), "nobody's")
            let ticket = try await house.send(.get, "/tickets/\(house.id(of: .ticket, in: .own))", as: .lead).body
            #expect(!ticket.contains("query=from:"))
        }
    }

    @Test func `nobody learns a name or a ticket by the id of a person`() async throws {
        try await House.with { house in
            let contact = try await contact(of: .vault, house)
            for role in House.Role.all where role != .anonymous && role != .insider {
                let list = try await house.send(.get, "/tickets?query=contact:\(contact)", as: role).body
                #expect(!list.contains("vaultzebra"), "\(role)")
            }
            let own = try await house.send(.get, "/tickets?query=contact:\(contact)", as: .insider).body
            #expect(own.contains("About vaultzebra") && own.contains("Person of vaultzebra"))
        }
    }

    @Test func `a saved list is changed on its page by whose it is`() async throws {
        try await House.with { house in
            let made = try await house.send(
                .post, "/api/v1/filters", as: .lead, json: "{\"name\":\"Own\",\"query\":\"queue:own\"}")
            let id = try #require(made.id)
            let form = ["name": "Ours", "query": "queue:own state:open", "shared": "on"]
            #expect(try await house.send(.post, "/filters/\(id)", as: .insider, form: form).status == 404)
            #expect(try await house.send(.post, "/filters/\(id)", as: .lead, form: form).status == 303)
            let after = try await house.send(.get, "/api/v1/filters/\(id)", as: .with(.see)).body
            #expect(after.contains("\"Ours\"") && after.contains("state:open") && after.contains("\"shared\":true"))
            #expect(try await house.send(.post, "/filters/\(id)", as: .with(.see), form: form).status == 403)
            let page = try await house.send(.get, "/work", as: .lead).body
            #expect(page.contains("action=\"/filters/\(id)\"") && page.contains("value=\"queue:own state:open\""))
        }
    }
}
