import AsyncHTTPClient
import NIOCore
import NIOPosix

/// Asks pages whether they are there, without being led behind our walls: a name is resolved once, the address is
/// vetted, and the connection goes to that address; each redirect is a new question.
package struct LinkProbe: Sendable {
    package enum Outcome: String, Sendable {
        case answers
        /// The page says it is not there (404, 410), or the name does not exist.
        case gone
        /// The server fails or does not let us in at all.
        case unreachable
        /// An address nobody outside can reach.
        case refused
        /// No answer in time.
        case unknown
    }

    /// The address of a host, nil when there is none.
    package typealias Resolving = @Sendable (_ host: String, _ port: Int) throws -> SocketAddress

    private static let mostRedirects = 4
    private static let agent = "Liaison-link-check/1 (+https://www.rfc-editor.org/rfc/rfc9110)"

    private let resolve: Resolving
    private let allows: @Sendable (SocketAddress) -> Bool

    /// `allows` says which addresses may be asked; tests let their own machine in.
    package init(
        resolve: @escaping Resolving = { try SocketAddress.makeAddressResolvingHost($0, port: $1) },
        allows: @escaping @Sendable (SocketAddress) -> Bool = { PublicAddress.holds($0) }
    ) {
        self.resolve = resolve
        self.allows = allows
    }

    /// Asks all at once and returns after `milliseconds` at the latest.
    package func ask(_ links: [String], for milliseconds: Int64) async -> [String: Outcome] {
        let deadline = NIODeadline.now() + .milliseconds(milliseconds)
        return await withTaskGroup(of: (String, Outcome).self) { group in
            for link in links { group.addTask { (link, await ask(link, until: deadline)) } }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private func ask(_ link: String, until deadline: NIODeadline) async -> Outcome {
        var next = link
        for _ in 0...Self.mostRedirects {
            guard let target = LinkTarget(next) else { return next == link ? .unknown : .unreachable }
            let address: SocketAddress
            switch await resolved(target, until: deadline) {
            case .success(let found): address = found
            case .failure(let why): return why == .late ? .unknown : .gone
            }
            guard allows(address), target.hasUsualPort || !PublicAddress.holds(address), let host = address.ipAddress
            else { return .refused }
            switch await status(target, at: host, until: deadline) {
            case .redirect(let location):
                guard let absolute = target.resolving(location) else { return .unreachable }
                next = absolute
            case .outcome(let outcome): return outcome
            }
        }
        return .unreachable
    }

    // MARK: - Names

    private enum NameFailure: Error { case late, none }

    /// The system's resolver blocks a thread; whoever waits does so no longer than until the deadline.
    private func resolved(
        _ target: LinkTarget, until deadline: NIODeadline
    ) async -> Result<SocketAddress, NameFailure> {
        let loop = HTTPClient.defaultEventLoopGroup.any()
        let promise = loop.makePromise(of: SocketAddress.self)
        let timeout = loop.scheduleTask(deadline: deadline) { promise.fail(NameFailure.late) }
        let resolve = resolve
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) { try resolve(target.host, target.port) }
            .whenComplete { result in
                timeout.cancel()
                promise.completeWith(result)
            }
        do { return .success(try await promise.futureResult.get()) } catch NameFailure.late {
            return .failure(.late)
        } catch { return .failure(.none) }
    }

    // MARK: - Pages

    private enum Reply { case redirect(String), outcome(Outcome) }

    /// `HEAD` first; servers that do not know it are asked for the first bytes of the page.
    private func status(_ target: LinkTarget, at host: String, until deadline: NIODeadline) async -> Reply {
        var configuration = HTTPClient.Configuration()
        configuration.dnsOverride = [target.host: host]
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(4)
        configuration.decompression = .disabled
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        var reply = await reply(client, target, "HEAD", until: deadline)
        if case .outcome(.unreachable) = reply { reply = await self.reply(client, target, "GET", until: deadline) }
        try? await client.shutdown()
        return reply
    }

    private func reply(
        _ client: HTTPClient, _ target: LinkTarget, _ method: String, until deadline: NIODeadline
    ) async -> Reply {
        var request = HTTPClientRequest(url: target.text)
        request.method = .RAW(value: method)
        request.headers.add(name: "user-agent", value: Self.agent)
        do {
            let response = try await client.execute(request, deadline: deadline)
            switch response.status.code {
            case 200..<300, 401, 403, 429: return .outcome(.answers)
            case 300..<400: return response.headers.first(name: "location").map { .redirect($0) } ?? .outcome(.answers)
            case 404, 410:
                // Some answer `HEAD` with what is only said of pages.
                return method == "GET" ? .outcome(.gone) : await self.reply(client, target, "GET", until: deadline)
            default: return .outcome(.unreachable)
            }
        } catch {
            return .outcome(NIODeadline.now() >= deadline ? .unknown : .unreachable)
        }
    }
}

/// An address of a page we may ask: http or https, a host, a usual port, no name or password.
struct LinkTarget: Sendable, Equatable {
    private static let ports: Set<Int> = [80, 443, 8080, 8443]

    let scheme: String
    let host: String
    let port: Int
    /// With the path, without a fragment.
    let text: String

    init?(_ link: String) {
        guard let colon = link.firstRange(of: "://") else { return nil }
        scheme = link[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = link[colon.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@"), !authority.isEmpty, authority.utf8.count <= 255 else { return nil }
        let usual = scheme == "https" ? 443 : 80
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end].lowercased()
            let tail = authority[authority.index(after: end)...].dropFirst()
            port = tail.isEmpty ? usual : Int(tail) ?? 0
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { return nil }
            host = parts[0].lowercased()
            port = parts.count == 2 ? Int(parts[1]) ?? 0 : usual
        }
        // Nothing another reader of the address could read in another way: the name that is vetted is the one asked.
        let isPlain = host.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E
                || (byte == 0x3A && authority.hasPrefix("["))
        }
        guard !host.isEmpty, isPlain, (1...65_535).contains(port) else { return nil }
        let path = rest.dropFirst(authority.count)
        let name = authority.hasPrefix("[") ? "[\(host)]" : host
        text = "\(scheme)://\(name)\(port == usual ? "" : ":\(port)")\(path.isEmpty ? "/" : String(path))"
    }

    /// Services that are not for readers are not asked.
    var hasUsualPort: Bool { Self.ports.contains(port) }

    /// A location of a redirect as a whole address.
    func resolving(_ location: String) -> String? {
        if location.contains("://") { return location }
        let origin = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).prefix(3)
            .joined(separator: "/")
        if location.hasPrefix("//") { return "\(scheme):\(location)" }
        if location.hasPrefix("/") { return origin + location }
        guard let slash = text.lastIndex(of: "/") else { return nil }
        return String(text[...slash]) + location
    }
}
