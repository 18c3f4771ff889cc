import CSandbox
import Foundation

/// A process of ours with pipes to its standard input and output. Owned by one thread, which also waits for it.
struct ChildProcess: ~Copyable {
    let process: Int32
    private var input: Int32
    private let output: Int32

    /// Starts `path`; nil when it cannot. Standard error goes nowhere: it could hold words of people.
    init?(path: String, arguments: [String], environment: [String: String] = [:]) {
        var toChild: [Int32] = [-1, -1]
        var fromChild: [Int32] = [-1, -1]
        guard csandbox_pipe(&toChild) == 0 else { return nil }
        guard csandbox_pipe(&fromChild) == 0 else {
            toChild.forEach { close($0) }
            return nil
        }
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        var argumentPointers: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = Self.inherited.merging(environment) { $1 }.map { strdup("\($0)=\($1)") }
        variables.append(nil)
        let child = csandbox_spawn(path, &argumentPointers, &variables, toChild[0], fromChild[1], nowhere)
        (argumentPointers + variables).forEach { free($0) }
        for descriptor in [toChild[0], fromChild[1], nowhere] { close(descriptor) }
        guard child > 0 else {
            close(toChild[1])
            close(fromChild[0])
            return nil
        }
        process = child
        input = toChild[1]
        output = fromChild[0]
        for descriptor in [input, output] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    }

    deinit {
        if input >= 0 { close(input) }
        close(output)
        kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    }

    /// Nothing of our environment but where programs and libraries are.
    private static var inherited: [String: String] {
        let ours = ProcessInfo.processInfo.environment
        var kept = ["LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"]
        for name in ["PATH", "LD_LIBRARY_PATH"] { kept[name] = ours[name] }
        return kept
    }

    var cpuMicroseconds: Int64 { csandbox_cpu_microseconds(process) }

    mutating func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    /// Writes what fits now; 0 when nothing does, nil when the other end is closed.
    func writeSome(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let count = write(input, bytes.baseAddress, bytes.count)
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : nil
    }

    /// Reads what is there now; 0 when nothing is, nil at the end.
    func readSome(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let count = read(output, buffer.baseAddress, buffer.count)
        if count > 0 { return count }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : nil
    }

    /// Waits until something can be read (or written, when asked for), at most so many milliseconds.
    func wait(writing: Bool, milliseconds: Int32) {
        var entries = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
        if writing { entries.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0)) }
        poll(&entries, nfds_t(entries.count), milliseconds)
    }
}

/// Runs synchronous work on a thread that belongs to nobody's pool.
enum OwnThread {
    /// The thread ignores SIGPIPE: a child that died shows as an error of `write`.
    static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread {
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGPIPE)
            pthread_sigmask(SIG_BLOCK, &signals, nil)
            body()
        }
        thread.name = name
        thread.stackSize = 1 << 20
        thread.start()
    }
}
