import CSandbox
import Foundation
import Testing

@testable import Mail

@Suite struct SandboxTests {
    @Test func `a confined parser starts threads but no processes`() async throws {
        // The filter holds for the thread that installs it and those it starts: not for the test run.
        let seen: [Int32] = try await withCheckedThrowingContinuation { continuation in
            OwnThread.start("confined") {
                guard csandbox_filter(0) == 0 else { return continuation.resume(throwing: CancellationError()) }
                continuation.resume(returning: [Self.fork(), Self.startThread()])
            }
        }

        #expect(seen == [EPERM, 0])
    }

    /// 0, or why there is no new process.
    private static func fork() -> Int32 {
        typealias Fork = @convention(c) () -> Int32
        let fork = unsafeBitCast(dlsym(nil, "fork"), to: Fork.self)
        let process = fork()
        if process == 0 { _exit(0) }
        guard process > 0 else { return errno }
        waitpid(process, nil, 0)
        return 0
    }

    private static func startThread() -> Int32 {
        var thread = pthread_t()
        let failed = pthread_create(&thread, nil, { _ in nil }, nil)
        if failed == 0 { pthread_join(thread, nil) }
        return failed
    }
}
