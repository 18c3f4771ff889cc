import Base
import Foundation
import NIOCore
import NIOPosix

/// Where a URL that somebody typed leads: an address that was looked at before anything is sent to it.
///
/// 1. The URL is read: `https`, or `http` into an allowed network; a host; no name or password in it.
/// 2. The host is resolved, once. Each address must be public (`PublicAddress`) or in an allowed network; one that is
///    not makes the whole name refused, so that a name cannot have a good address for us and another for later.
/// 3. Whoever sends connects to exactly this address: the name is not resolved again.
package struct VettedAddress: Sendable, Equatable {
    package let url: String
    package let host: String
    /// Of the host, as text.
    package let address: String

    private static let longestURL = 2000

    /// Throws `invalid` with what is wrong, `unavailable` when the name has no address now.
    package static func find(_ text: String, allowed: [AddressRange]) async throws(Failure) -> VettedAddress {
        let (url, host, isSecure) = try read(text)
        let addresses = try await resolve(host)
        let isAllowed = { (address: SocketAddress) in allowed.contains { $0.contains(address) } }
        guard let first = addresses.first, let ip = first.ipAddress else {
            throw Failure(.unavailable, "fetch-name-unknown")
        }
        guard addresses.allSatisfy({ PublicAddress.holds($0) || isAllowed($0) }) else {
            throw Failure(.invalid, "fetch-address-private")
        }
        guard isSecure || addresses.allSatisfy(isAllowed) else { throw Failure(.invalid, "fetch-not-secure") }
        return VettedAddress(url: url, host: host, address: ip)
    }

    /// With the host in one spelling, the one that the connection will be looked up by.
    private static func read(_ text: String) throws(Failure) -> (url: String, host: String, isSecure: Bool) {
        let isPlain = text.unicodeScalars.allSatisfy { (0x21...0x7e).contains($0.value) && $0 != "\\" }
        guard isPlain, text.utf8.count <= longestURL, var parts = URLComponents(string: text),
            let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme), parts.user == nil,
            parts.password == nil, parts.fragment == nil, let named = parts.host, !named.isEmpty,
            parts.port.map({ (1...65_535).contains($0) }) ?? true
        else { throw Failure(.invalid, "fetch-address-invalid") }
        let host = named.lowercased().trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        let isName = host.utf8.allSatisfy { byte in
            (97...122).contains(byte) || (48...57).contains(byte) || "-._".utf8.contains(byte)
        }
        guard isName || (try? SocketAddress(ipAddress: host, port: 0)) != nil else {
            throw Failure(.invalid, "fetch-address-invalid")
        }
        if isName { parts.host = host }
        parts.scheme = scheme
        return (parts.string ?? text, host, scheme == "https")
    }

    /// The resolver blocks, so it has threads of its own.
    private static func resolve(_ host: String) async throws(Failure) -> [SocketAddress] {
        if let literal = try? SocketAddress(ipAddress: host, port: 0) { return [literal] }
        do {
            return try await NIOThreadPool.singleton.runIfActive { try addresses(of: host) }
        } catch { throw Failure(.unavailable, "fetch-name-unknown") }
    }

    private static func addresses(of host: String) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var next = list
        while let entry = next {
            if let address = entry.pointee.ai_addr.flatMap({ address($0, entry.pointee.ai_family) }) {
                found.append(address)
            }
            next = entry.pointee.ai_next
        }
        return found
    }

    private static func address(_ pointer: UnsafeMutablePointer<sockaddr>, _ family: Int32) -> SocketAddress? {
        let raw = UnsafeRawPointer(pointer)
        switch family {
        case AF_INET: return SocketAddress(raw.load(as: sockaddr_in.self))
        case AF_INET6: return SocketAddress(raw.load(as: sockaddr_in6.self))
        default: return nil
        }
    }
}
