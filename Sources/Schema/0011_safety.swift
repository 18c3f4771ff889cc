import Storage

extension Schema {
    /// Redactions, labels and blocked senders.
    static let safety = Migration("0011_safety", [])
}
