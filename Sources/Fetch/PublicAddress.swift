import NIOCore

/// Which addresses a server of others may have: none of this machine or of a private network, so that an address
/// somebody typed cannot be used to ask what stands behind our walls (server-side request forgery, CWE-918).
///
/// Source of the ranges: IANA's registries of special-purpose addresses for IPv4 and IPv6 (RFC 6890 and its updates).
package enum PublicAddress {
    /// Whether an address is reachable from everywhere, by those registries.
    package static func holds(_ address: SocketAddress) -> Bool {
        switch address {
        case .v4(let address):
            withUnsafeBytes(of: address.address.sin_addr) { holds(v4: Array($0)) }
        case .v6(let address):
            withUnsafeBytes(of: address.address.sin6_addr) { holds(v6: Array($0)) }
        case .unixDomainSocket: false
        }
    }

    /// `bytes` is an IPv4 address in network order.
    private static func holds(v4 bytes: [UInt8]) -> Bool {
        let address = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return !specialV4.contains { network, length in address >> (32 - length) == network >> (32 - length) }
    }

    /// `bytes` is an IPv6 address in network order. Only global unicast counts, less its special parts; an IPv4
    /// address inside (mapped, NAT64, 6to4) is judged as such.
    private static func holds(v6 bytes: [UInt8]) -> Bool {
        if bytes[0..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff {
            return holds(v4: Array(bytes[12...]))
        }
        if bytes.starts(with: [0x00, 0x64, 0xff, 0x9b]), bytes[4..<12].allSatisfy({ $0 == 0 }) {
            return holds(v4: Array(bytes[12...]))
        }
        guard bytes[0] & 0xe0 == 0x20 else { return false }
        if bytes[0] == 0x20, bytes[1] == 0x02 { return holds(v4: Array(bytes[2..<6])) }
        let isProtocol = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] < 0x02
        let isDocumentation =
            bytes.starts(with: [0x20, 0x01, 0x0d, 0xb8]) || (bytes[0] == 0x3f && bytes[1] == 0xff && bytes[2] < 0x10)
        return !isProtocol && !isDocumentation
    }

    /// Network and length of its prefix.
    private static let specialV4: [(UInt32, UInt32)] = [
        (0x0000_0000, 8), (0x0a00_0000, 8), (0x6440_0000, 10), (0x7f00_0000, 8), (0xa9fe_0000, 16), (0xac10_0000, 12),
        (0xc000_0000, 24), (0xc000_0200, 24), (0xc058_6300, 24), (0xc0a8_0000, 16), (0xc612_0000, 15),
        (0xc633_6400, 24), (0xcb00_7100, 24), (0xe000_0000, 4), (0xf000_0000, 4),
    ]
}
