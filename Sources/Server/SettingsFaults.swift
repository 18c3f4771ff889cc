import Base
import Fetch
import Foundation
import Mail

/// What is wrong with the settings of `serve`, each in one line that says what is meant. `serve` does not start with
/// any; `doctor` lists all. No connection is made: what answers and what does not is told by the examination.
package enum SettingsFaults {
    package static func all(_ settings: Settings) -> [String] {
        places(settings) + mail(settings) + numbers(settings) + networks(settings) + files(settings)
            + words(settings)
    }

    /// `serve` goes no further with a fault.
    package static func requireNone(_ settings: Settings) throws(Failure) {
        guard let first = all(settings).first else { return }
        throw Failure(.configuration, "error-configuration", details: first)
    }

    private static func places(_ settings: Settings) -> [String] {
        var faults: [String] = []
        let database = settings.database ?? ""
        if settings.isSQLite, database.contains("://") {
            faults.append("database is a path, sqlite:PATH or postgresql://…, not \(withoutSecret(database))")
        }
        if (try? Settings.hostAndPort(settings.http)) == nil {
            faults.append("http is HOST:PORT, not \(settings.http)")
        }
        if LMTPAddress(settings.lmtp) == nil { faults.append("lmtp is HOST:PORT or unix:PATH, not \(settings.lmtp)") }
        let parts = URLComponents(string: settings.publicURL)
        if !["http", "https"].contains(parts?.scheme ?? "") || (parts?.host ?? "").isEmpty {
            faults.append("public-url is https://HOST, as people reach the pages, not \(settings.publicURL)")
        }
        return faults
    }

    private static func mail(_ settings: Settings) -> [String] {
        var faults: [String] = []
        if settings.sendsMail {
            do { _ = try SMTPServer(url: settings.smtp) } catch { faults.append("smtp: \(error.details)") }
        }
        do { _ = try settings.requireNoticeFrom() } catch { faults.append("notice-from: \(error.details)") }
        return faults
    }

    private static func numbers(_ settings: Settings) -> [String] {
        var faults: [String] = []
        do { _ = try settings.requireNodeLease() } catch { faults.append(error.details) }
        if !(0...3600).contains(settings.undoSeconds) {
            faults.append("undo-seconds is 0 to 3600, not \(settings.undoSeconds)")
        }
        if !(0...1_000_000).contains(settings.apiRate) {
            faults.append("api-rate is 0 to 1000000, not \(settings.apiRate)")
        }
        if settings.lmtpIdleSeconds < 1 { faults.append("lmtp-idle is 1 or more, not \(settings.lmtpIdleSeconds)") }
        if settings.maximumMessage < 65_536 {
            faults.append("max-message is 65536 bytes or more, not \(settings.maximumMessage)")
        }
        return faults
    }

    private static func networks(_ settings: Settings) -> [String] {
        let proxies = settings.trustedProxies.filter { AddressRange($0) == nil }
            .map { "trusted-proxy is an address or a network such as 10.0.0.0/8, not \($0)" }
        let own = settings.allowedNetworks.filter { AddressRange($0) == nil }
            .map { "allow-network is a network such as 10.1.0.0/16, not \($0)" }
        return proxies + own
    }

    private static func files(_ settings: Settings) -> [String] {
        var faults: [String] = []
        if (settings.tlsCertificate == nil) != (settings.tlsKey == nil) {
            faults.append("tls-certificate and tls-key are needed together")
        }
        let named = [
            ("tls-certificate", settings.tlsCertificate), ("tls-key", settings.tlsKey),
            ("smtp-ca-file", settings.smtpCAFile), ("smtp-oauth-file", settings.smtpOAuthFile),
        ]
        for (name, path) in named {
            if let path, !FileManager.default.isReadableFile(atPath: path) {
                faults.append("\(name): \(path) is not there or cannot be read")
            }
        }
        return faults
    }

    private static func words(_ settings: Settings) -> [String] {
        var faults: [String] = []
        do { _ = try settings.requireTimeZone() } catch { faults.append("time-zone: \(error.details)") }
        do { _ = try settings.requireSecondFactorFrom() } catch { faults.append(error.details) }
        if let roles = settings.unknownRoles { faults.append("roles are web, lmtp and jobs, not \(roles)") }
        if let word = settings.unknownCheckLinks { faults.append("check-links is on or off, not \(word)") }
        if !["trace", "debug", "info", "notice", "warning", "error", "critical"].contains(settings.logLevel) {
            faults.append("log-level is debug, info, warning or error, not \(settings.logLevel)")
        }
        return faults
    }

    private static func withoutSecret(_ url: String) -> String {
        guard let end = url.range(of: "://")?.upperBound, let at = url[end...].lastIndex(of: "@") else { return url }
        return url[..<end] + "…" + url[at...]
    }
}
