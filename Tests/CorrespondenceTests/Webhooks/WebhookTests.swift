import Base
import Jobs
import Storage
import Synchronization
import TestKit
import Testing

@testable import Correspondence
@testable import People

/// Webhooks without a network: what is made into deliveries, what is tried again, what is given up.
@Suite struct WebhookTests {
    /// What was sent, and what the server of somebody else answers.
    final class Place: Sendable {
        let state = Mutex<(sent: [(body: String, headers: [String: String])], answers: [Result<Int, Failure>])>(
            ([], []))

        var sent: [(body: String, headers: [String: String])] { state.withLock { $0.sent } }

        func answer(_ answers: Result<Int, Failure>...) { state.withLock { $0.answers = answers } }

        func take(_ body: [UInt8], _ headers: [(String, String)]) throws(Failure) -> Int {
            let answer = state.withLock { state in
                state.sent.append(
                    (String(decoding: body, as: UTF8.self), Dictionary(uniqueKeysWithValues: headers)))
                return state.answers.isEmpty ? .success(200) : state.answers.removeFirst()
            }
            return try answer.get()
        }
    }

    struct Board {
        let scene: Scene
        let store: WebhookStore
        let webhooks: Webhooks
        let feeding: WebhookFeeding
        let delivering: WebhookDelivering
        let place = Place()

        init(_ scene: Scene) throws {
            self.scene = scene
            let key = try InstanceKey([UInt8](repeating: 9, count: 32))
            store = WebhookStore(ids: scene.stores.tickets.ids, key: key, events: scene.stores.events)
            webhooks = Webhooks(
                database: scene.database, store: store, jobs: scene.stores.jobs, clock: scene.time.clock,
                random: .system, alarm: scene.alarm, allowed: [])
            feeding = WebhookFeeding(
                database: scene.database, store: store, members: scene.members, jobs: scene.stores.jobs,
                clock: scene.time.clock, alarm: scene.alarm)
            delivering = WebhookDelivering(
                database: scene.database, store: store, members: scene.members, jobs: scene.stores.jobs,
                clock: scene.time.clock,
                send: { [place] body, _, headers async throws(Failure) in try place.take(body, headers) },
                tell: { _, _, _ in })
        }

        func add(kinds: [String] = [], by viewer: Viewer? = nil) async throws -> (webhook: Webhook, secret: String) {
            // Not resolved: a name that has no address is kept all the same.
            let content = WebhookContent(name: "Board", url: "https://board.invalid/hook", kinds: kinds)
            return try await webhooks.add(content, by: viewer ?? scene.viewer)
        }

        @discardableResult func feed() async throws -> Int {
            _ = try await scene.database.write { try EventSealer().seal(limit: 1000, in: $0) }
            return try await feeding.run()
        }

        /// Runs every job that waits for deliveries once, whatever its time.
        func deliver() async throws {
            let jobs = try await scene.database.write { db in
                try db.execute("UPDATE job SET run_at = 0 WHERE kind = \(WebhookDelivering.jobName)")
                return try scene.stores.jobs.claim(WebhookDelivering.jobName, limit: 100, lease: 60_000, in: db)
            }
            for job in jobs { try await delivering.run(job) }
        }

        func deliveries(_ id: ID) async throws -> [WebhookDelivery] {
            try await scene.database.read { try store.deliveries(of: id, limit: 100, in: $0) }
        }

        func webhook(_ id: ID) async throws -> Webhook? { try await scene.database.read { try store.find(id, in: $0) } }
    }

