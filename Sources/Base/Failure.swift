/// What went wrong, for two readers: `messageKey` for people and peers, `details` for the log. Equality looks at the
/// code only.
package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Why an operation did not succeed; callers branch on this and on nothing else.
    package enum Code: String, Sendable {
        /// The input breaks a rule; the same input will fail again.
        case invalid
        /// Not there, or not for this viewer: both look the same on purpose.
        case notFound
        /// Somebody else changed it first.
        case conflict
        /// The rules forbid it and the viewer may know that.
        case refused
        /// Over a limit of size or rate.
        case tooLarge
        case tooMany
        /// The database, a server or a helper is away; try again later.
        case unavailable
        /// No room on the disk; try again later.
        case full
        /// The configuration is wrong; nothing works until it is mended.
        case configuration
        /// A bug or a broken promise of something outside.
        case `internal`
    }

    package let code: Code
    /// True when the same call may succeed later without a change.
    package let isTemporary: Bool
    /// Key of a message in `i18n/`, with its arguments `$1`, `$2`, …
    package let messageKey: String
    package let arguments: [String]
    /// For the log only; never shown to a person, never holds words, names or addresses of people.
    package let details: String

    package init(
        _ code: Code, _ messageKey: String, arguments: [String] = [], details: String = "", isTemporary: Bool? = nil
    ) {
        self.code = code
        self.messageKey = messageKey
        self.arguments = arguments
        self.details = details
        self.isTemporary = isTemporary ?? (code == .unavailable || code == .full || code == .tooMany)
    }

    package static func == (left: Failure, right: Failure) -> Bool { left.code == right.code }

    package var description: String {
        details.isEmpty ? "\(code.rawValue): \(messageKey)" : "\(code.rawValue): \(messageKey): \(details)"
    }
}
