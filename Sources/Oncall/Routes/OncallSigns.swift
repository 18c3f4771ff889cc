import Base
import Foundation
import Storage
import Text
import Web

/// How times and people of rotas are shown to one reader.
struct OncallSigns: Sendable {
    let language: String
    let zone: TimeZone
    let now: Milliseconds
    let names: [ID: String]

    func name(_ member: ID?) -> String { member.flatMap { names[$0] } ?? "–" }

    func moment(_ time: Milliseconds) -> Moment {
        Moment(time, at: now, language: language, zone: zone.identifier)
    }

    func exact(_ time: Milliseconds) -> String { DateText.exact(time, language: language, zone: zone.identifier) }
    func day(_ time: Milliseconds) -> String { DateText.day(time, language: language, zone: zone.identifier) }
    func clock(_ time: Milliseconds) -> String { DateText.time(time, language: language, zone: zone.identifier) }

    /// A day and minute of a rota's own clock.
    func wall(day: Int64, minute: Int) -> String {
        let time = DateText.time(Milliseconds(minute) * 60_000, language: language, zone: "UTC")
        return "\(DateText.day(day * WallTime.day, language: language)) \(time)"
    }

    /// `18:00 – 08:00`, with the day where it lasts a day or longer.
    func span(_ duty: Duty) -> String {
        let isShort = duty.until - duty.from < WallTime.day
        let end = isShort ? clock(duty.until) : "\(day(duty.until)) \(clock(duty.until))"
        return "\(clock(duty.from)) – \(end)"
    }

    func duty(_ plan: DutyPlan) -> DutyLine {
        let people = plan.onDuty(at: now)
        let coming = plan.turns(from: now, until: now + 28 * WallTime.day).first { $0.isIn && $0.duty.from > now }
        return DutyLine(
            people: people.map {
                DutyPerson(name: name($0.duty.member), until: Phrase("oncall-until", .text(exact($0.duty.until))))
            },
            next: coming.map {
                Phrase("oncall-next", .text(name($0.duty.member)), .text(exact($0.duty.from)))
            }, isGap: people.isEmpty)
    }

    func card(_ page: Paged, viewer: Viewer, mayHold: Bool) -> CallCard {
        let isOpen = page.state == .open
        let state: Phrase =
            if isOpen {
                page.person.map { Phrase("oncall-card-calling", .text(name($0))) }
                    ?? Phrase("oncall-card-calling-outside")
            } else {
                page.heldBy.map { Phrase("oncall-card-held", .text(name($0))) } ?? Phrase("oncall-card-held-outside")
            }
        return CallCard(
            isOpen: isOpen, warning: Phrase("oncall-reason-\(page.reason.rawValue)"),
            advice: Phrase("oncall-advice-\(page.reason.rawValue)"), state: state,
            moment: moment(page.heldAt ?? page.openedAt), path: OncallPaths.page(page.id),
            hold: isOpen && mayHold ? Action(OncallPaths.holding(page.id)) : nil,
            giveBack: !isOpen && page.heldBy == viewer.memberID ? Action(OncallPaths.handingBack(page.id)) : nil)
    }
}
