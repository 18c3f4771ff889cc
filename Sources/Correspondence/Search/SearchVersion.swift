import Base
import Storage
import Text

/// Which analyser made the terms of the index; `reindex` makes them anew with the one at hand.
package enum SearchVersion {
    private static let name = "search-terms"

    /// Says so once, for an index that is begun now.
    package static func begin(in db: any Connection) throws {
        try db.execute(
            """
            INSERT INTO setting (name, value) VALUES (\(name), \(String(SearchTerms.version)))
            ON CONFLICT (name) DO NOTHING
            """)
    }

    /// After all terms were made anew.
    static func renew(in db: any Connection) throws {
        try StoredSetting.set(name, String(SearchTerms.version), in: db)
    }

    /// False when words would be looked for that an older analyser wrote otherwise.
    package static func isCurrent(in db: any Connection) throws -> Bool {
        try StoredSetting.text(name, in: db) == String(SearchTerms.version)
    }
}
