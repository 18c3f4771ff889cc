import Base
import Storage

/// What invitations, sign-in, second factors and resets are made of: built once, handed to processes and routes.
package struct WaysIn: Sendable {
    package let database: Database
    package let members: MemberStore
    package let sessions: SessionStore
    package let factors: SecondFactorStore
    package let resets: FactorResetStore
    package let invitations: InvitationStore
    package let teams: TeamStore
    package let links: PasswordLinkStore
    package let notices: MemberNoticeStore
    package let mails: AccountMails
    package let gate: PasswordGate
    package let budget: SignInBudget
    package let policy: SecondFactorPolicy
    package let random: Randomness
    package let clock: Clock
    /// Of the organisation: a name of the time zone database.
    package let zone: String

    package init(
        database: Database, members: MemberStore, sessions: SessionStore, gate: PasswordGate, events: EventStore,
        key: InstanceKey, ids: IDMaker, random: Randomness, clock: Clock, zone: String,
        policy: SecondFactorPolicy, mails: AccountMails
    ) {
        self.database = database
        self.members = members
        self.sessions = sessions
        self.gate = gate
        self.mails = mails
        self.policy = policy
        self.random = random
        self.clock = clock
        self.zone = zone
        factors = SecondFactorStore(ids: ids, random: random, key: key, events: events)
        resets = FactorResetStore(events: events)
        invitations = InvitationStore(ids: ids, events: events)
        teams = TeamStore(ids: ids, events: events)
        links = PasswordLinkStore(ids: ids, events: events)
        notices = MemberNoticeStore(ids: ids)
        budget = SignInBudget(ids: ids)
    }

    /// The name people know the desk by, for password rules and authenticators.
    var publicHost: String { mails.host }

    package var telling: Telling { Telling(notices: notices, mails: mails) }
}
