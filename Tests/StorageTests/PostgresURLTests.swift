import Testing

@testable import Storage

struct PostgresURLTests {
    @Test func `an address gets the limits of patience that it does not set`() {
        let limited = PostgresURL.withLimits("postgresql://desk@db.example/desk?connect_timeout=3")

        #expect(limited.hasPrefix("postgresql://desk@db.example/desk?connect_timeout=3&keepalives_idle="))
        #expect(limited.contains("&tcp_user_timeout=30000"))
        #expect(limited.ranges(of: "connect_timeout").count == 1)
        #expect(PostgresURL.withLimits("postgresql:///desk").hasPrefix("postgresql:///desk?connect_timeout=10&"))
    }
}
