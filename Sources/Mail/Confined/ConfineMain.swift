import CSandbox
import Foundation

/// `liaison confine -- PROGRAM ARGUMENT…`: gives up the network and becomes that program, with limits.
package enum ConfineMain {
    /// Seconds of CPU and bytes of address space of the program.
    private static let cpuSeconds: UInt64 = 10

    /// `LIAISON_CONFINE_MEMORY` (bytes, 0 for none) sets the address space; ends with 69 when the program cannot start.
    package static func run(_ arguments: [String]) -> Never {
        guard let program = arguments.first else { exit(64) }
        let memory = ProcessInfo.processInfo.environment["LIAISON_CONFINE_MEMORY"].flatMap { UInt64($0) } ?? 512 << 20
        var limits = csandbox_limits(
            addressSpace: memory, data: 512 << 20, cpuSeconds: cpuSeconds, files: 64, fileSize: 0)
        guard csandbox_die_with_parent(getppid()) == 0, csandbox_limit(&limits) == 0, csandbox_filter(1) == 0 else {
            exit(78)
        }
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        pointers.append(nil)
        execvp(program, &pointers)
        exit(69)
    }
}
