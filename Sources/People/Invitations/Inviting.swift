import Base
import Storage

/// Asking someone in, and letting them in.
///
/// The row and the mail with its link are one transaction. Where no mail server answers, no mail is queued and the
/// link is handed back, to be shown once. Asking again or sending again makes the old link worthless.
package struct Inviting: Sendable {
    private let ways: WaysIn

    package init(_ ways: WaysIn) { self.ways = ways }

    /// An invitation, and its link when no mail can carry it.
    package struct Sent: Sendable {
        package var invitation: Invitation
        package var link: String?
    }

    package func invite(_ content: InvitationStore.Content, by viewer: Viewer) async throws -> Sent {
        try await send { db, reference, now in
            try ways.invitations.add(content, link: reference, by: viewer, at: now, in: db)
        }
    }

    package func resend(_ id: ID, by viewer: Viewer) async throws -> Sent {
        try await send { db, reference, now in
            try ways.invitations.renew(id, link: reference, by: viewer, at: now, in: db)
        }
    }

    private func send(
        _ make: @escaping @Sendable (any Connection, String, Milliseconds) throws -> Invitation
    ) async throws -> Sent {
        let reference = ways.random.reference()
        let now = ways.clock.now()
        let reaches = await ways.mails.reachesServer()
        return try await ways.database.write { db in
            let invitation = try make(db, reference, now)
            if reaches, let mail = try ways.mails.invite(invitation, reference: reference, at: now, in: db) {
                try ways.invitations.noteMail(mail, queuedFor: invitation.id, in: db)
                return Sent(invitation: invitation, link: nil)
            }
            return Sent(invitation: invitation, link: ways.mails.link(invitation: reference))
        }
    }

    package func find(link reference: String) async throws -> Invitation? {
        let now = ways.clock.now()
        return try await ways.database.read { db in
            try ways.invitations.find(link: reference, at: now, in: db)
        }
    }

    /// Makes the account and opens a session; `notFound` when the link was used or is too old meanwhile.
    package func accept(
        link reference: String, name: String, letterName: String, password: String, device: String
    ) async throws -> String {
        let hash = try await ways.gate.hash(password)
        let now = ways.clock.now()
        return try await ways.database.write { db in
            guard let invitation = try ways.invitations.find(link: reference, at: now, in: db) else {
                throw Failure(.notFound, "error-not-found")
            }
            let member = try ways.members.add(
                email: invitation.email, name: name, isAdministrator: invitation.isAdministrator, password: hash,
                mustChange: false, actor: invitation.invitedBy, at: now, in: db)
            var profile = MemberStore.Profile(member)
            profile.letterName = letterName
            profile.language = invitation.language
            try ways.members.setProfile(profile, of: member.id, at: now, in: db)
            for team in try ways.invitations.teams(of: invitation.id, in: db) {
                try ways.teams.seat(member.id, in: team, isLead: false, actor: invitation.invitedBy, at: now, in: db)
            }
            try ways.invitations.accept(invitation, member: member.id, at: now, in: db)
            return try ways.sessions.open(member: member.id, device: device, at: now, in: db)
        }
    }
}
