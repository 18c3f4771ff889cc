import Testing

@testable import Web

@Suite struct PathPatternTests {
    @Test func `a link has the ids in place, and the first page has one too`() {
        let pattern: PathPattern = "/queues/:id/rights/:other"
        let home: PathPattern = "/"

        #expect(pattern(7, 8) == "/queues/7/rights/8")
        #expect(home() == "/")
        #expect(home(query: [("a", "b c"), ("none", "")]) == "/?a=b%20c")
    }
}
