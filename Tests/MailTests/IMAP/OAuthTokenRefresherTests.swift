import Base
import Foundation
import Glibc
import Synchronization
import Testing

@testable import Mail

struct OAuthTokenRefresherTests {
    @Test func `a refresh token gives an access token`() async throws {
        let server = OneAnswer("200 OK", #"{"access_token":"new","expires_in":1200,"token_type":"Bearer"}"#)

        let token = try await OAuthTokenRefresher.refresh(
            tokenURL: server.url, clientID: "desk", clientSecret: "a&b=ü", refreshToken: "old+1")

        #expect(token.accessToken == "new")
        #expect(token.expiresIn == 1200)
        #expect(
            server.request.hasSuffix(
                "grant_type=refresh_token&refresh_token=old%2B1&client_id=desk&client_secret=a%26b%3D%C3%BC"))
    }

    @Test(arguments: [
        ("400 Bad Request", #"{"error":"invalid_grant"}"#, Failure.Code.refused),
        ("503 Away", "", .unavailable), ("429 Slow", "", .unavailable), ("200 OK", "<html>", .unavailable),
    ])
    func `a refusal needs a person, all else another try`(status: String, body: String, code: Failure.Code) async {
        let server = OneAnswer(status, body)

        let failure = await #expect(throws: Failure.self) {
            try await OAuthTokenRefresher.refresh(
                tokenURL: server.url, clientID: "desk", clientSecret: nil, refreshToken: "old")
        }

        #expect(failure?.code == code)
    }

    @Test func `a secret does not leave the machine in clear text`() async {
        await #expect(throws: Failure(.configuration, "oauth-url-invalid")) {
            try await OAuthTokenRefresher.refresh(
                tokenURL: "http://sign-in.example/token", clientID: "desk", clientSecret: nil, refreshToken: "old")
        }
    }
}

/// A server of HTTP on loopback for one request, on a thread of its own.
private final class OneAnswer: Sendable {
    private let port: Int
    private let heard = Mutex("")

    init(_ status: String, _ body: String) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Dovecot.loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(bind(listener, $0, length) == 0 && listen(listener, 1) == 0)
                getsockname(listener, $0, &length)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        let thread = Thread { [self] in
            let peer = accept(listener, nil, nil)
            read(peer)
            let answer = Array("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
            _ = send(peer, answer, answer.count, Int32(MSG_NOSIGNAL))
            close(peer)
            close(listener)
        }
        thread.start()
    }

    var url: String { "http://127.0.0.1:\(port)/token" }
    var request: String { heard.withLock { $0 } }

    /// Head and a body of the announced length.
    private func read(_ peer: Int32) {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(peer, &buffer, buffer.count, 0), count > 0 {
            all += buffer.prefix(count)
            let text = String(decoding: all, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n"), let mark = text.range(of: "Content-Length: ") else { continue }
            let announced = Int(text[mark.upperBound...].prefix { $0.isNumber }) ?? 0
            if text[end.upperBound...].utf8.count >= announced { break }
        }
        heard.withLock { $0 = String(decoding: all, as: UTF8.self) }
    }
}
