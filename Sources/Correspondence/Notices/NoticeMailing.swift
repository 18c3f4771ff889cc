import Base
import Foundation
import Jobs
import People
import Storage
import Web

/// Mails that tell members of notices: number, kind and link, never a word of what was written.
///
/// At once: the job of a notice looks in one transaction whether the mail is still owed, whether the member may see
/// the ticket now and wants it so, whether they are away or have read it meanwhile; marks it sent and queues the mail.
/// In a member's quiet hours it waits for their end; over their cap of the day, for the digest. A second run finds it
/// marked. For who is away it waits for their digest, which comes when they are back.
/// Digest: hourly by the member's clock, once a day: the day is marked in the same transaction.
package struct NoticeMailing: Sendable {
    package static let jobName = "notice-mail"
    package static let digestJob = "notice-digest"
    private static let linesOfDigest = 100

    /// A member's calendar.
    package struct Days: Sendable {
        package let zone: @Sendable (Member) -> TimeZone
        /// Whether they are away on a day (`2026-12-24`) of theirs.
        package let isAway: @Sendable (Member, String) -> Bool

        package init(
            zone: @escaping @Sendable (Member) -> TimeZone, isAway: @escaping @Sendable (Member, String) -> Bool
        ) {
            self.zone = zone
            self.isAway = isAway
        }
    }

    /// A mail to a member, as the outbox takes it.
    package struct Letter: Sendable, Equatable {
        package var to: String
        package var subject: String
        package var text: String
        package var language: String
    }

    package typealias Post = @Sendable (Letter, Milliseconds, any Connection) throws -> Void

    private let database: Database
    private let notices: NoticeStore
    private let paces = PaceStore()
    private let members: MemberStore
    private let jobs: JobStore
    private let days: Days
    private let publicURL: String
    private let translate: @Sendable (_ language: String) -> Translate
    private let post: Post
    private let clock: Clock

    package init(
        database: Database, notices: NoticeStore, members: MemberStore, jobs: JobStore, days: Days, publicURL: String,
        clock: Clock, translate: @escaping @Sendable (_ language: String) -> Translate, post: @escaping Post
    ) {
        self.database = database
        self.notices = notices
        self.members = members
        self.jobs = jobs
        self.days = days
        self.publicURL = publicURL
        self.clock = clock
        self.translate = translate
        self.post = post
    }

    // MARK: - At once

    package func run(_ job: Job) async throws {
        let now = clock.now()
        try await database.write { db in
            try jobs.finish(job, in: db)
            guard let notice = try notices.find(job.subject, in: db),
                let (member, number) = try reader(of: notice, in: db)
            else { return _ = try notices.moveMail(job.subject, from: .now, to: .dropped, in: db) }
            if days.isAway(member, day(of: member, at: now).day) {
                return _ = try notices.moveMail(notice.id, from: .now, to: .digest, in: db)
            }
            let isWanted = try notices.setting(of: member.id, in: db).way(notice.kind) == .now && !notice.isRead
            guard isWanted else { return _ = try notices.moveMail(notice.id, from: .now, to: .dropped, in: db) }
            if let end = try paces.find(member.id, in: db).quietEnd(at: now, in: days.zone(member)) {
                return _ = try jobs.add(Self.jobName, subject: notice.id, after: max(1000, end - now), in: db)
            }
            guard try paces.countMail(to: member.id, day: day(of: member, at: now).day, in: db) else {
                return _ = try notices.moveMail(notice.id, from: .now, to: .digest, in: db)
            }
            guard try notices.moveMail(notice.id, from: .now, to: .sent, in: db) else { return }
            try post(letter(notice, number, to: member), now, db)
        }
    }

    private func letter(_ notice: Notice, _ number: String, to member: Member) -> Letter {
        let words = translate(member.language)
        let text = [
            words("notice-mail-" + notice.wording, [number]), publicURL + notice.path,
            "", words("notice-mail-why", []), publicURL + NoticePaths.settings(),
        ].joined(separator: "\n")
        let subject =
            notice.ticket == nil ? words("notice-mail-subject-text", []) : words("notice-mail-subject", [number])
        return Letter(to: member.email, subject: subject, text: text, language: member.language)
    }

    // MARK: - Digests

    /// Adds a job for each member whose hour has come and who has something to read; forgets old notices.
    package func sweep() async throws {
        let now = clock.now()
        try await database.write { db in
            _ = try notices.forgetOld(at: now, limit: 500, in: db)
            for id in try notices.membersWithDigest(in: db) {
                guard let member = try members.find(id, in: db) else { continue }
                let (day, hour) = day(of: member, at: now)
                let setting = try notices.setting(of: id, in: db)
                guard hour >= setting.digestHour, try notices.digestDay(of: id, in: db) != day else { continue }
                let isWaiting =
                    try db.first(
                        """
                        SELECT 1 AS one FROM job WHERE subject_id = \(id) AND kind = \(Self.digestJob) AND is_dead = 0
                        """) != nil
                if !isWaiting { try jobs.add(Self.digestJob, subject: id, in: db) }
            }
        }
    }

    /// One member's digest of the day.
    package func runDigest(_ job: Job) async throws {
        let now = clock.now()
        try await database.write { db in
            try jobs.finish(job, in: db)
            guard let member = try members.find(job.subject, in: db) else { return }
            let (day, _) = day(of: member, at: now)
            guard !days.isAway(member, day), try notices.beginDigest(of: member.id, day: day, in: db) else { return }
            var lines: [(number: String, notice: Notice)] = []
            for notice in try notices.forDigest(of: member.id, limit: Self.linesOfDigest, in: db) {
                let reader = try notice.isRead ? nil : reader(of: notice, in: db)
                let way = try notices.setting(of: member.id, in: db).way(notice.kind)
                let isOwed = reader != nil && way != .never
                _ = try notices.moveMail(notice.id, from: .digest, to: isOwed ? .sent : .dropped, in: db)
                if let reader, isOwed { lines.append((reader.number, notice)) }
            }
            if !lines.isEmpty { try post(digest(lines, to: member), now, db) }
        }
    }

    private func digest(_ lines: [(number: String, notice: Notice)], to member: Member) -> Letter {
        let words = translate(member.language)
        var text = [words("notice-digest-intro", [String(lines.count)])]
        for (ticket, group) in Dictionary(grouping: lines, by: \.notice.ticket).sorted(by: { $0.key ?? 0 < $1.key ?? 0 }
        ) {
            guard let ticket else {
                // About a text or a review each has a link of its own.
                for line in group {
                    text += ["", words("notice-mail-" + line.notice.wording, [""]), publicURL + line.notice.path]
                }
                continue
            }
            text.append("")
            for kind in NoticeKind.allCases {
                let count = group.count { $0.notice.kind == kind }
                if count > 0 { text.append(words("notice-digest-\(kind.rawValue)", [group[0].number, String(count)])) }
            }
            text.append(publicURL + TicketPaths.show(ticket))
        }
        text += ["", words("notice-mail-why", []), publicURL + NoticePaths.settings()]
        return Letter(
            to: member.email, subject: words("notice-digest-subject", [String(lines.count)]),
            text: text.joined(separator: "\n"), language: member.language)
    }

    // MARK: - The member

    /// The member and the ticket's number, where there is one, when they may see it now.
    private func reader(of notice: Notice, in db: any Connection) throws -> (member: Member, number: String)? {
        guard let member = try members.find(notice.member, in: db), !member.isDisabled else { return nil }
        let viewer = try members.viewer(member, in: db)
        guard try notices.isVisible(notice.id, to: viewer, in: db) else { return nil }
        let row = try notice.ticket.flatMap { try db.first("SELECT number FROM ticket WHERE id = \($0)") }
        return (member, try row?.text("number") ?? "")
    }

    private func day(of member: Member, at now: Milliseconds) -> (day: String, hour: Int) {
        let zone = days.zone(member)
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(now) / 1000))
        let local = ISO8601.string(now + Milliseconds(offset) * 1000)
        return (String(local.prefix(10)), Int(local.dropFirst(11).prefix(2)) ?? 0)
    }
}
