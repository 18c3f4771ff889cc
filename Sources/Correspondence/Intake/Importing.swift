import Base
import Foundation
import Mail
import Storage

/// Takes history from mbox files and maildirs.
///
/// Messages are accepted in batches of one transaction. An import that was stopped is simply started again, and one
/// that
/// is repeated finds every message again and stores none twice: the same bytes for the same queue are one delivery.
/// Nobody is ever answered. Filing goes on as a job.
package struct Importing: Sendable {
    package struct Count: Sendable, Equatable {
        package var read = 0
        package var accepted = 0
        package var duplicates = 0

        package init() {}
    }

    private static let batchMessages = 200
    private static let batchBytes = 16 << 20

    private let intake: Intake
    private let clock: Clock

    package init(intake: Intake, clock: Clock) {
        self.intake = intake
        self.clock = clock
    }

    /// One message of a source: bytes in memory, or a spool file when they are large.
    package struct Item: Sendable {
        package var content: Delivery.Content
        package var size: Int
        /// From the mbox's From_ line or the file's date.
        package var date: Milliseconds?

        package init(content: Delivery.Content, size: Int, date: Milliseconds?) {
            self.content = content
            self.size = size
            self.date = date
        }
    }

    /// Reads all items that `next` gives until nil. `next` blocks; this runs where blocking is allowed.
    package func run(
        queue: ID, next: () throws -> Item?, progress: @escaping @Sendable (Count) -> Void
    ) async throws -> Count {
        var count = Count()
        var isAtEnd = false
        while !isAtEnd {
            var batch: [Delivery] = []
            var bytes = 0
            while batch.count < Self.batchMessages, bytes < Self.batchBytes {
                guard let item = try next() else {
                    isAtEnd = true
                    break
                }
                bytes += min(item.size, Self.batchBytes)
                batch.append(
                    Delivery(
                        queue: queue, sender: "", recipient: "", source: .archive, receivedAt: item.date ?? clock.now(),
                        content: item.content))
            }
            guard !batch.isEmpty else { break }
            for acceptance in try await intake.accept(batch) {
                count.read += 1
                if acceptance == .duplicate { count.duplicates += 1 } else { count.accepted += 1 }
            }
            progress(count)
        }
        return count
    }
}
