import Fetch
import NIOCore
import Testing

@Suite struct PublicAddressTests {
    @Test(arguments: [
        "93.184.215.14", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808",
    ])
    func `addresses of the open net are public`(text: String) throws {
        #expect(PublicAddress.holds(try SocketAddress(ipAddress: text, port: 443)))
    }

    @Test(arguments: [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
        "fd12::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2001::1", "3fff::1",
    ])
    func `addresses of this machine and of private networks are not`(text: String) throws {
        #expect(!PublicAddress.holds(try SocketAddress(ipAddress: text, port: 443)))
    }
}
