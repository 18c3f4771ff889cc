import Base
import Foundation
import Storage
import Text
import Web

extension Signs {
    private static let minute: Milliseconds = 60_000

    /// Time left or over, in the largest unit that says enough.
    static func left(until due: Milliseconds, at now: Milliseconds) -> Phrase {
        let isOver = due < now
        let minutes = Int(abs(due - now) / minute)
        let (unit, count) =
            switch minutes {
            case ..<90: ("minutes", minutes)
            case ..<(48 * 60): ("hours", minutes / 60)
            default: ("days", minutes / 1440)
            }
        return Phrase("level-\(isOver ? "over" : "left")-\(unit)", .number(count))
    }

    /// The clock of a line or a head; nil where nothing is due.
    func due(_ ticket: Ticket) -> TicketClock? {
        guard ticket.dueRank < 2 else { return nil }
        let left = Self.left(until: ticket.dueAt, at: now)
        return TicketClock(
            label: ticket.dueRank == 0 ? Phrase("level-deadline", .phrase(left)) : left, isOver: ticket.dueAt < now)
    }
}

/// What the ticket's box about time is made from.
struct DueView: Sendable {
    var measure: Clocks.Measure?
    var deadline: Deadline?
    var proposal: NamedDate?
    /// Of the queue's hours, or the organisation's.
    var zone = TimeZone.gmt
    var hasGoals = false

    static func read(
        _ ticket: Ticket, _ messages: [Message], zone office: TimeZone, in db: any Connection
    ) throws -> DueView {
        let deadline = try DeadlineStore.find(ticket.id, in: db)
        let last = messages.last { $0.direction == .incoming }
        let isOpen = ticket.state.isOpen || ticket.state == .waiting
        let zone = try HoursStore.zone(of: ticket.queue, in: db) ?? office
        return DueView(
            measure: try Clocks().measure(ticket.id, in: db), deadline: deadline,
            proposal: deadline == nil && isOpen
                ? last.flatMap { DateProposal.find(in: $0, language: ticket.language, zone: zone) } : nil,
            zone: zone, hasGoals: try !LevelStore.goals(of: ticket.queue, in: db).isEmpty)
    }

    func box(_ ticket: Ticket, _ signs: Signs, mayChange: Bool) -> DueBox {
        let due = measure?.due
        let kind = measure?.kind ?? .first
        let zone = deadline.map(\.zone) ?? signs.zone.identifier
        let local = deadline.map { FormTime($0.at, in: TimeZone(identifier: $0.zone) ?? .gmt) }
        return DueBox(
            line: due.map { Phrase("level-due-\(kind.rawValue)", .phrase(Signs.left(until: $0, at: signs.now))) },
            isOver: due.map { $0 < signs.now } ?? false, moment: due.map(signs.moment),
            deadline: deadline.map {
                Phrase(
                    $0.metAt == nil ? "deadline-by" : "deadline-met",
                    .text(DateText.exact($0.at, language: signs.language, zone: $0.zone)), .text($0.zone))
            }, isMet: deadline?.metAt != nil, path: LevelPaths.deadline(ticket.id), mayChange: mayChange,
            day: local?.day ?? "", time: local?.time ?? "", zones: DueZones.choices(selected: zone),
            isSet: deadline != nil, proposal: mayChange ? proposal.map { DateProposal.line($0, zone: self.zone) } : nil,
            pause: hasGoals && due == nil && ticket.state == .waiting ? Phrase("level-paused") : nil)
    }
}

/// A moment as the fields of a form.
struct FormTime: Sendable {
    let day: String
    let time: String

    init(_ moment: Milliseconds, in zone: TimeZone) {
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment) / 1000))
        let text = ISO8601.string(moment + Milliseconds(offset) * 1000)
        day = String(text.prefix(10))
        time = String(text.dropFirst(11).prefix(5))
    }
}

enum DueZones {
    /// Put in order once: there are over four hundred.
    private static let names = (TimeZone.knownTimeZoneIdentifiers.filter { $0.contains("/") } + ["UTC"]).sorted()

    static func choices(selected: String) -> [Choice] {
        let own = names.contains(selected) ? [] : [selected]
        return (own + names).map { Choice($0, .verbatim($0), isSelected: $0 == selected) }
    }
}
