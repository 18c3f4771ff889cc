import Base
import HTTPTypes
import Storage
import Testing

@testable import Correspondence
@testable import Server

/// Role × route × object: allowed, or the very answer that something absent gets.
@Suite struct AccessMatrixTests {
    private static let absent: ID = 999_999_999_999
    /// What a form may send; what a route does not ask for it ignores.
    private static let form = [
        "text": "x", "value": "x", "to": "k@people.example", "subject": "x", "holder": "1", "kind": "message",
        "reason": "x",
    ]

    @Test func `every parameter of a route stands for something the matrix knows`() async throws {
        try await House.with { house in
            let unknown = Route.all(house.web).filter { !$0.isKnown }.map(\.description)

            #expect(unknown == [], "add them to RouteList")
            #expect(Route.all(house.web).count > 60)
            #expect(Route.all(house.web).contains { $0.object == .ticket && $0.method == .post })
        }
    }

    @Test func `who may not see an object gets the answer that an absent one gets, and changes nothing`() async throws {
        try await House.with { house in
            for role in House.Role.all {
                for route in Route.all(house.web) {
                    guard let object = route.object else { continue }
                    let absent = try await house.send(route.method, route.path(Self.absent), as: role, form: Self.form)
                    let before = try await house.events()
                    for place in House.Place.allCases where !role.sees.contains(place) {
                        let id = house.id(of: object, in: place)
                        let answer = try await house.send(route.method, route.path(id), as: role, form: Self.form)
                        let nowhere = absent.plain.replacing(String(Self.absent), with: "ID")
                        #expect(answer.plain.replacing(String(id), with: "ID") == nowhere, "\(role) \(route) \(place)")
                        #expect(answer.status == 404 || role == .anonymous, "\(role) \(route) \(place)")
                    }
                    let now = try await house.events()
                    #expect(now == before, "\(role) \(route) changed something")
                }
            }
        }
    }

    @Test func `who may see an object gets it, and reading the confidential one is recorded`() async throws {
        try await House.with { house in
            for role in House.Role.all {
                for route in Route.all(house.web) where route.method == .get {
                    guard let object = route.object else { continue }
                    for place in role.sees where role.may(route.asks, in: place) {
                        let before = try await house.events(kind: "confidential-read")
                        let path = route.path(house.id(of: object, in: place))
                        let answer = try await house.send(.get, path, as: role)
                        let after = try await house.events(kind: "confidential-read")
                        let isOpened = answer.status != 404 && answer.status != 403
                        #expect(isOpened || route.needsPicture, "\(role) \(route) \(place)")
                        let isRecorded = place == .vault && !route.showsNothing
                        #expect((after > before) == isRecorded, "\(role) \(route) \(place)")
                    }
                }
            }
        }
    }

    @Test func `seeing alone changes nothing`() async throws {
        try await House.with { house in
            let before = try await house.events()
            for route in Route.all(house.web)
            where route.object == .ticket && route.method != .get && !route.isOwnNotice {
                let path = route.path(house.id(of: .ticket, in: .own))
                let answer = try await house.send(route.method, path, as: .with(.see), form: Self.form)
                #expect(answer.status >= 300 || route.method == .patch, "\(route)")
            }
            let now = try await house.events()
            #expect(now == before)
        }
    }

