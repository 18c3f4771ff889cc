import ArgumentParser
import Base
import Foundation
import Server

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the desk: pages, mail listener, jobs.")

    @OptionGroup var options: StoreOptions
    @Option(help: "HOST:PORT of the pages.") var http: String?
    @Option(help: "HOST:PORT or unix:PATH of the mail listener (LMTP).") var lmtp: String?
    @Option(help: "Where people reach the pages.") var publicUrl: String?
    @Option(help: "Parts to run: web,lmtp,jobs.") var roles: String?
    @Option(help: "Mail server for outgoing mail: smtp://[USER:PASSWORD@]HOST:PORT[?tls=none|start], smtps://… or none")
    var smtp: String?
    @Option(help: "Certificates the mail server's is checked against (PEM).") var smtpCaFile: String?
    @Option(help: "Sender of the desk's own mail to its members.") var noticeFrom: String?
    @Option(help: "Day from which nobody reads mail without a second factor (YYYY-MM-DD).")
    var secondFactorFrom: String?
    @Option(help: "File with the grant of OAuth 2 for the mail server (JSON).") var smtpOauthFile: String?
    @Option(help: "Seconds in which an answer can be taken back.") var undoSeconds: Int?
    @Option(help: "Whether links of a draft are asked before it is sent: on or off.") var checkLinks: String?
    @Option(help: "Seconds after which other nodes take over from one that is not heard of.") var nodeLease: Int?
    @Option(help: "Bytes of the largest mail taken by LMTP.") var maxMessage: Int?
    @Option(help: "Seconds a peer of the mail listener may be silent.") var lmtpIdle: Int?
    @Option(help: "Certificate chain of the pages (PEM).") var tlsCertificate: String?
    @Option(help: "Private key of the certificate (PEM).") var tlsKey: String?
    @Option(help: "Network address of a proxy whose X-Forwarded-For is believed; several separated by commas.")
    var trustedProxy: String?
    @Option(help: "Network of your own that webhooks may lead into (CIDR); several separated by commas.")
    var allowNetwork: String?
    @Option(help: "Name of a mail server whose Authentication-Results are believed; several separated by commas.")
    var trustedServer: String?
    @Option(help: "Time zone of the organisation.") var timeZone: String?
    @Option(help: "Folder that holds Resources/ and i18n/.") var resources: String?

    func run() async throws {
        let settings = try await settings()
        let log = Logging.make(settings.logLevel)
        guard let directory = try DataDirectory.open(settings.dataURL, isExclusive: settings.isSQLite) else {
            throw Failure(.configuration, "error-configuration", details: "another process works on \(settings.data)")
        }
        let services = try await Services.open(settings, directory: directory, log: log)
        let serving = Serving(
            services, commands: { await CommandRunner.run($0, $1, $2, services) },
            announce: { address in
                CommandRunner.terminal.output(address.isEmpty ? "Liaison runs." : "Liaison runs at \(address)")
            })
        do { try await serving.run() } catch {
            await services.close()
            throw error
        }
        await services.close()
    }

    private func settings() async throws -> Settings {
        var settings = try await options.settings()
        let source = try await SettingsSource(file: options.config)
        settings.http = http ?? source.text("http") ?? settings.http
        settings.lmtp = lmtp ?? source.text("lmtp") ?? settings.lmtp
        settings.publicURL = publicUrl ?? source.text("public-url") ?? "http://\(settings.http)"
        settings.smtp = smtp ?? settings.smtp
        settings.smtpCAFile = smtpCaFile ?? settings.smtpCAFile
        settings.noticeFrom = noticeFrom ?? settings.noticeFrom
        settings.secondFactorFrom = secondFactorFrom ?? settings.secondFactorFrom
        settings.smtpOAuthFile = smtpOauthFile ?? settings.smtpOAuthFile
        settings.lmtpIdleSeconds = try lmtpIdle ?? source.number("lmtp-idle") ?? settings.lmtpIdleSeconds
        settings.undoSeconds = undoSeconds ?? settings.undoSeconds
        if let checkLinks { settings.checksLinks = checkLinks != "off" }
        settings.nodeLease = nodeLease ?? settings.nodeLease
        settings.maximumMessage = try maxMessage ?? source.number("max-message") ?? settings.maximumMessage
        settings.tlsCertificate = tlsCertificate ?? source.text("tls-certificate")
        settings.tlsKey = tlsKey ?? source.text("tls-key")
        settings.trustedProxies = trustedProxy.map(Self.list) ?? source.list("trusted-proxy")
        settings.allowedNetworks = allowNetwork.map(Self.list) ?? source.list("allow-network")
        settings.trustedServers = trustedServer.map(Self.list) ?? settings.trustedServers
        settings.timeZone = timeZone ?? settings.timeZone
        settings.resources = resources ?? settings.resources
        if let roles = roles ?? source.text("roles") {
            let wanted = Self.list(roles).map { Settings.Role(rawValue: $0) }
            guard !wanted.contains(nil), !wanted.isEmpty else {
                throw Failure(
                    .configuration, "error-configuration", details: "roles are web, lmtp and jobs, not \(roles)")
            }
            settings.roles = Set(wanted.compactMap { $0 })
        }
        return settings
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
