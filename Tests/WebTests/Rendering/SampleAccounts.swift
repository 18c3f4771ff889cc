import Testing

@testable import People
@testable import Web

/// The pages of the ways in, of one's own account and of members.
enum AccountSamples {
    static let all: [SamplePage] = [
        SamplePage(name: "sign-in", page: signIn), SamplePage(name: "code", page: code),
        SamplePage(name: "first-password", page: firstPassword), SamplePage(name: "answer", page: answer),
        SamplePage(name: "forgotten-password", page: forgotten), SamplePage(name: "new-password", page: newPassword),
        SamplePage(name: "invited", page: invited), SamplePage(name: "second-factor", page: secondFactor),
        SamplePage(name: "recovery-codes", page: recoveryCodes), SamplePage(name: "account", page: account),
        SamplePage(name: "member-list", page: memberList), SamplePage(name: "member", page: member),
    ]

    private static let help = Phrase("first-password-help", .number(15))

    private static let signIn = SignInPage(
        path: "/sign-in", email: "ana@desk.example", problem: Phrase("sign-in-wrong"),
        done: Phrase("account-done-new-password"), next: "/tickets", forgottenPath: "/forgotten-password",
        needsHTTPS: true)

    private static let code = CodePage(
        path: "/sign-in/code", next: "/tickets", problem: Phrase("account-code-wrong"),
        lostPath: "/sign-in/lost-second-factor", backPath: "/sign-in")

    private static let firstPassword = FirstPasswordPage(
        path: "/first-password", email: "ana@desk.example", minimumLength: 15, help: help,
        problem: Phrase("first-password-different"))

    private static let answer = AnswerPage(
        heading: Phrase("account-forgotten-title"), text: Phrase("account-forgotten-sent"),
        link: Link(Phrase("account-back-to-sign-in"), "/sign-in"))

    private static let forgotten = ForgottenPasswordPage(
        path: "/forgotten-password", problem: Phrase("member-email-invalid"), backPath: "/sign-in")

    private static let newPassword = NewPasswordPage(
        path: "/password/r", email: "ana@desk.example", minimumLength: 15, help: help,
        problem: Phrase("account-password-easy", .number(15)), needsCode: true,
        lostPath: "/password/r/lost-second-factor")

    private static let invited = InvitedPage(
        path: "/invitations/r", email: "ben@desk.example", name: Field("Ben Okafor"),
        letterName: Field("", problem: Phrase("member-name-missing")), minimumLength: 15, help: help,
        problem: Phrase("first-password-short", .number(15)))

    private static let secondFactor = SecondFactorPage(
        path: "/account/second-factor", isReplacing: true, isDemanded: false, later: "/account", size: 9,
        picture: "M4 4h1v1h-1z", secret: "GEZD GNBV GY3T QOJQ", address: "otpauth://totp/Liaison:ana?secret=GEZD",
        account: "ana@desk.example", problem: Phrase("account-factor-wrong"))

    private static let recoveryCodes = RecoveryCodesPage(
        codes: ["abcd-efgh-ijkl-mnop", "qrst-uvwx-yz23-4567"], next: "/tickets")

    private static let sessions = [
        SessionRow(
            device: "Firefox, Linux", seen: .justNow, made: .yesterday, isThis: true,
            end: Action("/account/sessions/1/end")),
        SessionRow(device: "", seen: .lastWeek, made: .lastWeek, isThis: false, end: Action("/account/sessions/2/end")),
    ]

    private static let account = AccountPage(
        done: Phrase("account-done-profile"), problem: Phrase("account-problem"),
        profile: ProfileForm(
            path: "/account", email: "ana@desk.example", name: Field("Ana Sousa"),
            letterName: Field("", problem: Phrase("member-name-missing")),
            languages: [Choice("en", .verbatim("English"), isSelected: true)],
            zones: [
                Choice("", Phrase("account-zone-organisation", "UTC"), isSelected: true),
                Choice("Europe/Lisbon", .verbatim("Europe/Lisbon")),
            ], themes: [Choice("auto", Phrase("web-theme-auto"), isSelected: true)], usesKeys: true,
            awayFrom: "2026-12-24", awayUntil: "2026-12-20", awayProblem: Phrase("account-away-invalid")),
        password: OwnPasswordForm(
            path: "/account/password", email: "ana@desk.example", minimumLength: 15, help: help,
            problem: Phrase("account-password-wrong")),
        factor: FactorState(
            isSet: true, setUpPath: "/account/second-factor", renewPath: "/account/recovery-codes",
            codesLeft: Phrase("account-codes-left", .number(9)), problem: Phrase("account-code-wrong")),
        sessions: sessions, endOthers: Action("/account/sessions/end-others"))

    private static let memberList = MemberListPage(
        done: Phrase("account-done-withdrawn"),
        members: [
            MemberRow(
                name: "Ana Sousa", path: "/members/1", email: "ana@desk.example", isAdministrator: true,
                isDisabled: false, lacksSecondFactor: false, away: nil, lastSeen: .justNow),
            MemberRow(
                name: "Ben Okafor", path: "/members/2", email: "ben@desk.example", isAdministrator: false,
                isDisabled: false, lacksSecondFactor: true, away: Phrase("account-away-until", "3 January 2027"),
                lastSeen: nil),
            MemberRow(
                name: "سلمى حداد", path: "/members/3", email: "salma@desk.example", isAdministrator: false,
                isDisabled: true, lacksSecondFactor: true, away: nil, lastSeen: .lastWeek),
        ],
        invitations: [
            InvitationRow(
                name: "Chi Nguyen", email: "chi@desk.example", isAdministrator: true,
                state: Phrase("account-invitation-sent"), isWarning: false, sent: .anHourAgo,
                resend: Action("/members/invitations/4/resending"),
                withdraw: Action("/members/invitations/4/withdrawal")),
            InvitationRow(
                name: "Dai", email: "dai@desk.example", isAdministrator: false,
                state: Phrase("account-invitation-expired"), isWarning: true, sent: .lastWeek,
                resend: Action("/members/invitations/5/resending"),
                withdraw: Action("/members/invitations/5/withdrawal")),
        ],
        lost: [
            LostRow(
                name: "Ben Okafor", email: "ben@desk.example", asked: .anHourAgo,
                confirmed: Phrase("account-reset-confirmed-by", "Ana Sousa"),
                confirm: Action("/members/2/second-factor/confirmation"),
                decline: Action("/members/2/second-factor/refusal"))
        ],
        form: MemberForm(
            path: "/members/invitations", name: Field(),
            email: Field("nobody", problem: Phrase("member-email-invalid")),
            languages: [Choice("en", .verbatim("English"), isSelected: true)], isAdministrator: false,
            link: InvitationLink(email: "dai@desk.example", link: "https://desk.example/invitations/r")))

    private static let member = MemberPage(
        name: "Ben Okafor", letterName: "Reader service", email: "ben@desk.example", listPath: "/members",
        isAdministrator: false, isDisabled: false, hasSecondFactor: true,
        away: Phrase("account-away-until", "3 January 2027"), lastSeen: .anHourAgo, sessions: sessions,
        endSessions: Action("/members/2/sessions/end"), disable: Action("/members/2/disabling"), enable: nil,
        makeAdministrator: Action("/members/2/administrator"), makeOrdinary: nil, done: Phrase("account-done-member"))
}
