import Base
import Storage

extension TicketStore {
    /// People of the newest tickets the viewer may see, each once, by address: for completion.
    package func recentContacts(
        visibleTo viewer: Viewer, in db: any Connection
    ) throws -> [(address: String, name: String)] {
        let rows = try db.rows(
            """
            SELECT contact_address.address, contact.name FROM (
                SELECT contact_id FROM ticket WHERE queue_id IN \(list: viewer.queues(.see)) AND contact_id IS NOT NULL
                ORDER BY updated_at DESC, id DESC LIMIT 300) AS recent
            JOIN contact ON contact.id = recent.contact_id
            JOIN contact_address ON contact_address.contact_id = contact.id
            WHERE contact_address.is_bouncing = 0
            """)
        var seen: Set<String> = []
        let people = try rows.map { (address: try $0.text("address"), name: try $0.text("name")) }
        return people.filter { seen.insert($0.address).inserted }.sorted { $0.address < $1.address }
    }
}
