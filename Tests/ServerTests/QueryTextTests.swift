import HTTPTypes
import Hummingbird
import Testing

@testable import Web

@Suite struct QueryTextTests {
    @Test(arguments: [
        ("/search?query=state%3Aopen+bridge", "state:open bridge"), ("/search?query=a%20b%2Bc", "a b+c"),
        ("/search?other=1&query=", ""),
    ]) func `a space is a space however it was written`(address: String, text: String) {
        let head = HTTPRequest(method: .get, scheme: "http", authority: "desk.example", path: address)
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))

        #expect(request.queryText("query") == text)
        #expect(request.queryText("absent") == nil)
    }
}
