import Base
import Testing

@testable import Mail

struct SMTPServerTests {
    @Test(arguments: [
        ("smtp://127.0.0.1:25", "smtp://127.0.0.1:25", SMTPServer.Security.none),
        ("smtp://localhost", "smtp://localhost:25", .none),
        ("smtp://[::1]:2525", "smtp://[::1]:2525", .none),
        ("smtp://127.0.0.1?tls=start", "smtp://127.0.0.1:25", .startTLS),
        ("smtp://mail.example:587", "smtp://mail.example:587", .startTLS),
        ("smtp://mail.example?tls=none", "smtp://mail.example:25", .none),
        ("smtps://mail.example", "smtps://mail.example:465", .tls),
    ])
    func `a URL names the server and its protection`(url: String, curl: String, security: SMTPServer.Security) throws {
        let server = try SMTPServer(url: url, caFile: nil)

        #expect(server.curlURL == curl)
        #expect(server.security == security)
    }

    @Test func `user and password are decoded`() throws {
        let server = try SMTPServer(url: "smtps://desk%40mail.example:a%3Ab@mail.example", caFile: "/etc/ca.pem")

        #expect(server.user == "desk@mail.example")
        #expect(server.password == "a:b")
        #expect(server.caFile == "/etc/ca.pem")
    }

    @Test(arguments: [
        "", "mail.example", "http://mail.example", "smtp://", "smtp://a.example/path", "smtp://a.example?tls=maybe",
        "smtps://a.example?tls=none", "smtp://a.example?x=1",
    ])
    func `a URL that is not one is a failure of the configuration`(url: String) {
        #expect(throws: Failure(.configuration, "smtp-url-invalid")) { try SMTPServer(url: url) }
    }
}
