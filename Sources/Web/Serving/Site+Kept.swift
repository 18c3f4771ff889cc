import Base
import HTTPTypes
import Hummingbird

/// Pages that are the same for everybody: browsers and proxies may keep them.
extension Site {
    private static var keptFor: String { "public, max-age=60, stale-while-revalidate=600" }

    /// A public page with a hash of its bytes; who has it already gets 304.
    package func keptPage(_ page: some Page, for request: Request) -> Response {
        kept(text(of: page, for: request), type: "text/html; charset=utf-8", for: request)
    }

    package func kept(_ text: String, type: String, for request: Request) -> Response {
        let bytes = Array(text.utf8)
        let tag = EntityTag.of(bytes)
        let headers: HTTPFields = [
            .contentType: type, .cacheControl: Self.keptFor, .eTag: tag, .vary: "Accept-Language",
        ]
        let known = request.headers[.ifNoneMatch] ?? ""
        guard !EntityTag.isNamed(tag, in: known) else { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
