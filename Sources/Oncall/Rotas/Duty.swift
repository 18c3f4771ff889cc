import Base

/// A time for which a member has said to be reachable.
package struct Duty: Equatable, Sendable {
    package let member: ID
    /// Milliseconds UTC, `until` not included.
    package let from: Milliseconds
    package let until: Milliseconds

    package init(member: ID, from: Milliseconds, until: Milliseconds) {
        self.member = member
        self.from = from
        self.until = until
    }

    package func covers(_ time: Milliseconds) -> Bool { time >= from && time < until }
}
