import Storage

extension Schema {
    /// Rules, macros, checklists and assignment.
    static let rules = Migration("0024_rules", [])
}