    private func run(_ kind: TestDatabase, _ body: (Board) async throws -> Void) async throws {
        try await kind.with { database in try await body(try Board(try await Scene(database))) }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what happens after it was made is told once, signed, with ids only`(kind: TestDatabase) async throws {
        try await run(kind) { board in
            try await board.scene.receive(Scene.mail(id: "1@people.example", subject: "Before"))
            try await board.feed()
            let made = try await board.add(kinds: ["ticket-opened"])

            try await board.scene.receive(Scene.mail(id: "2@people.example", subject: "A secret matter"))
            #expect(try await board.feed() == 1)
            #expect(try await board.feed() == 0)
            try await board.deliver()

            let sent = try #require(board.place.sent.first)
            #expect(board.place.sent.count == 1)
            #expect(!sent.body.contains("secret") && !sent.body.contains("people.example"))
            let id = try #require(sent.headers["webhook-id"]), at = try #require(sent.headers["webhook-timestamp"])
            let again = WebhookSigning.headers(
                id: ID(id) ?? 0, body: sent.body, secret: made.secret, at: (Int64(at) ?? 0) * 1000)
            #expect(Dictionary(uniqueKeysWithValues: again)["webhook-signature"] == sent.headers["webhook-signature"])
            #expect(try await board.deliveries(made.webhook.id).map(\.state) == [.delivered])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `what was not taken comes again under the same id, and its server is left alone meanwhile`(
        kind: TestDatabase
    ) async throws {
        try await run(kind) { board in
            let made = try await board.add(kinds: ["ticket-opened"])
            try await board.scene.receive(Scene.mail(id: "1@people.example"))
            try await board.feed()
            board.place.answer(.success(503), .failure(Failure(.unavailable, "fetch-slow")))

            try await board.deliver()
            try await board.deliver()
            #expect(board.place.sent.count == 1, "its time has not come")
            for _ in 0..<2 {
                board.scene.time.advance(120_000)
                try await board.deliver()
            }

            #expect(Set(board.place.sent.map { $0.headers["webhook-id"] }).count == 1)
            #expect(board.place.sent.count == 3)
            let delivery = try #require(try await board.deliveries(made.webhook.id).first)
            #expect(delivery.state == .delivered && delivery.attempts == 3)
            #expect(try await board.webhook(made.webhook.id)?.failures == 0)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a server that takes nothing for three days is given up, and what waits goes out when it is on again`(
        kind: TestDatabase
    ) async throws {
        try await run(kind) { board in
            let made = try await board.add(kinds: ["ticket-opened"])
            try await board.scene.receive(Scene.mail(id: "1@people.example"))
            try await board.feed()
            board.place.answer(.success(500), .success(500))
            try await board.deliver()
            board.scene.time.advance(WebhookDelivering.patience / 2)
            try await board.scene.receive(Scene.mail(id: "2@people.example", subject: "Another"))
            try await board.feed()
            board.scene.time.advance(WebhookDelivering.patience / 2 + 1000)

            try await board.deliver()
            #expect(try await board.webhook(made.webhook.id)?.state == .failing)
            try await board.deliver()
            let states = try await board.deliveries(made.webhook.id).map(\.state)
            #expect(states == [.waiting, .failed])

            try await board.webhooks.setOn(true, made.webhook.id, by: board.scene.viewer)
            try await board.deliver()
            #expect(try await board.deliveries(made.webhook.id).map(\.state) == [.delivered, .failed])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a place that is gone is switched off, and a trial changes nothing but its own line`(
        kind: TestDatabase
    ) async throws {
        try await run(kind) { board in
            let made = try await board.add()
            board.place.answer(.success(410), .success(410))
            _ = try await board.webhooks.tryOut(made.webhook.id, by: board.scene.viewer)
            try await board.deliver()
            #expect(try await board.webhook(made.webhook.id)?.state == .on)
            #expect(try await board.deliveries(made.webhook.id).map(\.state) == [.failed])

            try await board.scene.receive(Scene.mail(id: "1@people.example"))
            try await board.feed()
            try await board.deliver()
            #expect(try await board.webhook(made.webhook.id)?.state == .gone)
            #expect(board.place.sent.count == 2)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `it tells what its owner may read, and nothing when they keep no queue any more`(
        kind: TestDatabase
    ) async throws {
        try await run(kind) { board in
            let scene = board.scene
            let (ben, press) = try await scene.database.write { db in
                let ben = try scene.members.add(
                    email: "ben@desk.example", name: "Ben", isAdministrator: false, password: nil, mustChange: false,
                    actor: nil, at: 0, in: db)
                let press = try scene.stores.queues.add(
                    name: "press", displayName: "Press", addresses: ["press@desk.example"], isList: false, actor: nil,
                    at: 0, in: db)
                try scene.members.setRights([.manage], of: ben.id, queue: press.id, actor: nil, at: 0, in: db)
                return (ben, press)
            }
            let viewer = try await scene.database.read { try scene.members.viewer(ben, in: $0) }
            try await board.feed()
            let made = try await board.add(by: viewer)
            try await scene.receive(Scene.mail(id: "1@people.example", subject: "Not his"))
            try await board.feed()
            #expect(try await board.deliveries(made.webhook.id).isEmpty)

            try await scene.database.write { db in
                try scene.stores.events.add(Event("ticket-opened", queue: press.id), at: 5, in: db)
            }
            #expect(try await board.feed() == 1)
            try await scene.database.write { db in
                try scene.members.setRights([.see], of: ben.id, queue: press.id, actor: nil, at: 0, in: db)
                try scene.stores.events.add(Event("ticket-opened", queue: press.id), at: 6, in: db)
            }
            #expect(try await board.feed() == 0)
            await #expect(throws: Failure(.notFound, "error-not-found")) {
                try await board.add(by: Viewer(memberID: ben.id, isAdministrator: false, rights: [:]))
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `an administrator switches others' off, and turns nothing of theirs to another place`(
        kind: TestDatabase
    ) async throws {
        try await run(kind) { board in
            let scene = board.scene
            let made = try await board.add()
            let other = try await scene.database.write { db in
                let olga = try scene.members.add(
                    email: "olga@desk.example", name: "Olga", isAdministrator: true, password: nil, mustChange: false,
                    actor: nil, at: 0, in: db)
                return try scene.members.viewer(olga, in: db)
            }
            let content = WebhookContent(name: "Mine", url: "https://mine.invalid/", kinds: [])
            let id = made.webhook.id
            await #expect(throws: Failure(.refused, "webhook-not-own")) {
                try await board.webhooks.change(id, to: content, by: other)
            }
            await #expect(throws: Failure(.refused, "webhook-not-own")) {
                try await board.webhooks.renewSecret(of: id, by: other)
            }
            try await board.webhooks.setOn(false, id, by: other)
            await #expect(throws: Failure(.refused, "webhook-not-own")) {
                try await board.webhooks.setOn(true, id, by: other)
            }
            try await board.webhooks.remove(id, by: other)
            #expect(try await board.webhook(id) == nil)
            try await board.webhooks.restore(id, by: scene.viewer)
            #expect(try await board.webhook(id) != nil)
        }
    }

    @Test(arguments: [
        "http://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/", "http://8.8.8.8/",
        "ftp://board.example/", "https://a:b@board.example/", "nonsense",
    ]) func `an address that leads inside is not kept`(url: String) async throws {
        try await run(.sqlite) { board in
            let content = WebhookContent(name: "Board", url: url, kinds: [])
            let failure = await #expect(throws: Failure.self) {
                try await board.webhooks.add(content, by: board.scene.viewer)
            }
            #expect(failure?.code == .invalid)
        }
    }
}
