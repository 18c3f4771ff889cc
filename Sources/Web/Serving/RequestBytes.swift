import Base
import Hummingbird
import NIOCore

extension Request {
    /// The whole body; `tooLarge` above `limit` bytes, however it was sent: with its length, or in chunks (RFC 9112).
    package func bytes(upTo limit: Int) async throws -> [UInt8] {
        do {
            return Array(buffer: try await body.collect(upTo: limit))
        } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
            throw Failure(.tooLarge, "error-too-large")
        }
    }
}
