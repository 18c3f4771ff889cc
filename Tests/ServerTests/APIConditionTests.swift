import Base
import Foundation
import HTTPTypes
import Storage
import Testing

@testable import Correspondence
@testable import Server

/// How often a token may call, and what a caller knows of a thing.
@Suite struct APIConditionTests {
    @Test func `above its calls a minute a token waits; others do not, and nothing is done`() async throws {
        try await House.with(apiRate: 3) { house in
            let path = "/api/v1/tickets/\(house.id(of: .ticket, in: .own))"
            for _ in 0..<2 { #expect(try await house.send(.get, path, as: .lead).status == 200) }
            #expect(try await house.send(.post, path + "/notes", as: .lead).status == 201, "a write counts once")

            let events = try await house.events()
            let waits = try await house.send(.post, path + "/notes", as: .lead)
            #expect(waits.status == 429)
            let seconds = try #require(waits.headers["retry-after"].flatMap { Int($0) })
            #expect((1...20).contains(seconds))
            #expect(waits.headers["content-type"] == "application/problem+json")
            #expect(waits.body.contains("\"tooMany\""))
            #expect(try await house.events() == events)
            #expect(try await house.send(.get, path, as: .administrator).status == 200)
            #expect(try await house.send(.get, path, as: .anonymous).status == 401)
            #expect(try await house.send(.get, "/api/v1/openapi.json", as: .anonymous).status == 200)
        }
    }

    @Test func `what did not change is told so without a body`() async throws {
        try await House.with { house in
            for path in ["/api/v1/tickets/\(house.id(of: .ticket, in: .own))", "/api/v1/queues", "/api/v1/rules"] {
                let first = try await house.send(.get, path, as: .administrator)
                let tag = try #require(first.headers["etag"])
                let again = try await house.send(.get, path, as: .administrator, headers: [.ifNoneMatch: tag])
                #expect(again.status == 304 && again.body.isEmpty && again.headers["etag"] == tag)
                let other = try await house.send(.get, path, as: .administrator, headers: [.ifNoneMatch: "\"x\""])
                #expect(other.status == 200 && other.body == first.body)
                let stranger = try await house.send(.get, path, as: .anonymous, headers: [.ifNoneMatch: tag])
                #expect(stranger.status == 401)
            }
        }
    }

    @Test func `a write goes on if the ticket still is what was read`() async throws {
        try await House.with { house in
            let path = "/api/v1/tickets/\(house.id(of: .ticket, in: .own))"
            let tag = try #require(try await house.send(.get, path, as: .administrator).headers["etag"])
            let done = try await house.send(
                .patch, path, as: .administrator, json: "{\"priority\":4}", headers: [.ifMatch: tag])
            #expect(done.status == 200)
            let newer = try #require(done.headers["etag"])
            #expect(newer == (try await house.send(.get, path, as: .administrator).headers["etag"]))

            let events = try await house.events()
            let late = try await house.send(
                .patch, path, as: .lead, json: "{\"priority\":1}", headers: [.ifMatch: tag])
            #expect(late.status == 412 && late.body.contains("error-changed-meanwhile"))
            #expect(try await house.events() == events)
            let any = try await house.send(.patch, path, as: .lead, json: "{\"priority\":2}", headers: [.ifMatch: "*"])
            #expect(any.status == 200)
        }
    }

    @Test func `drafts, texts, rules and teams take it too, and what does not take it says so`() async throws {
        try await House.with { house in
            let draft = "/api/v1/drafts/\(house.id(of: .draft, in: .own))"
            let tag = try #require(try await house.send(.get, draft, as: .administrator).headers["etag"])
            let wrong = try await house.send(
                .patch, draft, as: .administrator, json: "{\"text\":\"y\"}", headers: [.ifMatch: "\"x\""])
            #expect(wrong.status == 412)
            let right = try await house.send(
                .patch, draft, as: .administrator, json: "{\"text\":\"y\"}", headers: [.ifMatch: tag])
            #expect(right.status == 200 && right.body.contains("\"y\""), "no version is needed then")
            #expect(try await house.send(.delete, draft, as: .administrator, headers: [.ifMatch: tag]).status == 412)

            let team = "/api/v1/teams/\(try #require(house.others["teams"]))"
            let rename = "{\"name\":\"Readers\"}"
            let stale = try await house.send(
                .patch, team, as: .administrator, json: rename, headers: [.ifMatch: "\"x\""])
            #expect(stale.status == 412)
            #expect(try await house.send(.delete, team, as: .administrator, headers: [.ifMatch: "\"x\""]).status == 412)

            let notes = "/api/v1/tickets/\(house.id(of: .ticket, in: .own))/notes"
            let events = try await house.events()
            let untaken = try await house.send(.post, notes, as: .administrator, headers: [.ifMatch: tag])
            #expect(untaken.status == 412 && untaken.body.contains("error-no-tag-here"))
            #expect(try await house.events() == events)
        }
    }

    /// Every write that is described with `If-Match`, with a body that would do something.
    @Test func `what can be written with a tag refuses a stale one and goes on with the right one`() async throws {
        try await House.with { house in
            let queue = "/api/v1/queues/\(try #require(house.belongings[.own]).queue)"
            let incident = "/api/v1/incidents/\(try #require(house.belongings[.own]).incident)"
            let other = { (kind: String) in "/api/v1/\(kind)/\(try #require(house.others[kind]))" }
            let week = "[{\"day\":1,\"from\":\"09:00\",\"to\":\"17:00\"}]"
            let note = "{\"language\":\"de\",\"subject\":\"Da\",\"text\":\"Ihre Mail ist da.\"}"
            _ = try await house.send(.put, queue + "/acknowledgements/de", as: .administrator, json: note)
            _ = try await house.send(.put, queue + "/form/texts/de", as: .administrator, json: "{\"title\":\"Alt\"}")
            let own = try #require(house.people[.administrator]).id
            let saved = "{\"name\":\"Mine\",\"query\":\"owner:me\"}"
            let kept = try await house.send(.post, "/api/v1/filters", as: .administrator, json: saved)
            let filter = "/api/v1/filters/\(try #require(kept.id))"
            let asked = "{\"email\":\"nadia@people.example\",\"name\":\"Nadia\"}"
            let invited = try await house.send(.post, "/api/v1/invitations", as: .administrator, json: asked)
            let invitation = "/api/v1/invitations/\(try #require(invited.id))"
            let writes: [(HTTPRequest.Method, String, String)] = [
                (.patch, incident, "{\"name\":\"The lake\"}"),
                (.patch, "/api/v1/account/notices", "{\"digestHour\":9}"),
                (.put, queue + "/hours", "{\"zone\":\"UTC\",\"week\":\(week)}"),
                (.delete, queue + "/hours", ""),
                (.patch, queue + "/form", "{\"open\":true}"),
                (.put, queue + "/form/texts/de", "{\"title\":\"Neu\"}"),
                (.put, queue + "/acknowledgements/de", "{\"text\":\"Angekommen.\"}"),
                (.put, queue + "/rights", "{\"team\":\"\(try #require(house.others["teams"]))\",\"rights\":[\"see\"]}"),
                (.patch, try other("webhooks"), "{\"name\":\"Elsewhere\"}"),
                (.delete, try other("webhooks"), ""),
                (.put, try other("macros"), "{\"name\":\"Later\",\"change\":{\"priority\":2}}"),
                (.delete, try other("macros"), ""),
                (.put, try other("checklists"), "{\"name\":\"Steps\",\"items\":[\"First\"]}"),
                (.delete, try other("checklists"), ""),
                (.patch, "/api/v1/members/\(own)", "{\"languages\":[\"de\"]}"),
                (.patch, try other("members"), "{\"open\":false}"),
                (.patch, filter, "{\"shared\":true}"),
                (.delete, filter, ""),
                (.delete, invitation, ""),
            ]
            for (method, path, json) in writes {
                let read = try await house.send(.get, path, as: .administrator)
                if path.contains("/queues/") {
                    #expect(try await house.send(.get, path, as: .with(.send)).status == 404, "\(path)")
                }
                let tag = try #require(read.headers["etag"], "\(path): \(read.status)")
                let events = try await house.events()
                let late = try await house.send(
                    method, path, as: .administrator, json: json, headers: [.ifMatch: "\"x\""])
                #expect(late.status == 412 && late.body.contains("error-changed-meanwhile"), "\(method) \(path)")
                #expect(try await house.events() == events, "\(method) \(path)")
                #expect(try await house.send(.get, path, as: .administrator).headers["etag"] == tag)
                let done = try await house.send(method, path, as: .administrator, json: json, headers: [.ifMatch: tag])
                #expect([200, 204].contains(done.status), "\(method) \(path): \(done.status) \(done.body)")
                guard let newer = done.headers["etag"] else { continue }
                #expect(newer == (try await house.send(.get, path, as: .administrator).headers["etag"]), "\(path)")
                #expect(newer != tag, "\(method) \(path)")
            }
        }
    }

    @Test func `whatever can be read and changed at one address is described with a tag`() throws {
        let file = House.root.appending(path: "Resources/openapi.json")
        let json = try JSONSerialization.jsonObject(with: try Data(contentsOf: file)) as? [String: Any]
        let paths = try #require(json?["paths"] as? [String: [String: [String: Any]]])
        var found = 0
        // A file has no words to collide, and of a review only the request is withdrawn.
        for (path, operations) in paths where !["/draft-files/{id}", "/drafts/{id}/review"].contains(path) {
            guard operations["get"] != nil else { continue }
            for method in ["put", "patch", "delete"] {
                guard let operation = operations[method] else { continue }
                let parameters = operation["parameters"] as? [[String: Any]] ?? []
                #expect(
                    parameters.contains { ($0["$ref"] as? String)?.hasSuffix("/IfMatch") ?? false },
                    "\(method) \(path)")
                found += 1
            }
        }
        #expect(found > 20)
    }

