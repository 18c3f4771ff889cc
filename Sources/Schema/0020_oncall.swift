import Storage

extension Schema {
    /// Who is on duty, and pages.
    static let oncall = Migration("0020_oncall", [])
}
