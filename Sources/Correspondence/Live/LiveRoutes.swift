import Base
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Storage
import Text
import Web

/// What an open page asks for and tells: the stream, presence, the header of a ticket, what is new in a list.
package struct LiveRoutes: Sendable {
    private static let mostNew = 200

    private let desk: Desk
    private let site: Site
    private let hub: LiveHub
    private let reader: LiveReader

    package init(desk: Desk, site: Site, hub: LiveHub, session: LiveSession) {
        self.desk = desk
        self.site = site
        self.hub = hub
        reader = LiveReader(database: desk.database, hub: hub, session: session, clock: desk.clock)
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(LivePaths.stream.route, use: stream)
        signedIn.get(LivePaths.changes.route, use: changes)
        signedIn.get(LivePaths.list.route, use: list)
        signedIn.get(LivePaths.header.route, use: header)
        signedIn.get(LivePaths.colleagues.route, use: colleagues)
        signedIn.post(LivePaths.presence.route, use: presence)
    }

    @Sendable private func stream(_ request: Request, _ context: SignedInContext) async throws -> Response {
        guard let place = hub.enter(context.viewer.memberID) else { throw Failure(.tooMany, "live-too-many") }
        let stream = LiveStream(
            reader: reader, hub: hub, session: context.visitor.session, cursor: try cursor(request))
        var headers = HTTPFields()
        headers[.contentType] = "text/event-stream"
        headers[.cacheControl] = "no-store"
        // Proxies that gather answers are asked not to.
        if let name = HTTPField.Name("X-Accel-Buffering") { headers[name] = "no" }
        let body = ResponseBody { writer in
            try await stream.write(to: &writer)
            withExtendedLifetime(place) {}
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    /// For browsers that cannot share one stream.
    @Sendable private func changes(_ request: Request, _ context: SignedInContext) async throws -> Response {
        guard let news = try await reader.read(context.visitor.session, after: try cursor(request)) else {
            throw SignInNeeded()
        }
        return Self.json(LiveText.whole(news))
    }

    /// Where a page stands: `Last-Event-ID` of a connection that was lost, else `after`, else now.
    private func cursor(_ request: Request) throws -> Int64 {
        let name = HTTPField.Name("Last-Event-ID")
        let text = name.flatMap { request.headers[$0] } ?? request.uri.queryParameters["after"].map(String.init)
        guard let text else { return hub.head }
        guard let cursor = Int64(text), cursor >= 0 else { throw Failure(.invalid, "error-invalid") }
        return cursor
    }

    /// How many tickets of a list are new or have changed since the page was made.
    @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let after = try cursor(request)
        let text = request.queryText("query") ?? ""
        let query = try SearchQuery.parse(text, now: desk.clock.now())
        let count = try await desk.database.read { [desk] db in
            let tickets = try ChangeStore().ticketsChanged(
                after: after, visibleTo: context.viewer, limit: Self.mostNew, in: db)
            return try desk.search.count(query, among: tickets, visibleTo: context.viewer, in: db)
        }
        let words = Phrase("live-list-new", .number(Int(count)))
        let language = site.strings.supported(context.visitor.language)
        let shown = JSONText.quote(words.text(site.strings.translateForPage(language)))
        return Self.json(JSONText.object([("count", String(count)), ("text", shown)]))
    }

    /// What the header of a ticket says now.
    @Sendable private func header(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let (ticket, owner) = try await desk.database.read { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
            return (ticket, try ticket.owner.flatMap { try desk.members.find($0, in: db)?.name })
        }
        let translate = site.strings.translate(site.strings.supported(context.visitor.language))
        let state = StateSign(StateSign.Name(rawValue: ticket.state.rawValue) ?? .open)
        return Self.json(
            JSONText.object([
                ("state", JSONText.quote(ticket.state.rawValue)),
                ("label", JSONText.quote(state.label.text(translate))),
                ("owner", JSONText.quote(owner)),
                ("nobody", JSONText.quote(Phrase("ticket-list-nobody").text(translate))),
            ]))
    }

    /// Whom a note may mention, as JSON `[{"name": "Ana", "away": "away until 3 January"}]`.
    @Sendable private func colleagues(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let colleagues = try await desk.database.read { [desk] db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
            return try Mentioning(members: desk.members).colleagues(
                of: context.viewer.memberID, queue: ticket.queue, in: db)
        }
        let language = site.strings.supported(context.visitor.language)
        let translate = site.strings.translateForPage(language)
        let signs = Signs(
            language: language, zone: TimeZone(identifier: context.visitor.zone) ?? desk.zone, now: desk.clock.now())
        let items = colleagues.map { member in
            let away = signs.away(member).map { Phrase("owner-away", .text($0)).text(translate) }
            return JSONText.object([("name", JSONText.quote(member.name)), ("away", JSONText.quote(away))])
        }
        return Self.json(JSONText.array(items))
    }

    @Sendable private func presence(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        let member = context.viewer.memberID
        guard let mode = PresenceBoard.Mode(rawValue: form["mode"]) else { throw Failure(.invalid, "error-invalid") }
        let isHidden = try await desk.database.read { [desk] db in
            _ = try desk.stores.tickets.require(id, visibleTo: context.viewer, in: db)
            return try mode == .reading && !NoticeStore.hidingReading([member], in: db).isEmpty
        }
        // Who hides their reading is gone when they do not write.
        let shown: PresenceBoard.Mode = isHidden ? .gone : mode
        hub.note(PresenceBoard.Entry(ticket: id, member: member, page: form["page"], mode: shown))
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    private static func json(_ text: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
