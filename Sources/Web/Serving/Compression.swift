import CZlib
import HTTPTypes
import Hummingbird

/// Texts of over 1 KiB leave in gzip where the browser takes it. Form tokens are masked, so that their length and
/// repetition tell nothing (BREACH). Event streams and what has no known length go out as they are.
package struct Compression<Context: RequestContext>: RouterMiddleware {
    package init() {}

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        let isText = Compressible.isText(response.headers[.contentType] ?? "")
        guard isText, let length = response.body.contentLength, Compressible.lengths.contains(length),
            response.headers[.contentEncoding] == nil, request.method != .head
        else { return response }
        var told = response
        told.headers[values: .vary].append("Accept-Encoding")
        guard Compressible.isGzipTaken(request.headers[.acceptEncoding] ?? "") else { return told }
        let gathered = GatheringWriter()
        try await response.body.write(gathered)
        guard let packed = Gzip.pack(gathered.bytes) else { return told }
        told.headers[.contentEncoding] = "gzip"
        told.headers[.eTag] = told.headers[.eTag].map(EntityTag.packed)
        told.headers[.contentLength] = nil
        told.body = ResponseBody(byteBuffer: ByteBuffer(bytes: packed))
        return told
    }
}

/// What is worth it.
enum Compressible {
    static let lengths = 1025...(8 << 20)

    static func isText(_ contentType: String) -> Bool {
        let type = contentType.prefix { $0 != ";" && $0 != " " }.lowercased()
        guard type != "text/event-stream" else { return false }
        return type.hasPrefix("text/") || type.hasSuffix("+json") || type.hasSuffix("+xml")
            || ["application/json", "application/javascript"].contains(type)
    }

    /// `gzip` or `*` is named, and not with a quality of 0.
    static func isGzipTaken(_ header: String) -> Bool {
        let codings = header.lowercased().split(separator: ",").map { coding in
            coding.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
        }
        guard let coding = codings.first(where: { $0.first == "gzip" }) ?? codings.first(where: { $0.first == "*" })
        else { return false }
        guard let quality = coding.dropFirst().first(where: { $0.hasPrefix("q=") }) else { return true }
        return (Double(quality.dropFirst(2)) ?? 0) > 0
    }
}

/// gzip in one go.
enum Gzip {
    /// zlib's level; a page of 60 kB takes some 0.6 ms.
    private static let level: Int32 = 5

    /// Nil when zlib cannot (no memory).
    static func pack(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        guard liaison_gzip_start(&stream, level) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, uLong(bytes.count))))
        let result = input.withUnsafeMutableBufferPointer { from in
            output.withUnsafeMutableBufferPointer { to in
                stream.next_in = from.baseAddress
                stream.avail_in = uInt(from.count)
                stream.next_out = to.baseAddress
                stream.avail_out = uInt(to.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        guard result == Z_STREAM_END else { return nil }
        return Array(output.prefix(Int(stream.total_out)))
    }
}

/// Takes a body whole.
final class GatheringWriter: ResponseBodyWriter {
    private(set) var bytes: [UInt8] = []

    func write(_ buffer: ByteBuffer) async throws { bytes += buffer.readableBytesView }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
