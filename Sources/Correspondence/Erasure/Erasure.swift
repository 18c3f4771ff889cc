import Base
import Storage

/// The erasure of one person.
package struct Erasure: Sendable, Equatable {
    package enum Cause: String, Sendable, CaseIterable {
        /// The person asked for it.
        case request
        /// Nobody needs it any more.
        case unneeded
        /// It should not have been kept.
        case unlawful
        /// A backup had brought back what was erased before.
        case again

        /// What a member may name.
        package static let named: [Cause] = [.request, .unneeded, .unlawful]
    }

    package enum State: String, Sendable {
        case planning, running
        /// All of it is gone that may go.
        case done
        /// Some tickets are kept, and so is what is needed to go on when they need not be kept any more.
        case kept
    }

    /// Which confidential queues it goes into.
    package enum Reach: Sendable, Equatable {
        case queues(Set<ID>)
        case all

        var text: String {
            switch self {
            case .all: "all"
            case .queues(let queues): queues.sorted().map { String($0) }.joined(separator: " ")
            }
        }

        /// The queues in reach, as a list for SQL.
        var list: SQL {
            switch self {
            case .all: "(SELECT id FROM queue)"
            case .queues(let queues):
                "(SELECT id FROM queue WHERE is_confidential = 0 OR id IN \(list: queues.sorted()))"
            }
        }

        init(_ text: String) {
            self = text == "all" ? .all : .queues(Set(text.split(separator: " ").compactMap { ID(String($0)) }))
        }
    }

    package var id: ID
    package var contact: ID
    package var cause: Cause
    package var state: State
    /// Nil from the command line.
    package var member: ID?
    package var reach: Reach
    /// What came later is another matter.
    package var askedAt: Milliseconds
    package var doneAt: Milliseconds?

    package var isGoingOn: Bool { state == .planning || state == .running }
}

/// What an erasure did with a ticket.
package enum ErasedTicketState: String, Sendable {
    case waiting, done
    /// Kept for a reason that stands with the ticket.
    case kept
}
