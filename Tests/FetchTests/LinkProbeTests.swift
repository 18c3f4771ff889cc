import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Fetch

@Suite struct LinkTargetTests {
    @Test func `an address is read as it will be asked`() throws {
        let target = try #require(LinkTarget("HTTPS://Wiki.Example:8443/a?b#c"))

        #expect(target.host == "wiki.example")
        #expect(target.port == 8443)
        #expect(target.text == "https://wiki.example:8443/a?b")
        #expect(target.resolving("/z") == "https://wiki.example:8443/z")
        #expect(target.resolving("//other.example/") == "https://other.example/")
        #expect(LinkTarget("http://[2001:DB8::1]/")?.host == "2001:db8::1")
    }

    @Test(arguments: [
        "ftp://wiki.example/", "http://user:word@wiki.example/", "http://", "http://wiki.example:0/", "http://a\\b/",
        "http://wiki.exampl\u{0435}/", "http://%31.example/", "javascript:alert(1)",
    ])
    func `what could be read in two ways is not asked`(link: String) {
        #expect(LinkTarget(link) == nil)
    }
}

@Suite struct LinkProbeTests {
    /// Answers each path with its status; counts the questions.
    private func serve(_ answers: [String: String]) async throws -> (port: Int, asked: Asked, channel: any Channel) {
        let asked = Asked()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answering(answers: answers, asked: asked))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return (channel.localAddress?.port ?? 0, asked, channel)
    }

    private func probe(_ port: Int) -> LinkProbe {
        LinkProbe(
            resolve: { _, _ in try SocketAddress(ipAddress: "127.0.0.1", port: port) },
            allows: { $0.ipAddress == "127.0.0.1" })
    }

    @Test func `pages that are there, gone, moved or failing are told apart`() async throws {
        let (port, _, channel) = try await serve([
            "/here": "200 OK", "/gone": "404 Not Found", "/moved": "302 Found\r\nLocation: /here",
            "/broken": "500 Oops", "/round": "302 Found\r\nLocation: /round",
        ])
        let links = ["here", "gone", "moved", "broken", "round"].map { "http://wiki.example:\(port)/\($0)" }

        let outcomes = await probe(port).ask(links, for: 120_000)

        #expect(links.map { outcomes[$0] } == [.answers, .gone, .answers, .unreachable, .unreachable])
        try await channel.close()
    }

    @Test func `nothing on this machine or a private network is asked, by name, number or redirect`() async throws {
        let (port, asked, channel) = try await serve(["/": "200 OK", "/in": "302 Found\r\nLocation: http://10.0.0.1/"])
        let closed = LinkProbe(resolve: { _, port in try SocketAddress(ipAddress: "127.0.0.1", port: port) })

        let names = await closed.ask(["http://wiki.example:\(port)/", "http://127.0.0.1:\(port)/"], for: 120_000)
        #expect(Set(names.values) == [.refused])
        #expect(asked.count == 0)

        let led = LinkProbe(
            resolve: { host, port in
                try SocketAddress(ipAddress: host == "wiki.example" ? "127.0.0.1" : host, port: port)
            }, allows: { $0.ipAddress == "127.0.0.1" })
        let link = "http://wiki.example:\(port)/in"
        #expect(await led.ask([link], for: 120_000) == [link: .refused])
        try await channel.close()
    }

    @Test func `a page that says nothing keeps nobody longer than they would wait`() async throws {
        let (port, _, channel) = try await serve([:])
        let link = "http://wiki.example:\(port)/silent"

        let outcomes = await probe(port).ask([link], for: 200)

        #expect(outcomes == [link: .unknown])
        try await channel.close()
    }

    @Test func `a name nobody has is gone`() async {
        let probe = LinkProbe(resolve: { _, _ in
            throw SocketAddressError.FailedToParseIPByteBuffer(address: ByteBuffer())
        })

        #expect(await probe.ask(["http://nowhere.example/"], for: 120_000) == ["http://nowhere.example/": .gone])
    }
}

final class Asked: Sendable {
    private let number = Mutex(0)
    var count: Int { number.withLock { $0 } }
    func add() { number.withLock { $0 += 1 } }
}

/// HTTP/1.1 by hand: one question, one answer.
private final class Answering: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let answers: [String: String]
    private let asked: Asked

    init(answers: [String: String], asked: Asked) {
        self.answers = answers
        self.asked = asked
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        asked.add()
        let text = String(buffer: unwrapInboundIn(data))
        let path = text.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        guard let answer = answers[path] else { return }
        let reply = "HTTP/1.1 \(answer)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        context.writeAndFlush(NIOAny(ByteBuffer(string: reply)), promise: nil)
    }
}
