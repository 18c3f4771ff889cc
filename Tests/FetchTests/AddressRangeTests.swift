import Base
import NIOCore
import Testing

@testable import Fetch

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("10.1.0.0/16", "10.1.255.3", true), ("10.1.0.0/16", "10.2.0.1", false), ("127.0.0.1", "127.0.0.1", true),
        ("127.0.0.1", "127.0.0.2", false), ("fd00::/8", "fd12::1", true), ("fd00::/8", "fe80::1", false),
        ("0.0.0.0/0", "8.8.8.8", true), ("10.0.0.0/8", "::1", false), ("192.168.1.128/25", "192.168.1.127", false),
    ]) func `a network holds its addresses and no others`(network: String, address: String, isIn: Bool) throws {
        let range = try #require(AddressRange(network))

        #expect(range.contains(try SocketAddress(ipAddress: address, port: 0)) == isIn)
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/8/9", "desk.example", "10.0.0.0/-1"])
    func `what is none is refused`(text: String) { #expect(AddressRange(text) == nil) }
}

@Suite struct VettedAddressTests {
    private static let loopback = [AddressRange("127.0.0.0/8"), AddressRange("::1")].compactMap { $0 }

    @Test(arguments: [
        "http://127.0.0.1:8080/", "https://localhost/", "https://LOCALHOST/", "https://2130706433/",
        "https://0x7f000001/", "https://127.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://0/",
        "https://169.254.169.254/", "https://100.64.0.1/",
    ]) func `an address that leads inside is refused`(url: String) async {
        await #expect(throws: Failure.self) { try await VettedAddress.find(url, allowed: []) }
    }

    @Test(arguments: [
        "", "desk", "ftp://board.example/", "file:///etc/passwd", "https://a@board.example/", "https:///x",
        "https://board.example/#part", "https://board.example:0/", "https://bo ard.example/", "https://böard.example/",
        "https://board.example\\@127.0.0.1/",
    ]) func `what is no plain address of a server is invalid`(url: String) async {
        let failure = await #expect(throws: Failure.self) { try await VettedAddress.find(url, allowed: Self.loopback) }
        #expect(failure?.code == .invalid)
        #expect(failure?.messageKey == "fetch-address-invalid")
    }

    @Test func `an allowed network may be called, in clear text too`() async throws {
        let place = try await VettedAddress.find("http://LOCALHOST:8081/hook?a=1", allowed: Self.loopback)

        #expect(place.host == "localhost")
        #expect(place.url == "http://localhost:8081/hook?a=1")
        #expect(["127.0.0.1", "::1"].contains(place.address))
    }

    @Test func `the open net is called by HTTPS only`() async {
        let failure = await #expect(throws: Failure.self) {
            try await VettedAddress.find("http://8.8.8.8/", allowed: Self.loopback)
        }
        #expect(failure?.messageKey == "fetch-not-secure")
    }
}
