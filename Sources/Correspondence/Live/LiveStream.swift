import Base
import Hummingbird
import Jobs
import NIOCore

/// One stream of server-sent events (WHATWG HTML, 9.2).
///
/// 1. Woken by the hub, or after ten seconds, it reads what its viewer may see after its cursor.
/// 2. Changes go out with the cursor as id: a browser that lost the connection comes back with `Last-Event-ID`, to any
///    node, and misses nothing. Presence and the count of notices go out whole when they differ.
/// 3. It ends when the session has ended, when the node ends, or when the browser has gone.
struct LiveStream: Sendable {
    /// Between reads of one stream: what happens meanwhile is told together.
    static let pause: Duration = .milliseconds(250)
    static let heartbeat: Milliseconds = 10_000

    let reader: LiveReader
    let hub: LiveHub
    let session: String
    let cursor: Int64

    func write(to writer: inout any ResponseBodyWriter) async throws {
        var cursor = cursor
        var last = (present: "", unread: -1)
        try await put("retry: 2000\n\n", to: &writer)
        while !hub.isClosed, !Task.isCancelled {
            let generation = hub.alarm.generation
            guard let news = try await reader.read(session, after: cursor) else {
                return try await put("event: ended\ndata: {}\n\n", to: &writer)
            }
            cursor = news.cursor
            let present = LiveText.present(news)
            var text = ""
            if news.isReset { text += "id: \(cursor)\nevent: reset\ndata: {}\n\n" }
            if !news.changes.isEmpty {
                text += "id: \(cursor)\nevent: changes\ndata: \(LiveText.changes(news))\n\n"
            }
            if present != last.present { text += "event: present\ndata: \(present)\n\n" }
            if news.unread != last.unread { text += "event: unread\ndata: \(news.unread)\n\n" }
            last = (present, news.unread)
            // A comment shows that the connection lives, and finds out when it does not.
            try await put(text.isEmpty ? ": \n\n" : text, to: &writer)
            if news.hasMore { continue }
            try await Task.sleep(for: Self.pause)
            await hub.alarm.wait(after: generation, atMost: Self.heartbeat)
        }
    }

    private func put(_ text: String, to writer: inout any ResponseBodyWriter) async throws {
        try await writer.write(ByteBuffer(string: text))
    }
}
