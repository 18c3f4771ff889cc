import Storage

extension Schema {
    /// Who has read a ticket, asked when it is protected and ever after.
    static let readers = Migration(
        "0029_readers", ["CREATE INDEX ticket_read_ticket ON ticket_read (ticket_id, member_id)"])
}
