import Base

/// How far someone has come in signing in. Each step has a session of its own.
package enum SessionStage: String, Sendable {
    /// The password was right; the code is awaited. Opens nothing.
    case code
    case open
}

/// A session that is in use, and whose.
package struct LivingSession: Sendable {
    package var id: ID
    package var member: Member
    package var seenAt: Milliseconds
    package var hasSecondFactor: Bool
    /// How many notices wait for them.
    package var notices: Int
}

/// A session as its owner sees it. There is no network address: none is kept.
package struct OwnSession: Sendable, Equatable {
    package var id: ID
    package var createdAt: Milliseconds
    package var seenAt: Milliseconds
    /// `Firefox, Linux`; empty when unknown.
    package var device: String
}

/// A browser's name and system, no finer: nothing to recognise a person by.
enum DeviceName {
    private static let browsers = [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"), ("Safari/", "Safari"),
    ]
    private static let systems = [
        ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ]

    static func coarse(_ userAgent: String) -> String {
        let text = userAgent.prefix(400)
        let found = [browsers, systems].compactMap { names in names.first { text.contains($0.0) }?.1 }
        return found.joined(separator: ", ")
    }
}
