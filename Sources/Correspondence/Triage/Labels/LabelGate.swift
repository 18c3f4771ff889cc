import Base
import Storage

extension TicketStore {
    /// Throws `refused` while a label of the ticket leaves it to people of whom the viewer is none.
    ///
    /// Asked in the store wherever something is sent in a ticket's name or a ticket is settled, so that page, API,
    /// jobs and changes of many are refused alike. A label for which nobody is named warns and closes nothing:
    /// otherwise a flag of the program alone could leave a person without any answer.
    package func requireAnswerable(_ ticket: ID, by viewer: Viewer, in db: any Connection) throws {
        guard try mayAnswer(ticket, member: viewer.memberID, in: db) else { throw Failure(.refused, "label-closed") }
    }

    /// Whether no label leaves answering to others.
    func mayAnswer(_ ticket: ID, member: ID, in db: any Connection) throws -> Bool {
        try db.first(
            "SELECT ticket.id FROM ticket WHERE ticket.id = \(ticket) AND \(Self.isClosed(to: member))") == nil
    }

    /// Of `ticket`: a label leaves its answering to people of whom the member is none.
    static func isClosed(to member: ID) -> SQL {
        """
        EXISTS (
            SELECT 1 FROM ticket_label
            WHERE ticket_label.ticket_id = ticket.id
                AND EXISTS (
                    SELECT 1 FROM label_person JOIN member ON member.id = label_person.member_id
                    WHERE label_person.label = ticket_label.label AND member.is_disabled = 0)
                AND NOT EXISTS (
                    SELECT 1 FROM label_person
                    WHERE label_person.label = ticket_label.label AND label_person.member_id = \(member)))
        """
    }
}
