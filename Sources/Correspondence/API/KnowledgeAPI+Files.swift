import Base
import Foundation
import Hummingbird
import Knowledge
import Storage
import Web

/// `/api/v1/texts/{id}/file`: the bytes of a picture, logo or document. They come in as Base64 and go out as they are.
extension KnowledgeAPI {
    /// Base64 takes four bytes for three.
    private static var bodyLimit: Int { 36 << 20 }

    func addFiles(to api: RouterGroup<WebContext>) {
        api.get("/texts/:id/file") { request, context in try await file(request, try context.requireID()) }
        api.post("/texts/:id/file") { request, context in
            let id = try context.requireID()
            return try await writing.run(request, status: 200, limit: Self.bodyLimit) {
                try await putFile(id, $0, $1)
            }
        }
    }

    private func file(_ request: Request, _ id: ID) async throws -> Response {
        let caller = try await APICaller.require(request, access)
        let text = try await open(id, caller)
        guard let raw = text.raw else { throw Failure(.notFound, "error-not-found") }
        let bytes = try await library.database.read { [library] db in try library.store.raws.bytes(of: raw, in: db) }
        return Response(
            status: .ok,
            headers: TextRoutes.download(
                text.fields["filename"] ?? text.slug, type: text.fields["content-type"] ?? ""),
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Other bytes are a new version; the same again are none.
    private func putFile(_ id: ID, _ input: APIInput, _ caller: APICaller) async throws -> String {
        let now = library.clock.now()
        try await library.database.write { [library] db in
            let text = try library.store.requireChangeable(id, by: caller.viewer, in: db)
            guard text.kind == .file else { throw Failure(.invalid, "error-invalid", details: "the text is no file") }
            guard let data = Data(base64Encoded: try input.requireText("content")), !data.isEmpty else {
                throw Failure(.invalid, "error-invalid", details: "content is no Base64")
            }
            let bytes = [UInt8](data)
            var content = TextContent(
                title: text.title, body: try library.store.body(of: id, in: db), fields: text.fields,
                note: try input.optionalText("note") ?? "")
            content.fields["filename"] = try input.requireText("filename")
            content.fields["content-type"] = try input.optionalText("contentType") ?? "application/octet-stream"
            let known = try text.raw.map { try library.store.raws.sha256(of: $0, in: db) }
            if known != SHA256Digest.of(bytes) { content.raw = try library.store.raws.add(bytes, in: db) }
            _ = try library.store.save(
                content, of: text, seen: text.version, by: caller.viewer.memberID, at: now, in: db)
        }
        return try await value(id, nil, caller)
    }
}
