import ArgumentParser
import Base
import Configuration
import Foundation
import Server
import SystemPackage

/// Options every command knows. Each is also `LIAISON_…` in the environment and a key of the configuration file.
struct StoreOptions: ParsableArguments {
    @Option(help: "Configuration file (YAML); its keys are the options' names.")
    var config: String?

    @Option(help: "Database: a path, sqlite:PATH or postgresql://…")
    var database: String?

    @Option(help: "Folder of this node's files.")
    var data: String?

    @Option(help: "Level of the log: debug, info, warning, error.")
    var logLevel: String?

    /// Options first, then the environment, then the file.
    func settings() async throws -> Settings {
        let source = try await SettingsSource(file: config)
        var settings = Settings()
        settings.database = database ?? source.text("database")
        settings.data = data ?? source.text("data") ?? settings.data
        settings.logLevel = logLevel ?? source.text("log-level") ?? settings.logLevel
        settings.timeZone = source.text("time-zone") ?? settings.timeZone
        settings.apiRate = try source.number("api-rate") ?? settings.apiRate
        settings.undoSeconds = try source.number("undo-seconds") ?? settings.undoSeconds
        settings.setCheckLinks(source.text("check-links"))
        settings.nodeLease = try source.number("node-lease") ?? settings.nodeLease
        settings.smtp = source.text("smtp") ?? settings.smtp
        settings.smtpCAFile = source.text("smtp-ca-file")
        settings.noticeFrom = source.text("notice-from")
        settings.secondFactorFrom = source.text("second-factor-from")
        settings.smtpOAuthFile = source.text("smtp-oauth-file")
        settings.publicURL = source.text("public-url") ?? settings.publicURL
        settings.resources = source.text("resources")
        settings.key = source.text("key")
        settings.olderKeys = source.list("older-keys")
        settings.trustedServers = source.list("trusted-server")
        settings.fault = source.text("fault")
        return settings
    }
}

extension StoreOptions {
    /// With what only `serve` reads, as environment and file have it.
    func settingsOfServe() async throws -> Settings {
        var settings = try await settings()
        let source = try await SettingsSource(file: config)
        settings.http = source.text("http") ?? settings.http
        settings.lmtp = source.text("lmtp") ?? settings.lmtp
        settings.publicURL = source.text("public-url") ?? "http://\(settings.http)"
        settings.lmtpIdleSeconds = try source.number("lmtp-idle") ?? settings.lmtpIdleSeconds
        settings.maximumMessage = try source.number("max-message") ?? settings.maximumMessage
        settings.tlsCertificate = source.text("tls-certificate")
        settings.tlsKey = source.text("tls-key")
        settings.trustedProxies = source.list("trusted-proxy")
        settings.allowedNetworks = source.list("allow-network")
        settings.setRoles(source.text("roles"))
        return settings
    }
}

extension Settings {
    /// Separated by commas; nil leaves them.
    mutating func setRoles(_ text: String?) {
        guard let text else { return }
        let wanted = Self.list(text).map { Role(rawValue: $0) }
        unknownRoles = wanted.contains(nil) || wanted.isEmpty ? text : nil
        roles = Set(wanted.compactMap { $0 })
    }

    /// `on` or `off`; nil leaves it.
    mutating func setCheckLinks(_ text: String?) {
        guard let text else { return }
        unknownCheckLinks = ["on", "off"].contains(text) ? nil : text
        checksLinks = text != "off"
    }

    static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
}

/// Environment and configuration file.
struct SettingsSource: Sendable {
    private let reader: ConfigReader

    init(file: String?) async throws {
        let environment = EnvironmentVariablesProvider()
        let own = environment.prefixKeys(with: "liaison")
        let path = file ?? ConfigReader(provider: own).string(forKey: "config")
        guard let path else {
            reader = ConfigReader(provider: own)
            return
        }
        do {
            let yaml = try await FileProvider<YAMLSnapshot>(filePath: FilePath(path))
            reader = ConfigReader(providers: [own, yaml])
        } catch {
            throw Failure(.configuration, "error-configuration", details: "\(path) cannot be read as YAML")
        }
    }

    func text(_ key: String) -> String? { reader.string(forKey: ConfigKey([key])) }

    /// Separated by commas in the environment; a list in the file.
    func list(_ key: String) -> [String] {
        reader.stringArray(forKey: ConfigKey([key])) ?? []
    }

    func number(_ key: String) throws -> Int? {
        guard let text = text(key) ?? reader.int(forKey: ConfigKey([key])).map({ String($0) }) else { return nil }
        guard let number = Int(text) else {
            throw Failure(.configuration, "error-configuration", details: "\(key) is not a number: \(text)")
        }
        return number
    }
}
