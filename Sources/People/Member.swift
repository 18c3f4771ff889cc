import Base
import Foundation

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
    /// `Europe/Berlin`; empty for the organisation's. Seen by nobody else.
    package var zone: String
    /// `auto`, `light` or `dark`.
    package var theme: String
    /// False where single keys do nothing (WCAG 2.1.4).
    package var usesKeys: Bool
    /// When a session of theirs was last noted as used.
    package var seenAt: Milliseconds?
    /// `2026-12-24`, both ends included; empty where they are not away.
    package var awayFrom: String
    package var awayUntil: String

    /// The last day away when `day` (`2026-12-24`) is one of them.
    package func away(on day: String) -> String? {
        !awayUntil.isEmpty && awayFrom <= day && day <= awayUntil ? awayUntil : nil
    }

    /// `2026-12-24`: the day it is in a zone.
    package static func day(at now: Milliseconds, in zone: TimeZone) -> String {
        let seconds = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(now) / 1000))
        return String(ISO8601.string(now + Milliseconds(seconds) * 1000).prefix(10))
    }
}

/// What a token may do.
package enum TokenScope: String, Sendable, CaseIterable {
    case read, write
}
