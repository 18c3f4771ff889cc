import Base
import Storage
import Web

/// Something a member must hear of about their own account: on the next page they open, and by mail.
package struct MemberNotice: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case passwordChanged = "password-changed"
        case secondFactorSet = "second-factor-set"
        case secondFactorReset = "second-factor-reset"
        case secondFactorAsked = "second-factor-asked"
        case recoveryCodeUsed = "recovery-code-used"
        case webhookSwitchedOff = "webhook-switched-off"

        var messageKey: String {
            switch self {
            case .passwordChanged: "account-notice-password-changed"
            case .secondFactorSet: "account-notice-second-factor-set"
            case .secondFactorReset: "account-notice-second-factor-reset"
            case .secondFactorAsked: "account-notice-second-factor-asked"
            case .recoveryCodeUsed: "account-notice-recovery-code-used"
            case .webhookSwitchedOff: "account-notice-webhook-switched-off"
            }
        }

        /// Where what it tells of can be looked at.
        var path: String {
            switch self {
            case .secondFactorAsked: MemberPaths.list()
            case .webhookSwitchedOff: SitePaths.webhooks()
            default: SitePaths.account()
            }
        }

        /// Nobody may have done something in the member's name: it says only what to look at.
        var isNews: Bool { self == .secondFactorAsked || self == .webhookSwitchedOff }
    }

    package var id: ID
    package var kind: Kind
    package var at: Milliseconds
}

/// The table `member_notice`: shown until the member has said that they saw it.
package struct MemberNoticeStore: Sendable {
    private let ids: IDMaker

    package init(ids: IDMaker) { self.ids = ids }

    package func add(_ kind: MemberNotice.Kind, to member: ID, at: Milliseconds, in db: any Connection) throws {
        try db.execute("DELETE FROM member_notice WHERE member_id = \(member) AND kind = \(kind.rawValue)")
        try db.execute(
            """
            INSERT INTO member_notice (id, member_id, kind, at)
            VALUES (\(try ids.make()), \(member), \(kind.rawValue), \(at))
            """)
    }

    /// What it told of was settled otherwise.
    package func forget(_ kind: MemberNotice.Kind, of member: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM member_notice WHERE member_id = \(member) AND kind = \(kind.rawValue)")
    }

    package func all(of member: ID, in db: any Connection) throws -> [MemberNotice] {
        try db.rows("SELECT * FROM member_notice WHERE member_id = \(member) ORDER BY id").compactMap { row in
            try MemberNotice.Kind(rawValue: row.text("kind")).map {
                MemberNotice(id: try row.int("id"), kind: $0, at: try row.int("at"))
            }
        }
    }

    /// Nothing happens when it is not theirs, or gone.
    package func dismiss(_ id: ID, of member: ID, in db: any Connection) throws {
        try db.execute("DELETE FROM member_notice WHERE id = \(id) AND member_id = \(member)")
    }
}

/// Tells a member by both ways.
package struct Telling: Sendable {
    let notices: MemberNoticeStore
    let mails: AccountMails

    package func tell(_ kind: MemberNotice.Kind, _ member: Member, at: Milliseconds, in db: any Connection) throws {
        try notices.add(kind, to: member.id, at: at, in: db)
        try mails.tell(kind, member, at: at, in: db)
    }
}