    @Test func `a refused write with a key and a tag gives its key back`() async throws {
        let key = try #require(HTTPField.Name("Idempotency-Key"))
        try await House.with { house in
            let path = "/api/v1/tickets/\(house.id(of: .ticket, in: .own))"
            let change = "{\"priority\":4}"
            let late = try await house.send(
                .patch, path, as: .administrator, json: change, headers: [.ifMatch: "\"x\"", key: "k"])
            #expect(late.status == 412)
            let tag = try #require(try await house.send(.get, path, as: .administrator).headers["etag"])
            let done = try await house.send(
                .patch, path, as: .administrator, json: change, headers: [.ifMatch: tag, key: "k"])
            #expect(done.status == 200)
        }
    }

    @Test func `what fits words is a reading of a confidential queue, and a list shows no words of it`() async throws {
        try await House.with { house in
            let kind = "confidential-read"
            let before = try await house.events(kind: kind)
            let plain = try await house.send(.get, "/tickets?query=queue:vault", as: .insider)
            #expect(plain.body.contains("About vaultzebra") && !plain.body.contains("Hello vaultzebra"))
            let home = try await house.send(.get, "/", as: .insider)
            #expect(home.status == 200 && !home.body.contains("Hello vaultzebra"))
            _ = try await house.send(.get, "/api/v1/tickets?q=queue:vault", as: .insider)
            #expect(try await house.events(kind: kind) == before, "a list without words is no reading")
            let own = try await house.send(.get, "/tickets?query=queue:own", as: .lead)
            #expect(own.body.contains("Hello ownzebra"))

            var count = before
            for path in [
                "/tickets?query=zebra*+OR+vaultzebra", "/search?query=vaultzebra", "/api/v1/search?q=vaultzebra",
                "/api/v1/tickets?q=vaultzebra",
            ] {
                let answer = try await house.send(.get, path, as: .insider)
                #expect(answer.body.contains("vaultzebra"), "\(path)")
                let now = try await house.events(kind: kind)
                #expect(now > count, "\(path)")
                count = now
            }
        }
    }

    @Test func `a lead brings back no version of a rule that does what they may not`() async throws {
        try await House.with { house in
            let own = try #require(house.belongings[.own]), foreign = try #require(house.belongings[.foreign])
            var form = [
                "name": "Hello", "queue": String(own.queue), "group-0": "all", "place-0": "words", "words-0": "hello",
                "to-queue": String(foreign.queue), "on": "on", "occasion": "opening", "do": "save",
            ]
            let made = try await house.send(.post, "/rules", as: .administrator, form: form)
            let path = try #require(made.headers["location"]?.split(separator: "?").first).description
            form["to-queue"] = ""
            form["add-tags"] = "seen"
            form["version"] = "1"
            #expect(try await house.send(.post, path, as: .lead, form: form).status == 303)

            let back = try await house.send(.post, path + "/versions/1/restoring", as: .lead)
            #expect(back.status == 422)
            let rule = try await house.services.database.read { db in
                try db.first("SELECT version, body FROM rule WHERE name = 'Hello'")
            }
            #expect(try rule?.int("version") == 2)
            #expect(try await house.send(.post, path + "/versions/1/restoring", as: .administrator).status == 303)
        }
    }
}
