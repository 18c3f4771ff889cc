import Storage

extension Schema {
    /// Reviews before sending.
    static let review = Migration("0017_review", [])
}
