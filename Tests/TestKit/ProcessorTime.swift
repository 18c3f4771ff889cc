import Foundation

package enum ProcessorTime {
    /// Whole seconds this thread has worked: other work on the machine does not count.
    package static func seconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec
    }
}
