import Storage

extension Schema {
    /// Invitations, second factors, resets: the ways in.
    static let accounts = Migration("0007_accounts", [])
}
