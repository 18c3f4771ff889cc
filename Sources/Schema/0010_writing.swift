import Storage

extension Schema {
    /// Texts on their way: shared drafts, later sending, hours and dates away.
    static let writing = Migration("0010_writing", [])
}
