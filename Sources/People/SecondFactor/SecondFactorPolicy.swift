import Base

/// Who needs a second factor, and since when: whoever reads mail, and administrators.
package struct SecondFactorPolicy: Sendable {
    /// Until then accounts without one may go on; zero for "at once".
    package var from: Milliseconds

    package init(from: Milliseconds = 0) { self.from = from }

    package func asks(of viewer: Viewer) -> Bool { viewer.isAdministrator || !viewer.queues(.see).isEmpty }

    package func demands(of viewer: Viewer, at: Milliseconds) -> Bool { at >= from && asks(of: viewer) }
}
