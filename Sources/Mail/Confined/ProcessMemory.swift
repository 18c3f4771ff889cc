import CSandbox

/// How a process keeps memory. To be called once, at the start.
package enum ProcessMemory {
    private static let kept: Int32 = 16 << 20
    private static let arenas: Int32 = 2

    /// For one that parses one message after the other: what one message needed is used for the next, instead of being
    /// given back to the kernel and asked for again, which took a tenth of the time.
    package static func keep() { csandbox_keep_memory(kept) }

    /// For a server: its thirty threads share two arenas, instead of each keeping what it has freed. After 10,000
    /// messages that was 75 MB of 190.
    package static func share() { csandbox_share_memory(arenas) }

    /// After something big that comes once: what it needed goes back to the kernel.
    package static func giveBack() { csandbox_give_back_memory() }
}
