import Base
import Jobs

/// An id of a delivery in, one call to `Filing`.
package enum FilingJob {
    package static let name = "filing"

    package static func kind(_ filing: Filing) -> JobKind {
        JobKind(name, batch: 32, workers: 2, lease: 120_000, maximumAttempts: 12) { await filing.file($0) }
    }
}
