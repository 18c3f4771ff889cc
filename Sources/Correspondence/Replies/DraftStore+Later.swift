import Base
import Storage

extension DraftStore {
    /// When the next letter of each of these tickets goes out by itself.
    func scheduled(among tickets: [ID], in db: any Connection) throws -> [ID: Milliseconds] {
        guard !tickets.isEmpty else { return [:] }
        var times: [ID: Milliseconds] = [:]
        for row in try db.rows(
            """
            SELECT ticket_id, MIN(send_at) AS send_at FROM draft
            WHERE ticket_id IN \(list: tickets) AND send_at IS NOT NULL AND sent_message IS NULL GROUP BY ticket_id
            """)
        {
            times[try row.int("ticket_id")] = try row.int("send_at")
        }
        return times
    }
}
