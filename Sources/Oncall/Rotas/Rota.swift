import Base
import Foundation

/// People who take turns in being reachable, and how they are called.
package struct Rota: Sendable, Equatable {
    package var id: ID
    package var name: String
    /// In which shifts are entered and repeat.
    package var zone: String
    /// Enters shifts; is told of gaps.
    package var keeper: ID
    /// Who is called when nobody of the rota answers.
    package var outsideAddress: String
    /// BCP 47.
    package var outsideLanguage: String
    /// Minutes until the same person is called again.
    package var repeatMinutes: Int
    /// Minutes until the next person is called.
    package var nextMinutes: Int
    /// Minutes until the outside address is called.
    package var outsideMinutes: Int
    /// Minutes in which further tickets join a page.
    package var joinMinutes: Int
    /// True for the rota of all queues that have none of their own.
    package var isUsual: Bool

    package var timeZone: TimeZone { TimeZone(identifier: zone) ?? .gmt }

    package init(
        id: ID, name: String, zone: String, keeper: ID, outsideAddress: String, outsideLanguage: String = "en",
        repeatMinutes: Int = 5, nextMinutes: Int = 15, outsideMinutes: Int = 60, joinMinutes: Int = 15,
        isUsual: Bool = false
    ) {
        self.id = id
        self.name = name
        self.zone = zone
        self.keeper = keeper
        self.outsideAddress = outsideAddress
        self.outsideLanguage = outsideLanguage
        self.repeatMinutes = repeatMinutes
        self.nextMinutes = nextMinutes
        self.outsideMinutes = outsideMinutes
        self.joinMinutes = joinMinutes
        self.isUsual = isUsual
    }
}

/// A member's place in a rota. Whether they are called is theirs to say.
package struct Seat: Sendable, Equatable {
    package var rota: ID
    package var member: ID
    /// False until they say themselves that they may be called.
    package var isIn: Bool
    /// May be called although it is not their shift, when those on duty do not answer.
    package var isReserve: Bool
    /// Where pages go to; empty for the account's own address.
    package var address: String

    package init(rota: ID, member: ID, isIn: Bool, isReserve: Bool = false, address: String = "") {
        self.rota = rota
        self.member = member
        self.isIn = isIn
        self.isReserve = isReserve
        self.address = address
    }
}

/// Somebody's turn, in the wall clock of the rota's zone.
package struct Shift: Sendable, Equatable {
    package var id: ID
    package var rota: ID
    package var member: ID
    /// Local days since 1970-01-01, minutes since midnight.
    package var firstDay: Int64
    package var fromMinute: Int
    /// Days later on which it ends.
    package var dayCount: Int
    package var untilMinute: Int
    /// 0: once.
    package var everyWeeks: Int
    /// The last day on which it may begin; nil: on and on.
    package var lastDay: Int64?
    /// 1 is called first, 2 stands behind.
    package var place: Int

    package init(
        id: ID, rota: ID, member: ID, firstDay: Int64, fromMinute: Int, dayCount: Int, untilMinute: Int,
        everyWeeks: Int = 0, lastDay: Int64? = nil, place: Int = 1
    ) {
        self.id = id
        self.rota = rota
        self.member = member
        self.firstDay = firstDay
        self.fromMinute = fromMinute
        self.dayCount = dayCount
        self.untilMinute = untilMinute
        self.everyWeeks = everyWeeks
        self.lastDay = lastDay
        self.place = place
    }

    /// Its times that touch a stretch, in their order.
    func duties(from: Milliseconds, until: Milliseconds, in zone: TimeZone) -> [Duty] {
        guard from < until else { return [] }
        let step = Int64(everyWeeks) * 7
        var day = firstDay
        if step > 0 {
            let earliest = WallTime.local(from, in: zone).day - Int64(dayCount) - 1
            if earliest > day { day += (earliest - day) / step * step }
        }
        var found: [Duty] = []
        while lastDay.map({ day <= $0 }) ?? true {
            let start = WallTime.moment(day: day, minute: fromMinute, in: zone)
            guard start < until else { break }
            let end = WallTime.moment(day: day + Int64(dayCount), minute: untilMinute, in: zone)
            if end > from, end > start { found.append(Duty(member: member, from: start, until: end)) }
            guard step > 0 else { break }
            day += step
        }
        return found
    }
}

/// What two members agreed on: one takes a time of the other, with or without one in return.
package struct Swap: Sendable, Equatable {
    package enum State: String, Sendable { case asked, agreed, declined, withdrawn }

    package var id: ID
    package var rota: ID
    package var asker: ID
    package var member: ID
    package var from: Milliseconds
    package var until: Milliseconds
    package var backFrom: Milliseconds?
    package var backUntil: Milliseconds?
    package var state: State

    package init(
        id: ID, rota: ID, asker: ID, member: ID, from: Milliseconds, until: Milliseconds,
        backFrom: Milliseconds? = nil, backUntil: Milliseconds? = nil, state: State = .asked
    ) {
        self.id = id
        self.rota = rota
        self.asker = asker
        self.member = member
        self.from = from
        self.until = until
        self.backFrom = backFrom
        self.backUntil = backUntil
        self.state = state
    }
}
