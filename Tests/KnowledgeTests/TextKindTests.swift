import Knowledge
import Testing

@Suite struct TextKindTests {
    @Test func `kinds have names that do not clash`() {
        #expect(Set(TextKind.allCases.map(\.rawValue)).count == TextKind.allCases.count)
    }
}
