import Base
import Foundation

/// Who is on duty when: shifts with what was swapped, and what is left open.
package struct DutyPlan: Sendable {
    /// A duty with its place: 1 is called first.
    package struct Turn: Sendable, Equatable {
        package var duty: Duty
        package var place: Int
        package var shift: ID
        /// False for who has not said that they may be called: they are not.
        package var isIn: Bool
    }

    private let zone: TimeZone
    private let shifts: [Shift]
    private let swaps: [Swap]
    private let ready: Set<ID>

    /// `ready` are those who may be called.
    package init(zone: TimeZone, shifts: [Shift], swaps: [Swap], ready: Set<ID>) {
        self.zone = zone
        self.shifts = shifts
        self.swaps = swaps.filter { $0.state == .agreed }
        self.ready = ready
    }

    /// What touches a stretch, by time and place.
    package func turns(from: Milliseconds, until: Milliseconds) -> [Turn] {
        var found: [Turn] = []
        for shift in shifts {
            for duty in shift.duties(from: from, until: until, in: zone) {
                for part in swapped(duty) where part.until > from && part.from < until {
                    found.append(
                        Turn(
                            duty: part, place: shift.place, shift: shift.id, isIn: ready.contains(part.member)))
                }
            }
        }
        return found.sorted {
            ($0.duty.from, $0.place, $0.shift, $0.duty.until) < ($1.duty.from, $1.place, $1.shift, $1.duty.until)
        }
    }

    /// Who is called at a moment, in this order; each once.
    package func onDuty(at now: Milliseconds) -> [Turn] {
        var seen: Set<ID> = []
        return turns(from: now, until: now + 1).filter { $0.isIn && $0.duty.covers(now) }
            .sorted { ($0.place, $0.duty.from, $0.shift) < ($1.place, $1.duty.from, $1.shift) }
            .filter { seen.insert($0.duty.member).inserted }
    }

    /// Stretches in which nobody can be called.
    package func gaps(from: Milliseconds, until: Milliseconds) -> [Range<Milliseconds>] {
        var gaps: [Range<Milliseconds>] = []
        var covered = from
        for turn in turns(from: from, until: until) where turn.isIn {
            if turn.duty.from > covered { gaps.append(covered..<turn.duty.from) }
            covered = max(covered, turn.duty.until)
        }
        if covered < until { gaps.append(covered..<until) }
        return gaps
    }

    /// A duty in parts, each with who has it now. Swaps are taken in the order in which they were agreed.
    private func swapped(_ duty: Duty) -> [Duty] {
        var parts = [duty]
        for swap in swaps {
            parts = parts.flatMap { Self.hand($0, from: swap.asker, to: swap.member, swap.from, swap.until) }
            if let from = swap.backFrom, let until = swap.backUntil {
                parts = parts.flatMap { Self.hand($0, from: swap.member, to: swap.asker, from, until) }
            }
        }
        return parts
    }

    private static func hand(
        _ duty: Duty, from giver: ID, to taker: ID, _ from: Milliseconds, _ until: Milliseconds
    ) -> [Duty] {
        let start = max(from, duty.from)
        let end = min(until, duty.until)
        guard duty.member == giver, start < end else { return [duty] }
        return [
            Duty(member: giver, from: duty.from, until: start), Duty(member: taker, from: start, until: end),
            Duty(member: giver, from: end, until: duty.until),
        ].filter { $0.from < $0.until }
    }
}
