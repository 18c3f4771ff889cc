import Server
import Testing

struct SettingsFaultsTests {
    @Test func `the settings a new installation has are without fault`() {
        #expect(SettingsFaults.all(Settings()) == [])
    }

    /// A wrong setting, and the name that its line begins with.
    struct Wrong: Sendable, CustomStringConvertible {
        let description: String
        let set: @Sendable (inout Settings) -> Void

        init(_ description: String, _ set: @escaping @Sendable (inout Settings) -> Void) {
            self.description = description
            self.set = set
        }
    }

    static let wrongs: [Wrong] = [
        Wrong("database") { $0.database = "mysql://user:secret@db.example/x" }, Wrong("http") { $0.http = "8080" },
        Wrong("lmtp") { $0.lmtp = "here" }, Wrong("public-url") { $0.publicURL = "desk.example" },
        Wrong("public-url") { $0.publicURL = "https://" }, Wrong("smtp") { $0.smtp = "mail.example" },
        Wrong("notice-from") { $0.noticeFrom = "nobody" }, Wrong("node-lease") { $0.nodeLease = 1 },
        Wrong("undo-seconds") { $0.undoSeconds = -5 }, Wrong("api-rate") { $0.apiRate = -1 },
        Wrong("lmtp-idle") { $0.lmtpIdleSeconds = 0 },
        Wrong("max-message") { $0.maximumMessage = 0 }, Wrong("trusted-proxy") { $0.trustedProxies = ["10.0.0.999"] },
        Wrong("allow-network") { $0.allowedNetworks = ["intranet"] },
        Wrong("tls-certificate") { $0.tlsCertificate = "/proc/version" },
        Wrong("tls-key") { settings in
            settings.tlsCertificate = "/proc/version"
            settings.tlsKey = "/nowhere/key.pem"
        },
        Wrong("smtp-ca-file") { $0.smtpCAFile = "/nowhere/ca.pem" },
        Wrong("smtp-oauth-file") { $0.smtpOAuthFile = "/nowhere/grant.json" },
        Wrong("time-zone") { $0.timeZone = "Mars/Olympus" },
        Wrong("second-factor-from") { $0.secondFactorFrom = "soon" },
        Wrong("roles") { $0.unknownRoles = "web,mail" }, Wrong("check-links") { $0.unknownCheckLinks = "maybe" },
        Wrong("log-level") { $0.logLevel = "loud" },
    ]

    @Test(arguments: wrongs) func `each wrong setting is named in one line, without secrets`(wrong: Wrong) {
        var settings = Settings()
        wrong.set(&settings)
        let faults = SettingsFaults.all(settings)

        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix(wrong.description) == true)
        #expect(faults.first?.contains("secret") == false)
    }
}
