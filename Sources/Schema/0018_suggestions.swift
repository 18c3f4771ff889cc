import Storage

extension Schema {
    /// Texts inserted into answers, and what became of them.
    static let suggestions = Migration("0018_suggestions", [])
}
