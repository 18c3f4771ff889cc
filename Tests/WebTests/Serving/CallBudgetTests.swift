import Base
import Synchronization
import Testing

@testable import Web

/// So many calls a minute for each token.
@Suite struct CallBudgetTests {
    private final class Hands: Sendable {
        let time = Mutex<Milliseconds>(1_000_000)
        var clock: Clock { Clock { self.time.withLock { $0 } } }
        func advance(_ by: Milliseconds) { time.withLock { $0 += by } }
    }

    @Test func `what is spent comes back with time, and no more than all`() {
        let hands = Hands()
        let budget = CallBudget(perMinute: 60, clock: hands.clock)
        budget.open("a")
        for _ in 0..<59 { #expect(budget.spend("a") == nil) }
        #expect(budget.spend("a") == 1)

        hands.advance(999)
        #expect(budget.spend("a") == 1)
        hands.advance(1)
        #expect(budget.spend("a") == nil)
        #expect(budget.spend("a") == 1)

        hands.advance(3_600_000)
        for _ in 0..<60 { #expect(budget.spend("a") == nil) }
        #expect(budget.spend("a") == 1)
    }

    @Test func `a slow budget says how long to wait`() {
        let hands = Hands()
        let budget = CallBudget(perMinute: 2, clock: hands.clock)
        budget.open("a")
        #expect(budget.spend("a") == nil)
        #expect(budget.spend("a") == 30)
        hands.advance(29_100)
        #expect(budget.spend("a") == 1)
        hands.advance(900)
        #expect(budget.spend("a") == nil)
    }

    @Test func `each token has its own, an unknown one none, and without a limit nobody waits`() {
        let hands = Hands()
        let budget = CallBudget(perMinute: 1, clock: hands.clock)
        budget.open("a")
        budget.open("b")
        #expect(budget.spend("a") == 60)
        budget.open("a")
        #expect(budget.spend("a") == 60, "it is opened once")
        #expect(budget.spend("b") == 60)
        for _ in 0..<10 { #expect(budget.spend("unknown") == nil) }
        let free = CallBudget(perMinute: 0, clock: hands.clock)
        free.open("a")
        for _ in 0..<10 { #expect(free.spend("a") == nil) }
    }

    @Test func `a tag is known however it was sent`() {
        let tag = EntityTag.of("{}")
        #expect(tag == EntityTag.of("{}") && tag != EntityTag.of("{} "))
        #expect(EntityTag.isNamed(tag, in: tag) && EntityTag.isNamed(tag, in: "\"x\", W/\(tag)"))
        #expect(EntityTag.isNamed(tag, in: EntityTag.packed(tag)) && EntityTag.isNamed(tag, in: "*"))
        #expect(!EntityTag.isNamed(tag, in: "\"x\"") && !EntityTag.isNamed(tag, in: ""))
    }
}
