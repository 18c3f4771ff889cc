import Base
import HTTPTypes
import Hummingbird
import Storage
import Web

/// Before a change of a thing is looked at, the thing must be there for whoever asks: what is wrong with a request is
/// told only to who may see what it is about. For everybody else the answer is that of something absent.
///
/// The handlers ask again, in the transaction of the change: this is about the order of answers, not about access.
package struct SeenFirst: RouterMiddleware {
    package typealias Context = WebContext

    private enum Thing: String, CaseIterable {
        case tickets, messages, attachments, drafts, deliveries, rounds
        case draftFiles = "draft-files"
    }

    private let desk: Desk
    /// How callers of the API are known; nil among pages.
    private let access: APIAccess?

    package init(desk: Desk, access: APIAccess? = nil) {
        self.desk = desk
        self.access = access
    }

    package func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        if request.method != .get, request.method != .head, let (thing, id) = find(request.uri.path),
            let viewer = try await viewer(request, context)
        {
            let key = HTTPField.Name("Idempotency-Key").flatMap { request.headers[$0] }
            try await desk.database.read { [desk] db in
                // What was done once may have taken the thing out of the caller's sight; the answer is the same again.
                if let key, try IdempotencyStore.isKnown(key, member: viewer.memberID, in: db) { return }
                try Self.require(thing, id, visibleTo: viewer, desk, in: db)
            }
        }
        return try await next(request, context)
    }

    private func viewer(_ request: Request, _ context: WebContext) async throws -> Viewer? {
        guard let access else { return context.visitor?.viewer }
        guard request.headers[.authorization] != nil else { return nil }
        return try await APICaller.require(request, access).viewer
    }

    private func find(_ path: String) -> (Thing, ID)? {
        var parts = path.split(separator: "/")[...]
        if parts.starts(with: ["api", "v1"]) {
            guard access != nil else { return nil }
            parts = parts.dropFirst(2)
        } else if access != nil {
            return nil
        }
        guard parts.count >= 2, let thing = Thing(rawValue: String(parts[parts.startIndex])),
            let id = ID(parts[parts.startIndex + 1])
        else { return nil }
        return (thing, id)
    }

    private static func require(
        _ thing: Thing, _ id: ID, visibleTo viewer: Viewer, _ desk: Desk, in db: any Connection
    ) throws {
        switch thing {
        case .tickets: _ = try desk.stores.tickets.require(id, visibleTo: viewer, in: db)
        case .messages: _ = try desk.stores.messages.require(id, visibleTo: viewer, in: db)
        case .attachments: _ = try desk.stores.messages.requireAttachment(id, visibleTo: viewer, in: db)
        case .drafts: _ = try desk.drafts.require(id, visibleTo: viewer, in: db)
        case .draftFiles: _ = try desk.drafts.requireFile(id, visibleTo: viewer, in: db)
        case .deliveries: _ = try desk.stores.deliveries.requireRaw(id, visibleTo: viewer, in: db)
        case .rounds:
            let rounds = RoundStore(ids: desk.ids, raws: desk.stores.raws)
            _ = try rounds.require(id, visibleTo: viewer, in: db)
        }
    }
}
