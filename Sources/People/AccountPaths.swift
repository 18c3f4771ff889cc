import Base
import Web

package enum InvitationPaths {
    static let list: PathPattern = "/members/invitations"
    static let resending: PathPattern = "/members/invitations/:id/resending"
    static let withdrawal: PathPattern = "/members/invitations/:id/withdrawal"
    static let show: PathPattern = "/invitations/:reference"

    /// The way in; the reference is 256 bits of base64url.
    package static func link(_ reference: String) -> String { "/invitations/" + reference }
}

package enum PasswordPaths {
    static let forgotten: PathPattern = "/forgotten-password"
    static let show: PathPattern = "/password/:reference"
    static let lost: PathPattern = "/password/:reference/lost-second-factor"

    package static func link(_ reference: String) -> String { "/password/" + reference }
}

package enum AccountPaths {
    static let code: PathPattern = "/sign-in/code"
    static let lost: PathPattern = "/sign-in/lost-second-factor"
    static let password: PathPattern = "/account/password"
    static let secondFactor: PathPattern = "/account/second-factor"
    static let recoveryCodes: PathPattern = "/account/recovery-codes"
    static let endSession: PathPattern = "/account/sessions/:id/end"
    static let endOthers: PathPattern = "/account/sessions/end-others"
    static let dismissal: PathPattern = "/account/notices/:id/dismissal"
}
