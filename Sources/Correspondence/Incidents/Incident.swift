import Base

/// Mails about one event, answered together; or a lasting problem behind many mails.
package struct Incident: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable { case incident, cause }

    /// Incidents: proposed → open → ended, or dismissed. Causes: open → told → working → solved, or declined.
    package enum State: String, Sendable, CaseIterable {
        case proposed, open, ended, dismissed, told, working, solved, declined

        static let ofIncidents: [State] = [.open, .ended, .dismissed]
        static let ofCauses: [State] = [.open, .told, .working, .solved, .declined]
        /// Where new mail may still join.
        static let gathering: [State] = [.proposed, .open, .told, .working]

        var isOver: Bool { !Self.gathering.contains(self) }
    }

    package var id: ID
    package var kind: Kind
    /// Where it is at home: who works there works on it.
    package var queue: ID
    /// Our own words; empty until somebody gives it a name.
    package var name: String
    package var state: State
    package var owner: ID?
    /// Nil when the program noticed it.
    package var madeBy: ID?
    package var madeAt: Milliseconds
    package var endedAt: Milliseconds?
    /// New mail that matches joins without being asked about.
    package var joins: Bool
    /// Where others were told of it: a bug, a page.
    package var toldURL: String
    package var toldAt: Milliseconds?
    /// The lasting cause behind an incident.
    package var cause: ID?

    static let longestName = 120
}

/// Something that belongs to an incident: a ticket, or what stands elsewhere.
package struct IncidentItem: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case ticket, thread, press, page
        static let elsewhere: [Kind] = [.thread, .press, .page]
    }
    package enum State: String, Sendable { case proposed, joined = "in", left }

    package var id: ID
    package var incident: ID
    package var kind: Kind
    package var ticket: ID?
    package var url: String
    package var name: String
    package var state: State
    /// Asks something else: a person answers it, not the group's answer.
    package var differs: Bool
    package var at: Milliseconds
}

/// One version of what is said about an incident in one language.
package struct IncidentLine: Sendable, Equatable {
    package var id: ID
    package var incident: ID
    package var language: String
    package var version: Int
    /// May hold `{{name}}` and `{{number}}`.
    package var text: String
    package var member: ID
    package var at: Milliseconds
    package var expiresAt: Milliseconds
    package var approvedBy: ID?
    package var approvedAt: Milliseconds?
    /// Who may say it; empty for whoever may send.
    package var speakers: [ID]
    /// Letters that said it.
    package var uses: Int

    static let longestText = 20_000
}

/// One sending of the agreed lines to those who wrote.
package struct GroupAnswer: Sendable, Equatable {
    package enum State: String, Sendable { case waiting, going, done, cancelled }

    package var id: ID
    package var incident: ID
    package var author: ID
    package var state: State
    package var notBefore: Milliseconds
    package var madeAt: Milliseconds

    /// One person's mail.
    package struct Letter: Sendable, Equatable {
        package enum State: String, Sendable { case waiting, sent, held, takenBack = "taken-back" }

        package var ticket: ID
        package var line: ID?
        package var contact: ID?
        package var ticketVersion: Int64
        package var draft: ID?
        package var message: ID?
        package var state: State
        /// Message key of why nothing was sent; empty otherwise.
        package var problem: String
    }
}
