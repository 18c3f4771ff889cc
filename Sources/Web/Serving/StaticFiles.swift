import Base
import Foundation
import HTTPTypes
import Hummingbird

/// Style, script and icons, in memory, under names with a hash of their content: cached for ever.
package struct StaticFiles: Sendable {
    private struct File: Sendable {
        var type: String
        var bytes: [UInt8]
    }

    private let files: [String: File]
    package let assets: Frame.Assets

    /// Reads `app.css`, `app.js` and `icons.svg` of a folder.
    package init(_ folder: URL) throws {
        var files: [String: File] = [:]
        var names: [String: String] = [:]
        for (name, type) in [
            ("app.css", "text/css; charset=utf-8"), ("app.js", "text/javascript; charset=utf-8"),
            ("icons.svg", "image/svg+xml"),
            ("favicon.svg", "image/svg+xml"),
        ] {
            let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
            let hash = Hex.encode(SHA256Digest.of(bytes).prefix(6))
            let parts = name.split(separator: ".")
            let hashed = "\(parts[0])-\(hash).\(parts[1])"
            files[hashed] = File(type: type, bytes: bytes)
            names[name] = "/static/" + hashed
        }
        self.files = files
        assets = Frame.Assets(
            stylesheet: names["app.css"] ?? "", script: names["app.js"] ?? "", icons: names["icons.svg"] ?? "",
            favicon: names["favicon.svg"] ?? "")
    }

    package func response(_ name: String) throws -> Response {
        guard let file = files[name] else { throw Failure(.notFound, "error-not-found") }
        var headers = HTTPFields()
        headers[.contentType] = file.type
        headers[.cacheControl] = "public, max-age=31536000, immutable"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }
}
