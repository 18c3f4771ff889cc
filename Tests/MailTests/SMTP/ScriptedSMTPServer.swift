import Foundation
import Glibc
import Synchronization

/// A server of SMTP on loopback that does what it is told, on a thread of its own; one connection after the other.
final class ScriptedSMTPServer: Sendable {
    /// Where it hangs up, or stops to answer while it goes on to listen.
    enum Place: Sendable { case greeting, mail, recipient, data, inContent, afterContent }

    /// One settable fault per stage.
    struct Script: Sendable {
        var greeting = "220 mx.example ESMTP"
        var extensions = ["SIZE 50000000", "8BITMIME", "SMTPUTF8"]
        var noop = "250 2.0.0 ok"
        var mail = "250 2.1.0 ok"
        var recipients: [String: String] = [:]
        var data = "354 go on"
        var verdict = "250 2.0.0 queued as 1A2B"
        var hangsUp: Place?
        var goesSilent: Place?
    }

    struct Heard: Sendable {
        var commands: [String] = []
        /// As it came over the wire, with the final dot.
        var content: [UInt8] = []
    }

    let port: Int
    private let script: Script
    private let heard = Mutex(Heard())
    private let listener: Int32

    init(_ script: Script = Script()) {
        self.script = script
        (listener, port) = Self.listen()
        let thread = Thread { [self] in
            while case let peer = accept(listener, nil, nil), peer >= 0 {
                talk(Peer(peer))
                close(peer)
            }
            close(listener)
        }
        thread.start()
    }

    /// Nobody is let in from now on; the thread then closes the listener, whose number may be another's afterwards.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    var commands: [String] { heard.withLock { $0.commands } }
    var content: [UInt8] { heard.withLock { $0.content } }

    private static func listen() -> (Int32, Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // A small window: a peer cannot have sent a large mail when we hang up in the middle of it.
        var room: Int32 = 4096
        setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(bind(listener, $0, length) == 0)
                precondition(Glibc.listen(listener, 8) == 0)
                getsockname(listener, $0, &length)
            }
        }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    private func talk(_ peer: Peer) {
        guard goesOn(.greeting, peer) else { return }
        peer.say(script.greeting)
        while let line = peer.line() {
            heard.withLock { $0.commands.append(line) }
            guard answer(line, peer) else { return }
        }
    }

    private func answer(_ line: String, _ peer: Peer) -> Bool {
        switch line.prefix(4).uppercased() {
        case "EHLO":
            let lines = ["mx.example"] + script.extensions
            for (index, word) in lines.enumerated() { peer.say("250\(index == lines.count - 1 ? " " : "-")\(word)") }
        case "NOOP": peer.say(script.noop)
        case "MAIL":
            guard goesOn(.mail, peer) else { return false }
            peer.say(script.mail)
        case "RCPT":
            guard goesOn(.recipient, peer) else { return false }
            peer.say(script.recipients.first { line.contains("<\($0.key)>") }?.value ?? "250 2.1.5 ok")
        case "DATA": return takeContent(peer)
        case "QUIT":
            peer.say("221 2.0.0 bye")
            return false
        default: peer.say("502 5.5.1 unknown")
        }
        return true
    }

    private func takeContent(_ peer: Peer) -> Bool {
        guard goesOn(.data, peer) else { return false }
        peer.say(script.data)
        guard script.data.hasPrefix("354") else { return true }
        if script.hangsUp == .inContent {
            _ = peer.line()
            return false
        }
        let content = peer.content()
        heard.withLock { $0.content = content }
        guard goesOn(.afterContent, peer) else { return false }
        peer.say(script.verdict)
        return true
    }

    /// False when it is over; a silent one first waits until the peer has given up.
    private func goesOn(_ place: Place, _ peer: Peer) -> Bool {
        if script.goesSilent == place { while peer.line() != nil {} }
        return script.hangsUp != place && script.goesSilent != place
    }
}

/// One connection, read with a buffer. Used by one thread.
private final class Peer {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var at = 0

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    func say(_ line: String) {
        let bytes = Array("\(line)\r\n".utf8)
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Without its line end; nil when the peer has gone.
    func line() -> String? {
        var line: [UInt8] = []
        while let byte = next() {
            if byte == 10 { return String(decoding: line.last == 13 ? line.dropLast() : line[...], as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }

    func content() -> [UInt8] {
        let end: [UInt8] = [13, 10, 46, 13, 10]
        var content: [UInt8] = []
        while let byte = next() {
            content.append(byte)
            if byte == 10, content.suffix(5).elementsEqual(end) || content == [46, 13, 10] { break }
        }
        return content
    }

    private func next() -> UInt8? {
        if at == buffer.count {
            var fresh = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &fresh, fresh.count, 0)
            guard count > 0 else { return nil }
            (buffer, at) = (Array(fresh.prefix(count)), 0)
        }
        defer { at += 1 }
        return buffer[at]
    }
}
