import Base
import Foundation
import HTTPTypes
import Hummingbird

/// Style, script and icons, in memory, under names with a hash of their content: cached for ever.
package struct StaticFiles: Sendable {
    private struct File: Sendable {
        var type: String
        var bytes: ByteBuffer
        /// In gzip.
        var packed: ByteBuffer?
    }

    private let files: [String: File]
    package let assets: Frame.Assets

    /// Reads the icons of a folder, and joins its `styles/*.css` and `scripts/*.js`, by name, into one file each.
    package init(_ folder: URL) throws {
        var files: [String: File] = [:]
        var names: [String: String] = [:]
        for (name, type) in [
            ("app.css", "text/css; charset=utf-8"), ("app.js", "text/javascript; charset=utf-8"),
            ("icons.svg", "image/svg+xml"),
            ("favicon.svg", "image/svg+xml"),
        ] {
            let bytes = try Self.bytes(of: name, in: folder)
            let hash = Hex.encode(SHA256Digest.of(bytes).prefix(6))
            let parts = name.split(separator: ".")
            let hashed = "\(parts[0])-\(hash).\(parts[1])"
            files[hashed] = File(
                type: type, bytes: ByteBuffer(bytes: bytes), packed: Gzip.pack(bytes).map { ByteBuffer(bytes: $0) })
            names[name] = "/static/" + hashed
        }
        self.files = files
        assets = Frame.Assets(
            stylesheet: names["app.css"] ?? "", script: names["app.js"] ?? "", icons: names["icons.svg"] ?? "",
            favicon: names["favicon.svg"] ?? "")
    }

    private static func bytes(of name: String, in folder: URL) throws -> [UInt8] {
        let parts = ["app.css": "styles", "app.js": "scripts"]
        guard let part = parts[name] else { return [UInt8](try Data(contentsOf: folder.appending(path: name))) }
        let files = try FileManager.default.contentsOfDirectory(
            at: folder.appending(path: part), includingPropertiesForKeys: nil)
        return try files.filter { name.hasSuffix("." + $0.pathExtension) }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
            .flatMap { [UInt8](try Data(contentsOf: $0)) }
    }

    /// `acceptEncoding` is what the browser's header says.
    package func response(_ name: String, acceptEncoding: String?) throws -> Response {
        guard let file = files[name] else { throw Failure(.notFound, "error-not-found") }
        var headers = HTTPFields()
        headers[.contentType] = file.type
        headers[.cacheControl] = "public, max-age=31536000, immutable"
        guard let packed = file.packed, Compressible.isGzipTaken(acceptEncoding ?? "") else {
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: file.bytes))
        }
        headers[.contentEncoding] = "gzip"
        headers[.vary] = "Accept-Encoding"
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: packed))
    }
}
