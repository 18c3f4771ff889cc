import Storage

extension Schema {
    /// Saved filters, snoozing, bulk changes and what undoes them.
    static let work = Migration("0009_work", [])
}
