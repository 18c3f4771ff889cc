import Synchronization

/// Counts the events this process has added, committed or not. Safe from any thread.
package final class EventCounter: Sendable {
    private let count = Mutex<UInt64>(0)

    package init() {}

    package var value: UInt64 { count.withLock { $0 } }

    func increment() { count.withLock { $0 &+= 1 } }
}
