import Base

/// Someone with an account, staff or volunteer.
package struct Member: Sendable, Equatable {
    package var id: ID
    /// Folded to lower case; signs in with it. Never leaves in a letter.
    package var email: String
    /// For colleagues.
    package var name: String
    /// For letters: a role or pseudonym if they wish.
    package var letterName: String
    /// Of the interface, BCP 47.
    package var language: String
    package var isAdministrator: Bool
    package var isDisabled: Bool
    /// True until the first password has been replaced by their own.
    package var mustChangePassword: Bool
}

/// What a token may do.
package enum TokenScope: String, Sendable, CaseIterable {
    case read, write
}
