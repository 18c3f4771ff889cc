import Base
import HTTPTypes
import Hummingbird
import Storage
import Web

/// Originals and attachments: always as files to save, never shown by the browser as ours.
package struct MessageRoutes: Sendable {
    private let desk: Desk
    private let site: Site

    package init(desk: Desk, site: Site) {
        self.desk = desk
        self.site = site
    }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(MessagePaths.original.route) { _, context in
            let id = try context.requireID()
            return try await Self.raw(id, desk: desk, viewer: context.viewer, filename: "\(id).eml")
        }
        signedIn.get(MessagePaths.attachment.route, use: attachment)
        signedIn.get(MessagePaths.html.route, use: html)
    }

    /// The bytes as they arrived, streamed a piece at a time.
    static func raw(_ id: ID, desk: Desk, viewer: Viewer, filename: String) async throws -> Response {
        let (raw, ticket) = try await desk.database.read { db in
            let message = try desk.stores.messages.require(id, visibleTo: viewer, in: db)
            try ChildSafety.requireOpen(message.ticket, to: viewer, in: db)
            guard let raw = message.raw else { throw Failure(.notFound, "error-not-found") }
            return (raw, message.ticket)
        }
        try await desk.noteOpened(.original, of: [ticket], subject: id, by: viewer)
        return try await stream(raw, desk: desk, filename: filename)
    }

    /// Bytes the caller was allowed to have, a piece at a time.
    static func stream(_ raw: ID, desk: Desk, filename: String) async throws -> Response {
        let size = try await desk.database.read { try desk.stores.raws.size(of: raw, in: $0) }
        let body = ResponseBody(contentLength: size) { writer in
            var position = 0
            while true {
                let at = position
                guard let piece = try await desk.database.read({ try desk.stores.raws.chunk(at, of: raw, in: $0) })
                else { break }
                try await writer.write(ByteBuffer(bytes: piece))
                position += 1
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: download(filename, type: "message/rfc822"), body: body)
    }

    @Sendable private func attachment(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let (file, bytes, ticket) = try await desk.database.read { [desk] db in
            let file = try desk.stores.messages.requireAttachment(id, visibleTo: context.viewer, in: db)
            let message = try desk.stores.messages.require(file.message, visibleTo: context.viewer, in: db)
            try ChildSafety.requireOpen(message.ticket, to: context.viewer, in: db)
            guard let raw = message.raw else { throw Failure(.notFound, "error-not-found") }
            return (file, try desk.stores.raws.bytes(of: raw, in: db), message.ticket)
        }
        try await desk.noteOpened(.attachment, of: [ticket], subject: id, by: context.viewer)
        let decoded = try await desk.reader.attachment(file.position, bytes)
        let name = file.filename.isEmpty ? "attachment-\(file.position + 1)" : file.filename
        return Response(
            status: .ok, headers: Self.download(name, type: file.contentType),
            body: .init(byteBuffer: ByteBuffer(bytes: decoded)))
    }

    /// The mail's HTML, sanitised, in a document that may load nothing and run nothing.
    @Sendable private func html(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let id = try context.requireID()
        let (files, bytes, ticket) = try await desk.database.read { [desk] db in
            let message = try desk.stores.messages.require(id, visibleTo: context.viewer, in: db)
            try ChildSafety.requireOpen(message.ticket, to: context.viewer, in: db)
            guard let raw = message.raw, message.hasHTML else { throw Failure(.notFound, "error-not-found") }
            return (
                try desk.stores.messages.attachments(of: id, in: db), try desk.stores.raws.bytes(of: raw, in: db),
                message.ticket
            )
        }
        try await desk.noteOpened(.html, of: [ticket], subject: id, by: context.viewer)
        var clean = try await desk.reader.sanitizedHTML(bytes)
        if request.uri.queryParameters["pictures"] == "shown" {
            clean = try await AttachmentPictures(desk: desk).withPictures(clean, files, raw: bytes)
        }
        var headers = HTTPFields()
        headers[.contentType] = "text/html; charset=utf-8"
        headers[.cacheControl] = "no-store"
        headers[.contentSecurityPolicy] =
            "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'self'"
        let page = "<!doctype html><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\">" + clean
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: page)))
    }

    /// RFC 6266, with the name in RFC 8187 form.
    static func download(_ filename: String, type: String) -> HTTPFields {
        var headers = HTTPFields()
        let isPlain = type.unicodeScalars.allSatisfy { $0.value > 32 && $0.value < 127 && $0 != ";" }
        headers[.contentType] = isPlain && !type.isEmpty ? type : "application/octet-stream"
        if type == "text/html" || type.contains("xml") || type.contains("script") || type == "image/svg+xml" {
            headers[.contentType] = "application/octet-stream"
        }
        headers[.contentDisposition] = AttachmentHeader.value(filename)
        headers[.cacheControl] = "no-store"
        headers[.contentSecurityPolicy] = "sandbox; default-src 'none'"
        return headers
    }
}
