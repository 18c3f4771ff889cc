import Storage

extension Schema {
    /// Proposals and planned changes of a text's fields, as JSON; empty where a proposal leaves them as they are.
    static let proposals = Migration(
        "0026_knowledge", ["ALTER TABLE knowledge_proposal ADD COLUMN fields TEXT NOT NULL DEFAULT ''"])
}
