import Base
import Fetch
import Foundation

/// What an administrator decides outside the database: options, environment, configuration file.
package struct Settings: Sendable {
    /// Parts of the program that `serve` runs.
    package enum Role: String, Sendable, CaseIterable { case web, lmtp, jobs }

    /// `sqlite:PATH`, a path, or `postgresql://…`; nil is `DATA/liaison.sqlite`.
    package var database: String?
    /// Files of this node: database of SQLite, instance key, spool, socket.
    package var data: String = "./var"
    package var http: String = "127.0.0.1:8080"
    package var lmtp: String = "127.0.0.1:8024"
    /// Where people reach the pages; decides about secure cookies.
    package var publicURL: String = "http://127.0.0.1:8080"
    package var roles: Set<Role> = Set(Role.allCases)
    /// What was given for roles, where it is not understood.
    package var unknownRoles: String?
    /// What was given for `check-links`, where it is neither on nor off.
    package var unknownCheckLinks: String?
    /// `smtp://HOST:PORT`, `smtps://…`, with `user:password@` and `?tls=none|start`.
    package var smtp: String = "smtp://127.0.0.1:25"
    package var smtpCAFile: String?
    /// Sender of the desk's own mail to its members; nil is `liaison@` and the host of the pages.
    package var noticeFrom: String?
    /// `2027-01-31`: from that day on (UTC) nobody reads mail without a second factor; nil is at once.
    package var secondFactorFrom: String?
    /// A grant of OAuth 2 as JSON, for the server of outgoing mail.
    package var smtpOAuthFile: String?
    /// Bytes of the largest mail LMTP takes.
    package var maximumMessage: Int = 100 << 20
    /// Seconds an LMTP peer may be silent.
    package var lmtpIdleSeconds: Int = 300
    package var tlsCertificate: String?
    package var tlsKey: String?
    /// CIDR of proxies whose X-Forwarded-For is believed.
    package var trustedProxies: [String] = []
    /// CIDR of networks of one's own that webhooks may lead into; they lead nowhere else but to public addresses.
    package var allowedNetworks: [String] = []
    /// Templates, static files, strings.
    package var resources: String?
    /// Of the organisation: decides which day a ticket's number bears.
    package var timeZone: String = "UTC"
    /// Servers whose Authentication-Results are believed.
    package var trustedServers: [String] = []
    /// Seconds in which an answer can be taken back.
    package var undoSeconds: Int = 10
    /// Calls of the API a token may make in a minute, on each node; 0 for as many as it likes.
    package var apiRate: Int = 600
    /// Whether links of a draft are asked; then the server itself calls pages of others.
    package var checksLinks = true
    /// Seconds after which others take over from a node that is not heard of.
    package var nodeLease: Int = 60
    /// Base64 or hex of the instance key; nil is the file `DATA/key`.
    package var key: String?
    package var olderKeys: [String] = []
    package var logLevel: String = "info"
    /// For tests only: `outbox:POINT` ends the process there, `durability:lowered` commits without waiting for the
    /// disk,
    /// `acknowledge:early` answers before the commit.
    package var fault: String?

    package init() {}

    package var isSQLite: Bool {
        guard let database else { return true }
        return !database.hasPrefix("postgresql://") && !database.hasPrefix("postgres://")
    }

    package var dataURL: URL { URL(fileURLWithPath: data, isDirectory: true).standardizedFileURL }

    package var databaseLocation: String { database ?? dataURL.appending(path: "liaison.sqlite").path }

    /// `HOST:PORT` taken apart; IPv6 in brackets.
    package static func hostAndPort(_ text: String) throws(Failure) -> (host: String, port: Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { throw Failure(.configuration, "error-configuration", details: "\(text) is not HOST:PORT") }
        return (text[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]")), port)
    }

    /// False where no mail can leave at all: `--smtp none`.
    package var sendsMail: Bool { smtp != "none" }

    package func requireNoticeFrom() throws(Failure) -> String {
        if let noticeFrom {
            guard EmailAddress.isPlausible(noticeFrom) else {
                throw Failure(.configuration, "error-configuration", details: "\(noticeFrom) is no address")
            }
            return noticeFrom
        }
        let host = URLComponents(string: publicURL)?.host ?? "localhost"
        let isName = host.contains { $0.isLetter } && !host.contains(":") && host.first != "["
        return "liaison@" + (isName ? host : "localhost")
    }

    /// In milliseconds; zero for "at once".
    package func requireSecondFactorFrom() throws(Failure) -> Milliseconds {
        guard let secondFactorFrom else { return 0 }
        guard secondFactorFrom.utf8.count == 10, let time = ISO8601.startOfDay(secondFactorFrom) else {
            throw Failure(
                .configuration, "error-configuration",
                details: "second-factor-from is a day such as 2027-01-31, not \(secondFactorFrom)")
        }
        return time
    }

    package func requireAllowedNetworks() throws(Failure) -> [AddressRange] {
        var ranges: [AddressRange] = []
        for text in allowedNetworks {
            guard let range = AddressRange(text) else {
                let what = "allow-network is a network such as 10.1.0.0/16, not \(text)"
                throw Failure(.configuration, "error-configuration", details: what)
            }
            ranges.append(range)
        }
        return ranges
    }

    package func requireNodeLease() throws(Failure) -> Int {
        guard (5...3600).contains(nodeLease) else {
            let what = "node-lease is 5 to 3600 seconds, not \(nodeLease)"
            throw Failure(.configuration, "error-configuration", details: what)
        }
        return nodeLease
    }

    package func requireTimeZone() throws(Failure) -> TimeZone {
        guard let zone = TimeZone(identifier: timeZone) else {
            throw Failure(.configuration, "error-configuration", details: "\(timeZone) is no time zone")
        }
        return zone
    }
}
