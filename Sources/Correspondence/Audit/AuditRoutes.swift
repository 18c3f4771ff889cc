import Base
import Foundation
import HTTPTypes
import Hummingbird
import Storage
import Web

/// The audit page and its export, for administrators.
package struct AuditRoutes: Sendable {
    private static let pageLength = 100
    private static let exportStep = 500

    private let office: Office
    private var desk: Desk { office.desk }
    private var site: Site { office.site }

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(AccessPaths.audit.route, use: show)
        signedIn.get(AccessPaths.auditLines.route, use: export)
    }

    /// What the address asks for; a date that is none has a problem.
    private struct Asked: Sendable {
        var filter = EventReading.Filter()
        var texts: [String: String] = [:]
        var problems: Set<String> = []

        init(_ request: Request, _ zone: TimeZone) {
            for name in ["member", "queue", "kind", "from", "to"] {
                texts[name] = request.uri.queryParameters[name[...]].map(String.init) ?? ""
            }
            filter.member = texts["member"].flatMap { ID($0) }
            filter.queue = texts["queue"].flatMap { ID($0) }
            filter.kind = texts["kind"].flatMap { $0.isEmpty ? nil : $0 }
            filter.from = time("from", zone, days: 0)
            filter.to = time("to", zone, days: 1)
        }

        /// The start of a day in the organisation's zone.
        private mutating func time(_ name: String, _ zone: TimeZone, days: Int64) -> Milliseconds? {
            guard let text = texts[name], !text.isEmpty else { return nil }
            guard let start = ISO8601.startOfDay(text) else {
                problems.insert(name)
                return nil
            }
            let day = start + days * 86_400_000
            let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(day) / 1000))
            return day - Milliseconds(offset) * 1000
        }

        func query(_ path: PathPattern, before: Int64?) -> String {
            let names = ["member", "queue", "kind", "from", "to"]
            return path(query: names.map { ($0, texts[$0] ?? "") } + [("before", before.map { String($0) } ?? "")])
        }

        var isEmpty: Bool { texts.values.allSatisfy(\.isEmpty) }
    }

    @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        let asked = Asked(request, desk.zone)
        let before = request.uri.queryParameters["before"].flatMap { Int64(String($0)) }
        let events = try await desk.database.read { db in
            try EventReading().before(
                before, asked.filter, limit: Self.pageLength + 1, visibleTo: context.viewer, in: db)
        }
        let (words, kinds) = try await words(for: events, context)
        func choices(_ names: [ID: String], _ field: String) -> [Choice] {
            names.sorted { $0.value < $1.value }.map {
                Choice(String($0.key), .verbatim($0.value), isSelected: String($0.key) == asked.texts[field])
            }
        }
        func date(_ name: String) -> Field {
            Field(asked.texts[name] ?? "", problem: asked.problems.contains(name) ? Phrase("audit-date-invalid") : nil)
        }
        let older = events.count > Self.pageLength ? events[Self.pageLength - 1].seq : nil
        let page = AuditPage(
            path: AccessPaths.audit(), members: choices(words.members, "member"),
            queues: choices(words.queues, "queue"),
            kinds: kinds.map { Choice($0, words.kind($0), isSelected: $0 == asked.texts["kind"]) }, from: date("from"),
            to: date("to"), rows: events.prefix(Self.pageLength).map(words.row),
            olderPath: older.map { asked.query(AccessPaths.audit, before: $0) },
            newestPath: before == nil ? nil : asked.query(AccessPaths.audit, before: nil),
            linesPath: asked.query(AccessPaths.auditLines, before: nil),
            clearPath: asked.isEmpty ? nil : AccessPaths.audit())
        return site.page(page, for: context.visitor, status: asked.problems.isEmpty ? .ok : .unprocessableContent)
    }

    private func words(
        for events: [StoredEvent], _ context: SignedInContext
    ) async throws -> (AuditWords, [String]) {
        let tickets = Set(
            events.flatMap { [$0.event.ticket, $0.event.kind == "ticket-merged" ? $0.event.subject : nil] }
                .compactMap { $0 })
        let language = site.strings.supported(context.visitor.language)
        let translate = site.strings.translate(language)
        return try await desk.database.read { [desk, office, signs = office.signs(context)] db in
            var numbers: [ID: String] = [:]
            for id in tickets {
                numbers[id] = try? desk.stores.tickets.require(id, visibleTo: context.viewer, in: db).number
            }
            let servers = try office.servers.all(in: db).map { ($0.id, $0.name) }
            let mailboxes = try office.mailboxes.all(in: db).map { ($0.id, $0.name) }
            let words = AuditWords(
                members: Dictionary(uniqueKeysWithValues: try desk.members.all(in: db).map { ($0.id, $0.name) }),
                queues: Dictionary(uniqueKeysWithValues: try desk.stores.queues.all(in: db).map { ($0.id, $0.name) }),
                teams: Dictionary(uniqueKeysWithValues: try office.teams.all(in: db).map { ($0.id, $0.name) }),
                numbers: numbers, connections: Dictionary(uniqueKeysWithValues: servers + mailboxes), signs: signs,
                rights: { office.words(of: $0, language) }, isKnown: { !translate($0, []).hasPrefix("⧼") })
            return (words, try EventReading().kinds(in: db))
        }
    }

    /// One JSON object a line, newest first, as many as there are; read a piece at a time.
    @Sendable private func export(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try office.requireAdministrator(context)
        let filter = Asked(request, desk.zone).filter
        let viewer = context.viewer
        let body = ResponseBody { [desk] writer in
            var before: Int64?
            while true {
                let start = before
                let events = try await desk.database.read { db in
                    try EventReading().before(start, filter, limit: Self.exportStep, visibleTo: viewer, in: db)
                }
                guard let last = events.last?.seq else { break }
                try await writer.write(
                    ByteBuffer(string: events.map { APIValues.event($0) + "\n" }.joined()))
                before = last
                if events.count < Self.exportStep { break }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/jsonl; charset=utf-8", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"events.jsonl\"",
            ], body: body)
    }
}
