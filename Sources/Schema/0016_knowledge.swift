import Storage

extension Schema {
    /// Texts, their versions, paragraphs and translations.
    static let knowledge = Migration("0016_knowledge", [])
}
