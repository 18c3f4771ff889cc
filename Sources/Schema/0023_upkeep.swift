import Storage

extension Schema {
    /// What safety and access still lacked.
    static let upkeep = Migration("0023_upkeep", [])
}
