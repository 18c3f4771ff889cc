import Storage

extension Schema {
    /// Teams, rights and who read what.
    static let access = Migration("0008_access", [])
}
