import Base
import Storage

/// Agreed lines in a draft that may no longer be said: another version took their place, their time is over, or the
/// draft has come to somebody who may not say them. Each holds the letter back until a reason is given.
enum StaleLine {
    static func findings(of draft: Draft, at: Milliseconds, in db: any Connection) throws -> [Finding] {
        var found: [Finding] = []
        for use in try LineUseStore.ofDraft(draft.id, in: db)
        where Insertion.kept(use.words, in: draft.text) >= Insertion.least {
            guard let rule = try rule(use.line, author: draft.author, at: at, in: db) else { continue }
            let finding = Finding(.stale, rule, StaleText.beginning(use.words), isBlocking: true)
            if !found.contains(finding) { found.append(finding) }
        }
        return found
    }

    private static func rule(_ line: ID, author: ID, at: Milliseconds, in db: any Connection) throws -> String? {
        let row = try db.first(
            """
            SELECT expires_at, (SELECT COUNT(*) FROM incident_line AS newer
                WHERE newer.incident_id = incident_line.incident_id AND newer.language = incident_line.language
                    AND newer.version > incident_line.version) AS newer,
                (SELECT COUNT(*) FROM incident_speaker WHERE incident_speaker.line_id = incident_line.id) AS speakers,
                (SELECT COUNT(*) FROM incident_speaker
                    WHERE incident_speaker.line_id = incident_line.id AND member_id = \(author)) AS named
            FROM incident_line WHERE id = \(line)
            """)
        guard let row else { return nil }
        if try row.int("newer") > 0 { return "line-replaced" }
        if try row.int("expires_at") <= at { return "line-expired" }
        return try row.int("speakers") > 0 && row.int("named") == 0 ? "line-speaker" : nil
    }
}
