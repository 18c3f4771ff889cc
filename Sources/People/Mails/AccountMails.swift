import Base
import Storage
import Web

/// Mails to members about their own account, in their language. How they leave is handed in.
package struct AccountMails: Sendable {
    package struct Mail: Sendable, Equatable {
        package var to: String
        package var subject: String
        package var text: String
        /// BCP 47.
        package var language: String
    }

    /// Queues a mail in the transaction; returns its id in the outbox, nil where no mail can leave.
    package typealias Post = @Sendable (Mail, Milliseconds, any Connection) throws -> ID?

    private let strings: Strings
    private let publicURL: String
    private let organisation: @Sendable (any Connection) throws -> String
    private let post: Post
    /// True when a mail server answers now.
    package let reachesServer: @Sendable () async -> Bool

    package init(
        strings: Strings, publicURL: String,
        organisation: @escaping @Sendable (any Connection) throws -> String = { _ in "" }, post: @escaping Post,
        reachesServer: @escaping @Sendable () async -> Bool
    ) {
        self.strings = strings
        self.publicURL = publicURL
        self.organisation = organisation
        self.post = post
        self.reachesServer = reachesServer
    }

    /// The link in an invitation, and the address it leads to.
    package func link(invitation reference: String) -> String { publicURL + InvitationPaths.link(reference) }

    func invite(_ invitation: Invitation, reference: String, at: Milliseconds, in db: any Connection) throws -> ID? {
        let translate = strings.translate(strings.supported(invitation.language))
        let house = try houseName(translate, db)
        let days = String(InvitationStore.lifetime / 86_400_000)
        return try send(
            to: invitation.email, language: invitation.language,
            subject: translate("account-mail-invitation-subject", [house]),
            text: translate(
                "account-mail-invitation-text", [invitation.name, house, link(invitation: reference), days]),
            at, db)
    }

    func sendPasswordLink(_ reference: String, to member: Member, at: Milliseconds, in db: any Connection) throws {
        let translate = strings.translate(strings.supported(member.language))
        let house = try houseName(translate, db)
        let link = publicURL + PasswordPaths.link(reference)
        _ = try send(
            to: member.email, language: member.language, subject: translate("account-mail-password-subject", [house]),
            text: translate("account-mail-password-text", [member.name, house, link]), at, db)
    }

    func tell(_ notice: MemberNotice.Kind, _ member: Member, at: Milliseconds, in db: any Connection) throws {
        let translate = strings.translate(strings.supported(member.language))
        let text = translate(notice.messageKey, [])
        let place = publicURL + notice.path
        let advice = translate(notice.isNews ? "account-mail-look" : "account-mail-advice", [place])
        let subject = translate("account-mail-subject", [try houseName(translate, db)])
        _ = try send(
            to: member.email, language: member.language, subject: subject, text: text + "\n\n" + advice, at, db)
    }

    private func send(
        to address: String, language: String, subject: String, text: String, _ at: Milliseconds, _ db: any Connection
    ) throws -> ID? {
        try post(Mail(to: address, subject: subject, text: text, language: strings.supported(language)), at, db)
    }

    /// The organisation's name, the program's until somebody has given one.
    private func houseName(_ translate: Translate, _ db: any Connection) throws -> String {
        let name = try organisation(db)
        return name.isEmpty ? translate("web-name", []) : name
    }

    /// Where the desk is, without scheme.
    var host: String {
        let rest = publicURL.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
        return rest.count > 1 ? String(rest[1]) : publicURL
    }
}
