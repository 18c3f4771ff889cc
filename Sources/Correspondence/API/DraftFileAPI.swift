import Base
import Foundation
import Hummingbird
import Storage
import Web

/// `/api/v1`: files that go with a draft. They come in as Base64 and go out as bytes.
package struct DraftFileAPI: Sendable {
    /// Base64 takes four bytes for three.
    private static let bodyLimit = 36 << 20

    private let api: APIRoutes
    private var desk: Desk { api.desk }

    package init(_ api: APIRoutes) { self.api = api }

    package func add(to router: Router<WebContext>) {
        let group = router.group("/api/v1")
        group.post("/drafts/:id/files") { request, context in
            let id = try context.requireID()
            return try await api.write(request, status: 201, limit: Self.bodyLimit) { try await add(id, $0, $1) }
        }
        group.get("/draft-files/:id") { request, context in try await read(request, try context.requireID()) }
        group.delete("/draft-files/:id") { request, context in try await remove(request, try context.requireID()) }
    }

    private func add(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let filename = try input.requireText("filename")
        let type = try input.optionalText("contentType") ?? "application/octet-stream"
        guard let data = Data(base64Encoded: try input.requireText("content")) else {
            throw Failure(.invalid, "error-invalid", details: "content is no Base64")
        }
        let (bytes, now) = (PictureTraces.removed(from: [UInt8](data)), desk.clock.now())
        return try await desk.database.write { [desk] db in
            let draft = try requireWritable(id, caller, in: db)
            try desk.drafts.addFile(filename: filename, contentType: type, bytes: bytes, to: draft.id, in: db)
            try desk.drafts.noteFiles(of: draft.id, by: caller.viewer.memberID, at: now, in: db)
            let event = Event(
                "draft-saved", actor: caller.viewer.memberID, ticket: draft.ticket, subject: draft.id)
            try desk.stores.events.add(event, at: now, in: db)
            return APIValues.draft(
                try desk.drafts.require(id, visibleTo: caller.viewer, in: db), try desk.drafts.files(of: id, in: db))
        }
    }

    private func requireWritable(_ id: ID, _ caller: APICaller, in db: any Connection) throws -> Draft {
        let draft = try desk.drafts.require(id, visibleTo: caller.viewer, in: db)
        let ticket = try desk.stores.tickets.require(draft.ticket, visibleTo: caller.viewer, in: db)
        guard caller.viewer.may(.draft, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
        return draft
    }

    private func read(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        let (file, draft, bytes) = try await desk.database.read { [desk] db in
            let (file, draft) = try desk.drafts.requireFile(id, visibleTo: caller.viewer, in: db)
            return (file, draft, try desk.drafts.bytes(of: file, in: db))
        }
        try await desk.noteOpened(.attachment, of: [draft.ticket], subject: id, by: caller.viewer)
        return Response(
            status: .ok, headers: MessageRoutes.download(file.filename, type: file.contentType),
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func remove(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, api.access)
        try caller.requireWriting()
        let now = desk.clock.now()
        try await desk.database.write { [desk] db in
            let (file, found) = try desk.drafts.requireFile(id, visibleTo: caller.viewer, in: db)
            let draft = try requireWritable(found.id, caller, in: db)
            try desk.drafts.removeFile(file, in: db)
            try desk.drafts.noteFiles(of: draft.id, by: caller.viewer.memberID, at: now, in: db)
            let event = Event(
                "draft-saved", actor: caller.viewer.memberID, ticket: draft.ticket, subject: draft.id)
            try desk.stores.events.add(event, at: now, in: db)
        }
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }
}
