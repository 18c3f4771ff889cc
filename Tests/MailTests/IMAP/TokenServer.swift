import Foundation
import Glibc
import Synchronization

/// Tells whose token of OAuth 2 is whose (RFC 7662), over HTTP on loopback, on a thread of its own.
final class TokenServer: Sendable {
    private let port: Int
    private let listener: Int32
    private let asked = Mutex(0)

    init(valid: [String: String]) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = Dovecot.loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(bind(listener, $0, length) == 0 && listen(listener, 8) == 0)
                getsockname(listener, $0, &length)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        Thread { [self] in
            while case let peer = accept(listener, nil, nil), peer >= 0 {
                answer(peer, valid)
                close(peer)
            }
            close(listener)
        }.start()
    }

    var url: String { "http://127.0.0.1:\(port)/introspect" }
    var questions: Int { asked.withLock { $0 } }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func answer(_ peer: Int32, _ valid: [String: String]) {
        let request = read(peer)
        let token = request.components(separatedBy: "token=").last?.components(separatedBy: "&").first ?? ""
        asked.withLock { $0 += 1 }
        let user = valid[token]
        let body = user.map { #"{"active":true,"username":"\#($0)","scope":"mail"}"# } ?? #"{"active":false}"#
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
        let answer = Array("\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
        _ = send(peer, answer, answer.count, Int32(MSG_NOSIGNAL))
    }

    private func read(_ peer: Int32) -> String {
        var all = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(peer, &buffer, buffer.count, 0), count > 0 {
            all += String(decoding: buffer.prefix(count), as: UTF8.self)
            guard let end = all.range(of: "\r\n\r\n") else { continue }
            let mark = all.range(of: "Content-Length: ", options: .caseInsensitive)
            let announced = mark.flatMap { Int(all[$0.upperBound...].prefix { $0.isNumber }) } ?? 0
            if all[end.upperBound...].utf8.count >= announced { break }
        }
        return all.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
