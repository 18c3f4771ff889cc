import Base
import NIOCore
import NIOPosix
import Synchronization

/// Where an LMTP server listens.
package enum LMTPAddress: Sendable, Equatable {
    case tcp(host: String, port: Int)
    case unix(path: String)

    /// `HOST:PORT`, `[V6]:PORT` or `unix:PATH`; nil when it is none of them.
    package init?(_ text: String) {
        if text.hasPrefix("unix:") {
            self = .unix(path: String(text.dropFirst(5)))
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty else { return nil }
        self = .tcp(host: host, port: Int(port))
    }
}

/// How an LMTP server behaves; times in milliseconds.
package struct LMTPSettings: Sendable {
    package var hostName = "localhost"
    package var limits = LMTPLimits()
    package var connections = 200
    /// Without a byte from the peer.
    package var idle: Int64 = 300_000
    /// From the first byte of a transaction to its end, however busy the peer looks.
    package var transaction: Int64 = 3_600_000
    /// Where messages above `limits.memorySize` are spooled.
    package var spoolDirectory: String
    /// Permission bits of a Unix socket.
    package var socketMode: UInt32 = 0o660

    package init(spoolDirectory: String) { self.spoolDirectory = spoolDirectory }
}

/// Listens, and carries out the actions of one `LMTPSession` per connection.
///
/// `run` returns when its task is cancelled: the listener closes, deliveries that run are finished and answered, every
/// connection hears 421. Peers keep whatever was not answered with 250.
package struct LMTPServer<Value: Sendable>: Sendable {
    package typealias LookUp = @Sendable (_ recipient: String) async -> Result<Value, LMTPReply>
    package typealias Deliver = @Sendable (LMTPMessage<Value>) async -> [LMTPReply]
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private let address: LMTPAddress
    private let settings: LMTPSettings
    private let lookUp: LookUp
    private let deliver: Deliver

    package init(
        address: LMTPAddress, settings: LMTPSettings, lookUp: @escaping LookUp, deliver: @escaping Deliver
    ) {
        self.address = address
        self.settings = settings
        self.lookUp = lookUp
        self.deliver = deliver
    }

    /// Serves until cancelled. `onReady` gets the port (0 for a Unix socket). Throws `unavailable` when it cannot
    /// listen.
    package func run(onReady: @escaping @Sendable (Int) -> Void = { _ in }) async throws {
        let listener = try await listen()
        onReady(listener.channel.localAddress?.port ?? 0)
        let stopping = LMTPStopping()
        // Owned here and awaited below: cancelling `run` must not cancel deliveries that have begun.
        let serving = Task { await serve(listener, stopping) }
        await withTaskCancellationHandler {
            await serving.value
        } onCancel: {
            stopping.stop()
            listener.channel.close(promise: nil)
        }
        if case .unix(let path) = address { FileRemoval.remove(path) }
    }

    private func listen() async throws -> NIOAsyncChannel<Connection, Never> {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 8192, maximum: 131_072))
        do {
            switch address {
            case .tcp(let host, let port):
                return try await bootstrap.bind(host: host, port: port, childChannelInitializer: Self.wrap)
            case .unix(let path):
                let channel = try await bootstrap.bind(
                    unixDomainSocketPath: path, cleanupExistingSocketFile: true, childChannelInitializer: Self.wrap)
                FileRemoval.setMode(path, settings.socketMode)
                return channel
            }
        } catch {
            throw Failure(.unavailable, "mail-lmtp-cannot-listen", details: "\(address): \(error)")
        }
    }

    private static func wrap(_ channel: Channel) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture {
            if channel.remoteAddress?.port != nil {
                try channel.syncOptions?.setOption(.socketOption(.tcp_nodelay), value: 1)
            }
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2)))
        }
    }

    private func serve(_ listener: NIOAsyncChannel<Connection, Never>, _ stopping: LMTPStopping) async {
        do {
            try await listener.executeThenClose { connections in
                await withDiscardingTaskGroup { group in
                    do {
                        for try await connection in connections {
                            group.addTask { await serve(connection, stopping) }
                        }
                    } catch {
                        // The listener is gone; open connections are finished below.
                    }
                }
            }
        } catch {
            // Closing a listener that is closed already.
        }
    }

    private func serve(_ connection: Connection, _ stopping: LMTPStopping) async {
        let worker = LMTPConnection(
            settings: settings, stopping: stopping, channel: connection.channel, lookUp: lookUp, deliver: deliver)
        let isTaken = stopping.enter(connection.channel, limit: settings.connections)
        defer { if isTaken { stopping.leave(connection.channel) } }
        do {
            try await connection.executeThenClose { inbound, outbound in
                guard isTaken else {
                    let reply = stopping.isStopping ? LMTPReply.shuttingDown : .tooManyConnections
                    return try await outbound.write(ByteBuffer(bytes: reply.line))
                }
                try await worker.run(inbound, outbound)
            }
        } catch {
            // The peer went away: whatever was not answered stays with it.
        }
    }
}

/// The open connections, and whether they are being ended.
final class LMTPStopping: Sendable {
    private struct State {
        var isStopping = false
        var channels: [ObjectIdentifier: any Channel] = [:]
    }

    private let state = Mutex(State())

    var isStopping: Bool { state.withLock { $0.isStopping } }

    func enter(_ channel: any Channel, limit: Int) -> Bool {
        state.withLock { state in
            guard !state.isStopping, state.channels.count < limit else { return false }
            state.channels[ObjectIdentifier(channel)] = channel
            return true
        }
    }

    func leave(_ channel: any Channel) {
        _ = state.withLock { $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// Wakes every connection; each ends itself between two commands.
    func stop() {
        let channels = state.withLock { state in
            state.isStopping = true
            return Array(state.channels.values)
        }
        for channel in channels { LMTPTick.wake(channel) }
    }
}
