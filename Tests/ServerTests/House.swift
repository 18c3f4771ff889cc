import Base
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import People
import Storage
import Web

@testable import Correspondence
@testable import Server

/// A whole server without sockets: requests go to its router. Three queues: `own`, `foreign`, and `vault`, which is
/// confidential; in each a ticket with a message and an attachment. Words of a queue stand nowhere else.
struct House: Sendable {
    struct Belongings: Sendable {
        var queue: ID
        var ticket: ID
        var message: ID
        var attachment: ID
        var draft: ID
        var draftFile: ID
        var delivery: ID
        var round: ID
        var review: ID
        var incident: ID = 0
        var groupAnswer: ID = 0
    }

    let folder: URL
    let services: Services
    let web: WebServer
    let responder: any HTTPResponder<WebContext>
    let belongings: [Place: Belongings]
    let people: [Role: Person]
    /// Ids of things that belong to no queue: a team, a member, a token, a mailbox, a mail server.
    let others: [String: ID]
    let log = Logger(label: "test") { _ in QuietLog() }

    /// Where an object is.
    enum Place: String, Sendable, CaseIterable {
        case own, foreign, vault

        /// Words of its ticket: subject, sender and text.
        var word: String { "\(rawValue)zebra" }
    }

    /// Who asks.
    enum Role: Hashable, Sendable, CustomStringConvertible {
        case anonymous, nobody, administrator, lead, insider
        /// With one right on `own`, and what makes it of use.
        case with(Right)

        static let all: [Role] =
            [.anonymous, .nobody, .administrator, .lead, .insider] + Right.allCases.map { .with($0) }

        var description: String {
            switch self {
            case .anonymous: "anonymous"
            case .nobody: "nobody"
            case .administrator: "administrator"
            case .lead: "lead"
            case .insider: "insider"
            case .with(let right): right.rawValue
            }
        }

        /// Where the role sees tickets.
        var sees: Set<Place> {
            switch self {
            case .anonymous, .nobody, .with(.handOver): []
            case .administrator: [.own, .foreign]
            case .lead, .with: [.own]
            case .insider: [.vault]
            }
        }

        func may(_ right: Right, in place: Place) -> Bool {
            guard sees.contains(place) else { return false }
            if case .with(let held) = self { return Set([held]).completed.contains(right) }
            return true
        }
    }

    struct Person: Sendable {
        var id: ID
        var session: String
        var token: String
    }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// `apiRate`: calls a token may make in a minute; any number.
    static func with<T>(apiRate: Int = 0, _ body: (House) async throws -> T) async throws -> T {
        let folder = FileManager.default.temporaryDirectory.appending(path: "house-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let house = try await House(folder, apiRate: apiRate)
        do {
            let result = try await body(house)
            await house.close()
            return result
        } catch {
            await house.close()
            throw error
        }
    }

    private func close() async {
        services.parsers.stop()
        await services.close()
    }

    private init(_ folder: URL, apiRate: Int) async throws {
        self.folder = folder
        var settings = Settings()
        settings.data = folder.path
        settings.apiRate = apiRate
        settings.resources = Self.root.path
        guard let directory = try DataDirectory.open(folder, isExclusive: true) else {
            throw Failure(.internal, "error-internal")
        }
        services = try await Services.open(settings, directory: directory, log: log)
        web = try WebServer(services)
        responder = web.router().buildResponder()
        let services = services
        var belongings: [Place: Belongings] = [:]
        for place in Place.allCases {
            belongings[place] = try await services.database.write { try HouseKeeping.fill(place, services, in: $0) }
        }
        self.belongings = belongings
        var people: [Role: Person] = [:]
        for role in Role.all where role != .anonymous {
            let queues = belongings.mapValues(\.queue)
            people[role] = try await services.database.write { try HouseKeeping.add(role, queues, services, in: $0) }
        }
        self.people = people
        let (member, queue) = (people[.nobody]?.id ?? 0, belongings[.own]?.queue ?? 0)
        let administrator = people[.administrator]?.id ?? 0
        others = try await services.database.write {
            try HouseKeeping.addOthers(
                member: member, administrator: administrator, queue: queue, services, in: $0)
        }
    }

    // MARK: - Requests

    struct Answer: Sendable, Equatable {
        var status: Int
        var headers: [String: String]
        var body: String

        /// Of what a write of the API made.
        var id: String? { body.firstMatch(of: #/^{"id":"([0-9]+)"/#).map { String($0.1) } }

        /// What is new in every answer is taken out: form tokens, references.
        var plain: String {
            var text = body.replacing(#/name="form-token" value="[^"]*"/#, with: "")
            text.replace(#/<code>[^<]*</code>/#, with: "")
            return "\(status) \(headers["location"] ?? "")\n\(text)"
        }
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, as role: Role, form: [String: String]? = nil,
        json: String = "{\"text\":\"x\"}", headers extra: [HTTPField.Name: String] = [:]
    ) async throws -> Answer {
        var headers = HTTPFields()
        let isAPI = path.hasPrefix("/api/")
        if let person = people[role] {
            if isAPI {
                headers[.authorization] = "Bearer \(person.token)"
            } else {
                headers[.cookie] = "liaison=\(person.session)"
            }
        }
        var body = ByteBuffer()
        if isAPI, method != .get {
            body = ByteBuffer(string: json)
        } else if method != .get {
            headers[.contentType] = "application/x-www-form-urlencoded"
            headers[.init("Sec-Fetch-Site") ?? .origin] = "same-origin"
            var fields = form ?? [:]
            if let person = people[role] {
                fields["form-token"] = fields["form-token"] ?? web.site.formToken(session: person.session)
            }
            body = ByteBuffer(string: fields.map { "\($0.key)=\(URLEncoding.encode($0.value))" }.joined(separator: "&"))
        }
        for (name, value) in extra { headers[name] = value }
        let head = HTTPRequest(
            method: method, scheme: "http", authority: "127.0.0.1:8080", path: path, headerFields: headers)
        let channel = NIOAsyncTestingChannel()
        var requestLog = log
        requestLog[metadataKey: "hb.request.id"] = "test"
        let context = WebContext(source: ApplicationRequestContextSource(channel: channel, logger: requestLog))
        let response = try await responder.respond(
            to: Request(head: head, body: RequestBody(buffer: body)), context: context)
        let collector = Collector()
        try await response.body.write(Writer(collector: collector))
        let names = response.headers.map { ($0.name.canonicalName, $0.value) }
        return Answer(
            status: Int(response.status.code), headers: Dictionary(names) { $0 + ", " + $1 },
            body: String(decoding: await collector.bytes, as: UTF8.self))
    }

    private actor Collector {
        var bytes: [UInt8] = []
        func add(_ buffer: ByteBuffer) { bytes += Array(buffer.readableBytesView) }
    }

    private struct Writer: ResponseBodyWriter {
        let collector: Collector
        mutating func write(_ buffer: ByteBuffer) async throws { await collector.add(buffer) }
        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }

    /// How many events there are, and of which newest: changes with every change.
    func events(kind: String? = nil) async throws -> Int64 {
        try await services.database.read { db in
            guard let kind else { return try db.int("SELECT COUNT(*) AS n FROM event") }
            return try db.int("SELECT COUNT(*) AS n FROM event WHERE kind = \(kind)")
        }
    }
}

/// Keeps what a request is called, and says nothing.
private struct QuietLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.critical

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {}
}
