import Storage

extension Schema {
    /// Public forms and their senders' links.
    static let forms = Migration("0013_forms", [])
}
