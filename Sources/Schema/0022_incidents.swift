import Storage

extension Schema {
    /// Incidents and lasting causes.
    static let incidents = Migration("0022_incidents", [])
}
