import Storage

extension Schema {
    /// Presence, following, notices and their digests.
    static let live = Migration("0012_live", [])
}
