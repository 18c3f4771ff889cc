import Storage

extension Schema {
    /// Rules, labels and learned models.
    static let triage = Migration("0019_triage", [])
}
