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
    @Option(help: "Calls of the API a token may make in a minute; 0 for any number.") var apiRate: Int?
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
            if error is Failure { throw error }
            let what = "serving at \(settings.http) has ended: \(error)"
            throw Failure(.unavailable, "error-unavailable", details: what)
        }
        await services.close()
    }

    /// Options go before environment and file.
    private func settings() async throws -> Settings {
        var settings = try await options.settingsOfServe()
        let source = try await SettingsSource(file: options.config)
        settings.http = http ?? settings.http
        settings.lmtp = lmtp ?? settings.lmtp
        settings.publicURL = publicUrl ?? source.text("public-url") ?? "http://\(settings.http)"
        settings.smtp = smtp ?? settings.smtp
        settings.smtpCAFile = smtpCaFile ?? settings.smtpCAFile
        settings.noticeFrom = noticeFrom ?? settings.noticeFrom
        settings.secondFactorFrom = secondFactorFrom ?? settings.secondFactorFrom
        settings.smtpOAuthFile = smtpOauthFile ?? settings.smtpOAuthFile
        settings.lmtpIdleSeconds = lmtpIdle ?? settings.lmtpIdleSeconds
        settings.apiRate = apiRate ?? settings.apiRate
        settings.undoSeconds = undoSeconds ?? settings.undoSeconds
        settings.setCheckLinks(checkLinks)
        settings.nodeLease = nodeLease ?? settings.nodeLease
        settings.maximumMessage = maxMessage ?? settings.maximumMessage
        settings.tlsCertificate = tlsCertificate ?? settings.tlsCertificate
        settings.tlsKey = tlsKey ?? settings.tlsKey
        settings.trustedProxies = trustedProxy.map(Settings.list) ?? settings.trustedProxies
        settings.allowedNetworks = allowNetwork.map(Settings.list) ?? settings.allowedNetworks
        settings.trustedServers = trustedServer.map(Settings.list) ?? settings.trustedServers
        settings.timeZone = timeZone ?? settings.timeZone
        settings.resources = resources ?? settings.resources
        settings.setRoles(roles)
        try SettingsFaults.requireNone(settings)
        return settings
    }
}
