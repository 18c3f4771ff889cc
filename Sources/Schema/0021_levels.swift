import Storage

extension Schema {
    /// Service levels, deadlines and escalation.
    static let levels = Migration("0021_levels", [])
}
