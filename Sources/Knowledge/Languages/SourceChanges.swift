import Base
import Storage

/// What one version changed in a paragraph that stayed.
package struct SourceChange: Sendable, Equatable {
    package var id: ID
    package var before: String
    package var after: String
}

extension KnowledgeStore {
    /// Paragraphs whose words version `number` changed, in the order of the text; the first version changed nothing.
    package func changes(
        of text: KnowledgeText, to number: Int, in db: any Connection
    ) throws -> [SourceChange] {
        guard number > 1 else { return [] }
        let before = try words(of: requireVersion(number - 1, of: text.id, in: db))
        let after = try requireVersion(number, of: text.id, in: db)
        let known = Dictionary(before, uniquingKeysWith: { first, _ in first })
        return words(of: after).compactMap { id, words in
            guard let old = known[id], old != words else { return nil }
            return SourceChange(id: id, before: old, after: words)
        }
    }

    private func words(of version: TextVersion) -> [(ID, String)] {
        Array(zip(version.paragraphs, [version.title] + Paragraphs.split(version.body)))
    }
}
