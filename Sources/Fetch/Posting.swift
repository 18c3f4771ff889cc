import AsyncHTTPClient
import Base
import Foundation
import NIOCore
import NIOPosix

/// Sends a request to a server that somebody else named, and learns no more than how it was taken.
///
/// The server gets `limits.connect` to let us in and `limits.whole` for everything. Redirects are not followed: they
/// would lead past the look at the address. Of the answer only the status counts; its body is read up to
/// `limits.answer` bytes, so that a well-meant connection ends well, and thrown away. Nothing is unpacked.
package struct Posting: Sendable {
    package struct Limits: Sendable {
        package var connect: Int64 = 5_000
        package var whole: Int64 = 15_000
        package var answer = 64 << 10

        package init() {}
    }

    package let allowed: [AddressRange]
    private let limits: Limits

    package init(allowed: [AddressRange], limits: Limits = Limits()) {
        self.allowed = allowed
        self.limits = limits
    }

    /// The status of the answer. Throws `invalid` for an address that is refused, else `unavailable` with what
    /// happened.
    package func post(
        _ body: [UInt8], to url: String, headers: [(String, String)]
    ) async throws(Failure) -> Int {
        let place = try await VettedAddress.find(url, allowed: allowed)
        let client = HTTPClient(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration(for: place))
        let outcome = await send(body, to: place, headers, by: client)
        try? await client.shutdown()
        return try outcome.get()
    }

    private func configuration(for place: VettedAddress) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .milliseconds(limits.connect), read: .milliseconds(limits.whole)),
            decompression: .disabled)
        configuration.dnsOverride = [place.host: place.address]
        configuration.httpVersion = .http1Only
        configuration.networkFrameworkWaitForConnectivity = false
        return configuration
    }

    private func send(
        _ body: [UInt8], to place: VettedAddress, _ headers: [(String, String)], by client: HTTPClient
    ) async -> Result<Int, Failure> {
        var request = HTTPClientRequest(url: place.url)
        request.method = .POST
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(bytes: body))
        let asked = request
        let limits = limits
        return await withTaskGroup(of: Result<Int, Failure>.self) { group in
            group.addTask {
                do {
                    let answer = try await client.execute(asked, timeout: .milliseconds(limits.whole))
                    try await Self.drain(answer, upTo: limits.answer)
                    return .success(Int(answer.status.code))
                } catch { return .failure(Self.failure(error)) }
            }
            group.addTask {
                try? await Task.sleep(for: .milliseconds(limits.whole))
                return .failure(Failure(.unavailable, "fetch-slow"))
            }
            let first = await group.next() ?? .failure(Failure(.internal, "error-internal"))
            group.cancelAll()
            return first
        }
    }

    private static func drain(_ answer: HTTPClientResponse, upTo limit: Int) async throws {
        var count = 0
        for try await part in answer.body {
            count += part.readableBytes
            if count > limit { return }
        }
    }

    private static func failure(_ error: any Error) -> Failure {
        if let error = error as? HTTPClientError,
            [.connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded].contains(error)
        {
            return Failure(.unavailable, "fetch-slow")
        }
        let type = String(reflecting: Swift.type(of: error))
        let isCertificate = type.contains("NIOSSL") || "\(error)".contains("handshake")
        return Failure(.unavailable, isCertificate ? "fetch-certificate" : "fetch-unreachable", details: type)
    }
}
