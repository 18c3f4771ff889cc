import Base
import Storage

/// The order of a list.
package enum TicketSort: String, Sendable, CaseIterable {
    case updated, newest, oldest, priority
    /// Dates that people named, then what is due first, then what has no clock.
    case due

    var order: SQL {
        switch self {
        case .updated: "ticket.updated_at DESC, ticket.id DESC"
        case .newest: "ticket.created_at DESC, ticket.id DESC"
        case .oldest: "ticket.created_at, ticket.id"
        case .priority: "ticket.priority DESC, ticket.created_at, ticket.id"
        case .due: "ticket.due_rank, ticket.due_at, ticket.id"
        }
    }

    func cursor(_ ticket: Ticket) -> TicketSearch.Cursor {
        if self == .due {
            return TicketSearch.Cursor(updatedAt: ticket.dueAt, id: ticket.id, priority: ticket.dueRank)
        }
        return TicketSearch.Cursor(
            updatedAt: self == .updated ? ticket.updatedAt : ticket.createdAt, id: ticket.id,
            priority: ticket.priority)
    }

    /// What comes after the last ticket of a page.
    func after(_ cursor: TicketSearch.Cursor) -> SQL {
        let (time, id) = (cursor.updatedAt, cursor.id)
        return switch self {
        case .updated:
            "(ticket.updated_at < \(time) OR (ticket.updated_at = \(time) AND ticket.id < \(id)))"
        case .newest:
            "(ticket.created_at < \(time) OR (ticket.created_at = \(time) AND ticket.id < \(id)))"
        case .oldest:
            "(ticket.created_at > \(time) OR (ticket.created_at = \(time) AND ticket.id > \(id)))"
        case .due:
            """
            (ticket.due_rank > \(cursor.priority) OR (ticket.due_rank = \(cursor.priority)
                AND (ticket.due_at > \(time) OR (ticket.due_at = \(time) AND ticket.id > \(id)))))
            """
        case .priority:
            """
            (ticket.priority < \(cursor.priority) OR (ticket.priority = \(cursor.priority)
                AND (ticket.created_at > \(time) OR (ticket.created_at = \(time) AND ticket.id > \(id)))))
            """
        }
    }
}
