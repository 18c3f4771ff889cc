import Base
import Testing
import Web

@testable import Server

/// The rail and what stands behind it.
@Suite struct RoomTests {
    @Test(arguments: [House.Role.administrator, .lead, .nobody])
    func `every page of a room is linked from the room`(role: House.Role) async throws {
        try await House.with { house in
            let member = try #require(house.people[role])
            let viewer = try await house.services.database.read { [services = house.services] db in
                try services.members.viewer(try services.members.require(member.id, in: db), in: db)
            }
            for room in house.web.site.rooms(viewer) {
                let body = try await house.send(.get, room.path, as: role).body
                #expect(body.contains("href=\"\(room.path)\""), "\(room.id)")
                for page in room.pages { #expect(body.contains("href=\"\(page.path)\""), "\(room.id) \(page.id)") }
            }
            if role == .administrator {
                let pages = house.web.site.rooms(viewer).flatMap(\.pages).map(\.path)
                let wanted: Set = ["/mail", "/webhooks", "/teams", "/tokens", "/organisation", "/audit"]
                #expect(wanted.isSubset(of: pages))
            }
        }
    }

    @Test func `the name of the organisation stands where one signs in, whatever is in it`() async throws {
        try await House.with { house in
            try await house.services.database.write { [services = house.services] db in
                try services.name(organisation: "<b>\"\u{301}Almanac & Co", in: db)
            }
            let page = try await house.send(.get, "/sign-in", as: .anonymous).body

            #expect(page.contains("&lt;b&gt;&quot;\u{301}Almanac &amp; Co"))
            #expect(!page.contains("<b>\""))
        }
    }
}
