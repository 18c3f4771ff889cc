import Base
import Foundation
import HTTPTypes
import Hummingbird
import Mail
import Storage
import Web

/// Previews of attachments and the HTML of mails: pictures we made, and trees we cleaned, in documents that run
/// nothing.
struct AttachmentPictures: Sendable {
    /// Bytes; larger files are not looked into.
    static let largest = 50 << 20
    private static let inlineBytes = 5 << 20

    let desk: Desk

    static func canShow(_ contentType: String) -> Bool { AttachmentPicture.canShow(contentType) }

    func preview(_ id: ID, for viewer: Viewer) async throws -> Response {
        let (file, bytes, ticket) = try await desk.database.read { [desk] db in
            let file = try desk.stores.messages.requireAttachment(id, visibleTo: viewer, in: db)
            let message = try desk.stores.messages.require(file.message, visibleTo: viewer, in: db)
            try ChildSafety.requireOpen(message.ticket, to: viewer, in: db)
            guard let raw = message.raw, Self.canShow(file.contentType), file.size <= Self.largest else {
                throw Failure(.notFound, "error-not-found")
            }
            return (file, try desk.stores.raws.bytes(of: raw, in: db), message.ticket)
        }
        try await desk.noteOpened(.attachment, of: [ticket], subject: id, by: viewer)
        let decoded = try await desk.reader.attachment(file.position, bytes)
        guard let picture = await desk.reader.picture(file.contentType, decoded) else {
            throw Failure(.notFound, "preview-none")
        }
        var headers = HTTPFields()
        headers[.contentType] = "image/png"
        headers[.cacheControl] = "no-store"
        headers[.contentSecurityPolicy] = "sandbox; default-src 'none'"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: picture)))
    }

    /// Cleaned HTML with the mail's own pictures put in as data, for a mail whose pictures somebody asked for.
    func withPictures(_ html: String, _ files: [Attachment], raw: [UInt8]) async throws -> String {
        var html = html
        var total = 0
        for file in files where !file.contentID.isEmpty && Self.canShow(file.contentType) {
            let place = "src=\"cid:\(file.contentID)\""
            guard html.contains(place), total + file.size <= Self.inlineBytes else { continue }
            total += file.size
            let bytes = try await desk.reader.attachment(file.position, raw)
            guard let picture = await desk.reader.picture(file.contentType, bytes) else { continue }
            html = html.replacing(place, with: "src=\"data:image/png;base64,\(Data(picture).base64EncodedString())\"")
        }
        return html
    }
}
