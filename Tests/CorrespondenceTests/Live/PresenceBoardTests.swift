import TestKit
import Testing

@testable import Correspondence

@Suite struct PresenceBoardTests {
    let board = PresenceBoard()
    let now = TestClock.noon

    private func entry(_ mode: PresenceBoard.Mode, page: String = "p1", ticket: Int64 = 5) -> PresenceBoard.Entry {
        PresenceBoard.Entry(ticket: ticket, member: 7, page: page, mode: mode)
    }

    @Test func `a page that is not heard of any more is gone`() {
        _ = board.note(entry(.reading), at: now)

        #expect(board.entries(at: now + PresenceBoard.lifetime - 1).count == 1)
        #expect(board.entries(at: now + PresenceBoard.lifetime).isEmpty)
        #expect(board.expire(at: now + PresenceBoard.lifetime))
    }

    @Test func `hearing the same again keeps it and is no news`() {
        _ = board.note(entry(.reading), at: now)

        let isNews = board.note(entry(.reading), at: now + 20_000)

        #expect(!isNews)
        #expect(board.entries(at: now + PresenceBoard.lifetime).count == 1)
    }

    @Test func `leaving one page leaves the other`() {
        _ = board.note(entry(.reading), at: now)
        _ = board.note(entry(.writing, page: "p2"), at: now)

        let isNews = board.note(entry(.gone, page: "p2"), at: now)

        #expect(isNews)
        #expect(board.entries(at: now) == [entry(.reading)])
    }

    @Test func `one member cannot fill it`() {
        for number in 0..<100 { _ = board.note(entry(.reading, page: "x\(number)", ticket: Int64(number)), at: now) }

        #expect(board.entries(at: now).count == 30)
    }

    @Test func `what nodes tell each other is read as it was meant`() {
        for mode in [PresenceBoard.Mode.reading, .writing, .gone] {
            #expect(PresenceBoard.Entry(word: entry(mode).word) == entry(mode))
        }
        for word in ["", "p.1.2.3", "q.1.2.a.r", "p.x.2.a.r", "p.1.2.a.z"] {
            #expect(PresenceBoard.Entry(word: word) == nil)
        }
        #expect(!board.note(entry(.reading, page: "A b"), at: now))
    }

    @Test func `streams have an upper limit and give their place back`() {
        let hub = LiveHub(clock: .system)
        var places = (0..<LiveHub.streamsOfMember).map { _ in hub.enter(7) }

        #expect(places.allSatisfy { $0 != nil })
        #expect(hub.enter(7) == nil)
        #expect(hub.enter(8) != nil)
        places.removeLast()
        #expect(hub.enter(7) != nil)
        hub.close()
        #expect(hub.enter(9) == nil)
    }
}
