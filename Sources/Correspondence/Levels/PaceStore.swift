import Base
import Foundation
import Storage

/// When a member does not want to be disturbed, and how much they take on. Theirs alone: nobody else sees it.
package struct Pace: Sendable, Equatable {
    /// Minutes since midnight in the member's own zone; equal when there are no quiet hours.
    package var quietFrom = 0
    package var quietUntil = 0
    /// Open tickets they own at once; nil: no limit.
    package var mostTickets: Int?
    /// Mails about tickets a day; what is more waits for the digest.
    package var mostMails: Int?

    package init(quietFrom: Int = 0, quietUntil: Int = 0, mostTickets: Int? = nil, mostMails: Int? = nil) {
        self.quietFrom = quietFrom
        self.quietUntil = quietUntil
        self.mostTickets = mostTickets
        self.mostMails = mostMails
    }

    /// When the quiet hours that hold now end; nil while it is not quiet.
    package func quietEnd(at now: Milliseconds, in zone: TimeZone) -> Milliseconds? {
        guard quietFrom != quietUntil else { return nil }
        let hours = BusinessHours(zone: zone, week: Self.week(quietFrom, quietUntil), holidays: [])
        guard hours.isOpen(at: now) else { return nil }
        // Awake hours are the rest of the day; their first moment ends the quiet.
        let awake = BusinessHours(zone: zone, week: Self.week(quietUntil, quietFrom), holidays: [])
        return awake.moment(after: 1, from: now).map { $0 - 1 }
    }

    private static func week(_ from: Int, _ until: Int) -> [Int: [BusinessHours.Span]] {
        let spans: [BusinessHours.Span] =
            from < until
            ? [.init(from: from, to: until)]
            : [.init(from: 0, to: until), .init(from: from, to: 1440)].filter { $0.from < $0.to }
        return Dictionary(uniqueKeysWithValues: (1...7).map { ($0, spans) })
    }
}

/// The table `member_pace`; quiet hours and the cap are those of `AssignmentStore`.
package struct PaceStore: Sendable {
    package init() {}

    package func find(_ member: ID, in db: any Connection) throws -> Pace {
        let taker = try AssignmentStore.setting(ofMember: member, db)
        let most = try db.first("SELECT most_mails FROM member_pace WHERE member_id = \(member)")?
            .optionalInt("most_mails")
        return Pace(
            quietFrom: taker.quietFrom, quietUntil: taker.quietTo, mostTickets: taker.cap == 0 ? nil : taker.cap,
            mostMails: most.map { Int($0) })
    }

    package func set(_ pace: Pace, of member: ID, in db: any Connection) throws {
        guard (0..<1440).contains(pace.quietFrom), (0..<1440).contains(pace.quietUntil),
            pace.mostTickets.map({ AssignmentStore.caps.contains($0) }) ?? true,
            pace.mostMails.map({ (0...1000).contains($0) }) ?? true
        else { throw Failure(.invalid, "pace-invalid") }
        let taker = TakerSetting(cap: pace.mostTickets ?? 0, quietFrom: pace.quietFrom, quietTo: pace.quietUntil)
        try AssignmentStore.set(taker, ofMember: member, db)
        try db.execute(
            """
            INSERT INTO member_pace (member_id, most_mails, mail_day, mails)
            VALUES (\(member), \(pace.mostMails), '', 0)
            ON CONFLICT (member_id) DO UPDATE SET most_mails = \(pace.mostMails)
            """)
    }

    /// Whether a member holds as many open tickets as they said they take.
    package func isFull(_ member: ID, in db: any Connection) throws -> Bool {
        guard let most = try find(member, in: db).mostTickets else { return false }
        let held = try db.int(
            """
            SELECT COUNT(*) AS n FROM (SELECT 1 AS one FROM ticket WHERE owner_id = \(member)
                AND \(TicketStore.isOpen) LIMIT \(most)) AS found
            """)
        return held >= Int64(most)
    }

    /// Counts a mail of a day (`2026-11-21`); false when it would be one too many.
    func countMail(to member: ID, day: String, in db: any Connection) throws -> Bool {
        guard let most = try find(member, in: db).mostMails else { return true }
        try db.execute(
            "UPDATE member_pace SET mail_day = \(day), mails = 0 WHERE member_id = \(member) AND mail_day <> \(day)")
        return try db.execute(
            "UPDATE member_pace SET mails = mails + 1 WHERE member_id = \(member) AND mails < \(most)") == 1
    }
}
