import Base

/// Where a mail belongs, decided from facts alone: no store, no clock.
///
/// A token we signed (in In-Reply-To, References, the reply address or the subject; never in the body) joins, whoever
/// writes: a stranger comes in as a marked newcomer. Without a token a reference or a ticket number joins only when the
/// sender already takes part and no trusted check of their domain failed. All else opens a ticket of its own that says
/// what it may belong to. Whoever fills in a public form only says who they are, and is shown our answers: what they
/// send joins nothing but what the same link was given for. Imported history and queues marked as lists trust
/// References alone.
/// A closed ticket reopens; a merged one stands for its target; junk and protected tickets never take anything in.
package enum Threading {
    /// A ticket that something in the mail points to.
    package struct Candidate: Sendable, Equatable {
        package enum Reason: String, Sendable { case token, reference, number }
        package var ticket: ID
        package var reason: Reason
        package var state: TicketState
        /// nil when the sender takes no part; otherwise whether they are still a newcomer.
        package var senderIsNewcomer: Bool?
        package var isProtected = false

        package init(ticket: ID, reason: Reason, state: TicketState, senderIsNewcomer: Bool?) {
            self.ticket = ticket
            self.reason = reason
            self.state = state
            self.senderIsNewcomer = senderIsNewcomer
        }
    }

    /// What is known of the mail.
    package struct Evidence: Sendable, Equatable {
        /// Merged tickets already replaced by their targets.
        package var candidates: [Candidate]
        /// The sender is the queue itself: history, or the copy of another desk's answer.
        package var isOurs: Bool
        /// History, or a queue marked as a list.
        package var trustsReferences: Bool
        /// A trusted Authentication-Results says that the sender's domain did not send it.
        package var isForged: Bool
        /// It came through a public form: references are ours, all else is the word of whoever filled it in.
        package var isClaimed: Bool

        package init(
            candidates: [Candidate], isOurs: Bool, trustsReferences: Bool, isForged: Bool, isClaimed: Bool = false
        ) {
            self.candidates = candidates
            self.isOurs = isOurs
            self.trustsReferences = trustsReferences
            self.isForged = isForged
            self.isClaimed = isClaimed
        }
    }

    package enum Decision: Sendable, Equatable {
        case join(ID, asNewcomer: Bool)
        case open(mayBelongTo: [Candidate])
    }

    package static func decide(_ evidence: Evidence) -> Decision {
        let open = evidence.candidates.filter { $0.state != .junk && !$0.isProtected }
        if !evidence.isClaimed, let candidate = open.first(where: { $0.reason == .token }) {
            return .join(candidate.ticket, asNewcomer: candidate.senderIsNewcomer ?? !evidence.isOurs)
        }
        for reason in evidence.isClaimed ? [Candidate.Reason.reference] : [.reference, .number] {
            for candidate in open where candidate.reason == reason && joins(candidate, evidence) {
                return .join(candidate.ticket, asNewcomer: candidate.senderIsNewcomer ?? false)
            }
        }
        var seen: Set<ID> = []
        return .open(mayBelongTo: evidence.candidates.filter { seen.insert($0.ticket).inserted })
    }

    private static func joins(_ candidate: Candidate, _ evidence: Evidence) -> Bool {
        if candidate.reason == .reference, evidence.trustsReferences || evidence.isOurs { return true }
        return candidate.senderIsNewcomer != nil && !evidence.isForged
    }
}
