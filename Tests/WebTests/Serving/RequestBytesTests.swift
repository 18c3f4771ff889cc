import Base
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import Web

@Suite("The body of a request")
struct RequestBytesTests {
    private func request(_ body: RequestBody) -> Request {
        Request(head: HTTPRequest(method: .post, scheme: "http", authority: "desk.example", path: "/"), body: body)
    }

    private func chunks(_ sizes: [Int]) -> RequestBody {
        RequestBody(
            asyncSequence: AsyncStream { sender in
                for size in sizes { sender.yield(ByteBuffer(repeating: 7, count: size)) }
                sender.finish()
            })
    }

    @Test func `Up to its limit it is read whole, with its length or in chunks`() async throws {
        let whole = request(RequestBody(buffer: ByteBuffer(repeating: 7, count: 100)))

        #expect(try await whole.bytes(upTo: 100).count == 100)
        #expect(try await request(chunks([60, 40])).bytes(upTo: 100).count == 100)
    }

    @Test func `Above its limit it is refused as too large, with its length or in chunks`() async throws {
        let whole = request(RequestBody(buffer: ByteBuffer(repeating: 7, count: 101)))

        await #expect(throws: Failure(.tooLarge, "error-too-large")) { try await whole.bytes(upTo: 100) }
        await #expect(throws: Failure(.tooLarge, "error-too-large")) {
            try await request(chunks([60, 41])).bytes(upTo: 100)
        }
    }
}
