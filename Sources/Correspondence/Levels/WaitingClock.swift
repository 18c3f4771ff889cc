import Base

/// How long somebody has waited for us in a round, by the queue's hours: stretches in which the clock ran. Pure.
package struct WaitingClock: Sendable, Equatable {
    package let hours: BusinessHours
    /// Stretches that ended, in their order.
    package let runs: [Range<Milliseconds>]
    /// Nil while it pauses.
    package let runningSince: Milliseconds?

    package init(hours: BusinessHours, runs: [Range<Milliseconds>], runningSince: Milliseconds?) {
        self.hours = hours
        self.runs = runs
        self.runningSince = runningSince
    }

    /// Open time of all stretches up to a moment.
    package func used(at now: Milliseconds) -> Milliseconds {
        var sum = runs.reduce(0) { sum, run in
            sum + hours.openTime(from: run.lowerBound, to: min(run.upperBound, max(now, run.lowerBound)))
        }
        if let runningSince { sum += hours.openTime(from: runningSince, to: max(now, runningSince)) }
        return sum
    }

    /// When so much open time has passed; nil while the clock pauses before that, or when it is years away.
    package func moment(after openTime: Milliseconds) -> Milliseconds? {
        var left = max(0, openTime)
        for run in runs {
            let length = hours.openTime(from: run.lowerBound, to: run.upperBound)
            if length >= left { return hours.moment(after: left, from: run.lowerBound) }
            left -= length
        }
        return runningSince.flatMap { hours.moment(after: left, from: $0) }
    }
}

/// What a ticket is measured by now.
package enum DueKind: String, Sendable {
    /// A date the person named: it beats every clock.
    case deadline
    case first, next
}
