import Base
import Storage

/// Makes the index of all texts anew, a slice at a time: after a restore, or when the analyser is another.
package struct TextReindexing: Sendable {
    private static let slice = 50

    private let database: Database
    private let store: KnowledgeStore

    package init(database: Database, store: KnowledgeStore) {
        self.database = database
        self.store = store
    }

    /// Returns how many texts were indexed.
    package func run() async throws -> Int {
        var last: ID = 0
        var count = 0
        while true {
            let after = last
            let ids = try await database.write { [store] db in
                let texts = try db.rows(
                    "SELECT * FROM knowledge_text WHERE id > \(after) ORDER BY id LIMIT \(Self.slice)"
                ).map(KnowledgeStore.read)
                for text in texts { try store.translations.indexAll(of: text, in: db) }
                return texts.map(\.id)
            }
            guard let newest = ids.last else { return count }
            last = newest
            count += ids.count
        }
    }
}
