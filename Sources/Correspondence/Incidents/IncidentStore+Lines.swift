import Base
import Foundation
import Storage
import Text

/// What is said: one line per language, with its versions.
extension IncidentStore {
    /// The newest version of each language, or all of them, newest first.
    package func lines(of id: ID, withOld: Bool = false, in db: any Connection) throws -> [IncidentLine] {
        var named: [ID: [ID]] = [:]
        let speakers = try db.rows(
            """
            SELECT incident_speaker.* FROM incident_line
            JOIN incident_speaker ON incident_speaker.line_id = incident_line.id
            WHERE incident_line.incident_id = \(id) ORDER BY incident_speaker.member_id
            """)
        for row in speakers { named[try row.int("line_id"), default: []].append(try row.int("member_id")) }
        let all = try db.rows(
            """
            SELECT incident_line.*, (SELECT COUNT(*) FROM incident_letter
                WHERE incident_letter.line_id = incident_line.id AND incident_letter.state = 'sent')
                + (SELECT COUNT(*) FROM line_use WHERE line_use.line_id = incident_line.id
                    AND \(LineUseStore.isSaid)) AS uses
            FROM incident_line WHERE incident_id = \(id) ORDER BY language, version DESC
            """
        ).map { row in
            let line = try row.int("id")
            return IncidentLine(
                id: line, incident: id, language: try row.text("language"), version: Int(try row.int("version")),
                text: try row.text("text"), member: try row.int("member_id"), at: try row.int("at"),
                expiresAt: try row.int("expires_at"), approvedBy: try row.optionalInt("approved_by"),
                approvedAt: try row.optionalInt("approved_at"), speakers: named[line] ?? [],
                uses: Int(try row.int("uses")))
        }
        guard !withOld else { return all }
        var seen: Set<String> = []
        return all.filter { seen.insert($0.language).inserted }
    }

    /// What somebody writes.
    package struct Wording: Sendable {
        package var language: String
        package var text: String
        package var expiresAt: Milliseconds
        package var speakers: [ID]

        package init(language: String, text: String, expiresAt: Milliseconds, speakers: [ID] = []) {
            self.language = language
            self.text = text
            self.expiresAt = expiresAt
            self.speakers = speakers
        }
    }

    /// Another version of the line of a language. It is not agreed to until a second person says so.
    @discardableResult package func write(
        _ wording: Wording, for id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> ID {
        let incident = try require(id, for: .draft, visibleTo: viewer, in: db)
        let text = wording.text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty, text.utf8.count <= IncidentLine.longestText else {
            throw Failure(.invalid, "incident-line-invalid")
        }
        guard LanguageCode.isPlausible(wording.language) else { throw Failure(.invalid, "incident-language-invalid") }
        guard wording.expiresAt > at else { throw Failure(.invalid, "incident-expiry-invalid") }
        let last = try db.int(
            """
            SELECT COALESCE(MAX(version), 0) AS n FROM incident_line
            WHERE incident_id = \(id) AND language = \(wording.language)
            """)
        let line = try ids.make()
        try db.execute(
            """
            INSERT INTO incident_line (id, incident_id, language, version, text, member_id, at, expires_at,
                approved_by, approved_at)
            VALUES (\(line), \(id), \(wording.language), \(last + 1), \(text), \(viewer.memberID), \(at),
                \(wording.expiresAt), NULL, NULL)
            """)
        for speaker in Set(wording.speakers).sorted() {
            guard try db.first("SELECT id FROM member WHERE id = \(speaker)") != nil else {
                throw Failure(.invalid, "error-invalid")
            }
            try db.execute("INSERT INTO incident_speaker (line_id, member_id) VALUES (\(line), \(speaker))")
        }
        try note(
            "incident-line", incident, viewer, data: ["line": String(line), "version": String(last + 1)], at: at,
            in: db)
        return line
    }

    /// A second person agrees to exactly these words; nobody to their own.
    package func approve(
        _ line: ID, of id: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws {
        let incident = try require(id, for: .approve, visibleTo: viewer, in: db)
        guard let found = try lines(of: id, in: db).first(where: { $0.id == line }) else {
            throw Failure(.notFound, "error-not-found")
        }
        guard found.member != viewer.memberID else { throw Failure(.refused, "incident-line-own") }
        let isTraining = try db.first(
            """
            SELECT 1 AS one FROM trainee
            WHERE queue_id = \(incident.queue) AND member_id = \(viewer.memberID) AND freed_at IS NULL
            """)
        guard isTraining == nil else { throw Failure(.refused, "error-refused") }
        try db.execute(
            """
            UPDATE incident_line SET approved_by = \(viewer.memberID), approved_at = \(at)
            WHERE id = \(line) AND approved_by IS NULL
            """)
        try note("incident-line-approved", incident, viewer, data: ["line": String(line)], at: at, in: db)
    }
}

/// `de`, `pt-br`: what may name a language.
enum LanguageCode {
    static func isPlausible(_ code: String) -> Bool {
        (2...12).contains(code.utf8.count)
            && code.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    }

    /// `pt` of `pt-br`.
    static func base(_ code: String) -> String { String(code.prefix { $0 != "-" }) }
}
