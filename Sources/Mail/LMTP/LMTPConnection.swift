import NIOCore
import NIOPosix
import Synchronization

/// Carries out one session's actions. Reads nothing while it works, so a fast peer waits in its own socket.
///
/// A tick (an empty buffer put into the pipeline) wakes the loop to look at the clock and at the stop sign; so both are
/// acted on between two commands, never beside one.
struct LMTPConnection<Value: Sendable>: Sendable {
    let settings: LMTPSettings
    let stopping: LMTPStopping
    let channel: any Channel
    let lookUp: LMTPServer<Value>.LookUp
    let deliver: LMTPServer<Value>.Deliver

    private struct Progress {
        var spool: SpoolFile?
        var output: [UInt8] = []
        var isClosed = false
        var lastRead = Self.now()
        var lastDone = Self.now()

        static func now() -> Int64 { Int64(clamping: NIODeadline.now().uptimeNanoseconds / 1_000_000) }
    }

    typealias Inbound = NIOAsyncChannelInboundStream<ByteBuffer>
    typealias Outbound = NIOAsyncChannelOutboundWriter<ByteBuffer>

    func run(_ inbound: Inbound, _ outbound: Outbound) async throws {
        var session = LMTPSession<Value>(hostName: settings.hostName, limits: settings.limits)
        var progress = Progress()
        let writing = LMTPWriting()
        let ticks = startTicks(writing)
        defer {
            ticks.cancel()
            progress.spool?.discard()
        }
        progress.output = session.greeting
        try await flush(&progress, outbound, writing)
        for try await buffer in inbound {
            if buffer.readableBytes > 0 {
                progress.lastRead = Progress.now()
                var actions = session.receive(buffer.readableBytesView)
                while !actions.isEmpty { actions = try await carryOut(actions, &session, &progress, outbound, writing) }
            }
            if !progress.isClosed, let reason = reasonToStop(progress) {
                _ = try await carryOut(session.stop(reason), &session, &progress, outbound, writing)
            }
            try await flush(&progress, outbound, writing)
            if progress.isClosed { return }
        }
    }

    private func reasonToStop(_ progress: Progress) -> LMTPReply? {
        let now = Progress.now()
        if stopping.isStopping { return .shuttingDown }
        return now - progress.lastRead > settings.idle || now - progress.lastDone > settings.transaction ? .idle : nil
    }

    private func carryOut(
        _ actions: [LMTPSession<Value>.Action], _ session: inout LMTPSession<Value>, _ progress: inout Progress,
        _ outbound: Outbound, _ writing: LMTPWriting
    ) async throws -> [LMTPSession<Value>.Action] {
        var next: [LMTPSession<Value>.Action] = []
        for action in actions {
            switch action {
            case .reply(let bytes):
                progress.output += bytes
                if progress.output.count > 65_536 { try await flush(&progress, outbound, writing) }
            case .lookUp(let address):
                next = session.answer(lookUp: await lookUp(address))
            case .spool(let bytes):
                do {
                    try await append(bytes, &progress)
                } catch {
                    session.refuseBody(.diskFull)
                }
            case .discardSpool:
                progress.spool?.discard()
                progress.spool = nil
            case .deliver(let sender, let recipients, let body):
                try await flush(&progress, outbound, writing)
                next = session.answer(delivery: await store(sender, recipients, body, &progress))
                progress.lastRead = Progress.now()
                progress.lastDone = progress.lastRead
            case .close:
                progress.isClosed = true
            }
        }
        return next
    }

    private func store(
        _ sender: String, _ recipients: [LMTPRecipient<Value>], _ body: [UInt8]?, _ progress: inout Progress
    ) async -> [LMTPReply] {
        if let body {
            return await deliver(LMTPMessage(sender: sender, recipients: recipients, body: .bytes(body)))
        }
        // A spool that failed in the very last piece: the session had no chance to refuse.
        guard let spool = progress.spool, !spool.hasFailed else { return recipients.map { _ in .diskFull } }
        let file = LMTPBody.file(path: spool.path, size: spool.size)
        return await deliver(LMTPMessage(sender: sender, recipients: recipients, body: file))
    }

    private func append(_ bytes: [UInt8], _ progress: inout Progress) async throws {
        let spool = progress.spool ?? SpoolFile(directory: settings.spoolDirectory)
        progress.spool = try await NIOThreadPool.singleton.runIfActive {
            var spool = spool
            spool.append(bytes)
            return spool
        }
        if progress.spool?.hasFailed == true { throw LMTPReply.diskFull }
    }

    private func flush(_ progress: inout Progress, _ outbound: Outbound, _ writing: LMTPWriting) async throws {
        guard !progress.output.isEmpty else { return }
        let bytes = ByteBuffer(bytes: progress.output)
        progress.output.removeAll(keepingCapacity: true)
        writing.since.store(Progress.now(), ordering: .relaxed)
        try await outbound.write(bytes)
        writing.since.store(0, ordering: .relaxed)
    }

    /// Wakes the loop four times in an idle period; closes a connection whose peer takes no answers for a whole one.
    private func startTicks(_ writing: LMTPWriting) -> RepeatedTask {
        let pause = TimeAmount.milliseconds(max(10, settings.idle / 4))
        let idle = settings.idle
        let channel = channel
        return channel.eventLoop.scheduleRepeatedTask(initialDelay: pause, delay: pause) { _ in
            let since = writing.since.load(ordering: .relaxed)
            if since != 0, Progress.now() - since > idle {
                channel.close(promise: nil)
            } else {
                LMTPTick.wake(channel)
            }
        }
    }
}

/// When the write that is under way began (ms of uptime), or 0.
final class LMTPWriting: Sendable {
    let since = Atomic<Int64>(0)
}

/// An empty buffer for a connection's loop.
enum LMTPTick {
    /// The async channel hands over what was read only when a round of reading is complete.
    static func wake(_ channel: any Channel) {
        channel.pipeline.fireChannelRead(ByteBuffer())
        channel.pipeline.fireChannelReadComplete()
    }
}
