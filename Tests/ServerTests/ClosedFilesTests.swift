import Base
import HTTPTypes
import Storage
import Testing

@testable import Correspondence
@testable import Server

/// A ticket with the child-safety label: no way to its files, by page, by link or by API, but for the people named.
@Suite struct ClosedFilesTests {
    @Test func `no address gives a file of a labelled ticket to who is not named`() async throws {
        try await House.with { house in
            let own = try #require(house.belongings[.own])
            let (message, file) = (own.message, own.attachment)
            let paths = [
                "/messages/\(message)/original", "/messages/\(message)/html", "/messages/\(message)/view",
                "/messages/\(message)/view?pictures=shown", "/attachments/\(file)", "/attachments/\(file)/preview",
                "/deliveries/\(own.delivery)/original", "/api/v1/messages/\(message)/raw",
            ]
            for path in paths {
                let open = try await house.send(.get, path, as: .lead).status
                #expect(open != 403, "\(path): \(open)")
            }
            let administrator = try #require(house.people[.administrator]).id
            try await house.services.database.write { [services = house.services] db in
                let viewer = Viewer(memberID: administrator, isAdministrator: true, rights: [own.queue: [.see, .note]])
                try ChildSafety(stores: services.stores).set(true, ticket: own.ticket, by: viewer, at: 9, in: db)
            }

            for role in [House.Role.lead, .administrator, .with(.send), .with(.manage)] {
                for path in paths {
                    let answer = try await house.send(.get, path, as: role)
                    #expect(answer.status == 403, "\(role) \(path): \(answer.status)")
                }
            }
            for path in ["/messages/\(message)/forwarding", "/messages/\(message)/redirecting"] {
                let form = ["manner": "attached", "to": "k@people.example"]
                let answer = try await house.send(.post, path, as: .lead, form: form)
                #expect(answer.status == 403 || answer.status == 422, "\(path): \(answer.status)")
            }
            for path in ["forwards", "redirects"] {
                let answer = try await house.send(
                    .post, "/api/v1/messages/\(message)/\(path)", as: .lead, json: "{\"to\":\"k@people.example\"}")
                #expect(answer.status == 403, "\(path): \(answer.status)")
            }
            // The words stay readable, and the page says why the files are not.
            let page = try await house.send(.get, "/tickets/\(own.ticket)", as: .lead)
            #expect(page.status == 200 && !page.body.contains("/attachments/\(file)/preview"))
            let lifted = try await house.send(
                .post, "/tickets/\(own.ticket)/child-safety", as: .administrator, form: ["value": "off"])
            #expect(lifted.status == 403, "an administrator who is not named does not lift it")
        }
    }
}