    @Test(arguments: [
        ("closure", Right.note), ("reopening", .note), ("taking", .note), ("state", .note), ("owner", .note),
        ("priority", .note), ("tags", .note), ("notes", .note), ("draft", .draft), ("sending", .send),
    ]) func `a change asks for its right and for no other`(path: String, right: Right) async throws {
        try await House.with { house in
            for held in Right.allCases where held != .handOver {
                let ticket = try await house.newTicket(.own)
                let values = [
                    "state": "waiting", "owner": "", "priority": "3", "tags": "red", "closure": "", "reopening": "",
                    "taking": "",
                ]
                let form = [
                    "value": values[path] ?? "", "text": "Hello", "to": "ownzebra@people.example", "subject": "Re",
                    "version": "1",
                ]
                let answer = try await house.send(.post, "/tickets/\(ticket)/\(path)", as: .with(held), form: form)
                let isAllowed = Set([held]).completed.contains(right)
                #expect((answer.status == 303) == isAllowed, "\(held) \(path): \(answer.status)")
                if !isAllowed { #expect(answer.status == 403) }
            }
        }
    }

    @Test func `a ticket moves to queues one sees or may hand over to, others are as if absent`() async throws {
        try await House.with { house in
            let own = try #require(house.belongings[.own]), foreign = try #require(house.belongings[.foreign])
            let person = try #require(house.people[.with(.note)])
            func move(to queue: ID) async throws -> Int {
                let ticket = try await house.newTicket(.own)
                let form = ["value": String(queue)]
                let answer = try await house.send(.post, "/tickets/\(ticket)/queue", as: .with(.note), form: form)
                return answer.status
            }
            let (seen, unseen, absent) = (
                try await move(to: own.queue), try await move(to: foreign.queue), try await move(to: Self.absent)
            )
            #expect(seen == 303)
            #expect(unseen == 404)
            #expect(absent == 404)

            try await house.services.database.write { [services = house.services] db in
                try services.members.setRights(
                    [.handOver], of: person.id, queue: foreign.queue, actor: nil, at: 2, in: db)
            }
            let handedOver = try await move(to: foreign.queue)
            #expect(handedOver == 303)
            let found = try await house.send(.get, "/api/v1/tickets", as: .with(.note))
            #expect(!found.body.contains("\"foreign\""))
        }
    }

    @Test func `lists, counts, search and events tell nothing of what one does not see`() async throws {
        try await House.with { house in
            try await house.seal()
            for role in House.Role.all where role != .anonymous {
                for path in [
                    "/tickets?query=", "/search?query=Hello", "/tickets/new", "/api/v1/tickets",
                    "/api/v1/search?q=Hello",
                    "/api/v1/queues", "/api/v1/events?limit=200",
                ] {
                    let body = try await house.send(.get, path, as: role).body
                    for place in House.Place.allCases {
                        let its = try #require(house.belongings[place])
                        let isSeen = role.sees.contains(place)
                        let signs = [place.word, String(its.ticket)] + (place == .vault ? ["vault"] : [])
                        for sign in signs where !isSeen {
                            #expect(!body.contains(sign), "\(role) \(path) tells of \(sign)")
                        }
                        if isSeen, path.contains("search") || path == "/api/v1/tickets" {
                            #expect(body.contains(place.word), "\(role) \(path)")
                        }
                    }
                    if path.hasPrefix("/search"), !role.sees.isEmpty {
                        let count = role.sees.count
                        #expect(
                            body.contains("<p class=\"meta\">\(count) \(count == 1 ? "result" : "results")"), "\(role)")
                    }
                }
            }
        }
    }

    @Test func `pages of administrators are as if absent for everyone else`() async throws {
        try await House.with { house in
            let lines = ["/audit", "/audit/lines", "/tokens", "/care", "/mail", "/mail/mailboxes/new", "/members"]
            for role in House.Role.all where role != .anonymous && role != .administrator {
                let absent = try await house.send(.get, "/no-such-page", as: role)
                for path in lines {
                    let answer = try await house.send(.get, path, as: role)
                    #expect(answer.plain == absent.plain, "\(role) \(path)")
                }
                for route in Route.all(house.web) {
                    guard let other = route.other, let id = house.others[other] else { continue }
                    let answer = try await house.send(route.method, route.path(id), as: role, form: Self.form)
                    #expect(answer.status == 404, "\(role) \(route)")
                }
            }
        }
    }

    @Test func `a lead keeps their queue and no other`() async throws {
        try await House.with { house in
            let routes = Route.all(house.web).filter { $0.other == "queue" && $0.method == .get }
            // What a queue has for each language is in `APIConditionTests`: the house has no such texts.
            for route in routes where !route.pattern.hasSuffix(":language") {
                for place in House.Place.allCases {
                    let path = route.path(house.belongings[place]?.queue ?? 0)
                    let status = try await house.send(.get, path, as: .lead).status
                    let isReaders = route.pattern.hasSuffix("readers")
                    #expect((status != 404) == (place == .own), "\(route) \(place) \(isReaders)")
                    for role in [House.Role.nobody, .with(.send)] {
                        let answer = try await house.send(.get, path, as: role)
                        #expect(answer.status == 404, "\(role) \(route) \(place)")
                    }
                }
            }
        }
    }
}

extension House {
    func id(of object: Route.Object, in place: Place) -> ID {
        guard let its = belongings[place] else { return 0 }
        return switch object {
        case .ticket: its.ticket
        case .message: its.message
        case .attachment: its.attachment
        case .draft: its.draft
        case .draftFile: its.draftFile
        case .delivery: its.delivery
        case .round: its.round
        case .incident: its.incident
        case .groupAnswer: its.groupAnswer
        case .review: its.review
        }
    }

    func newTicket(_ place: Place) async throws -> ID {
        let queue = belongings[place]?.queue ?? 0
        return try await services.database.write { [services] db in
            try HouseKeeping.addTicket(place, queue: queue, services, in: db)
        }
    }

    func seal() async throws {
        _ = try await services.database.write { try EventSealer().seal(limit: 1000, in: $0) }
    }
}
