import Base
import Mail
import Web

/// What the form of a mail connection sends, checked.
struct ConnectionForm: Sendable {
    let name: String
    let host: String
    let portText: String
    let security: String
    let login: String
    /// Empty keeps the one there is.
    let secret: String
    let queue: ID
    let folder: String
    let moveTo: String
    let intervalText: String
    let isOAuth: Bool

    init(_ form: Form) {
        name = form.trimmed("name")
        host = form.trimmed("host")
        portText = form.trimmed("port")
        security = form["security"]
        login = form.trimmed("login")
        secret = form.trimmed("secret")
        queue = ID(form["queue"]) ?? 0
        folder = form.trimmed("folder")
        moveTo = form.trimmed("move-to")
        intervalText = form.trimmed("interval")
        isOAuth = form.has("oauth")
    }

    init(_ mailbox: Mailbox?) {
        name = mailbox?.name ?? ""
        host = mailbox?.host ?? ""
        portText = String(mailbox?.port ?? 993)
        security = mailbox?.security.rawValue ?? Mailbox.Security.tls.rawValue
        login = mailbox?.login ?? ""
        secret = ""
        queue = mailbox?.queue ?? 0
        folder = mailbox?.folder ?? "INBOX"
        moveTo = mailbox?.moveTo ?? ""
        intervalText = String(mailbox?.intervalSeconds ?? 60)
        isOAuth = mailbox?.secretKind == .oauth
    }

    init(_ server: MailServer?) {
        name = server?.name ?? ""
        host = server?.host ?? ""
        portText = String(server?.port ?? 587)
        security = server?.security.rawValue ?? SMTPServer.Security.startTLS.rawValue
        login = server?.login ?? ""
        secret = ""
        queue = 0
        folder = ""
        moveTo = ""
        intervalText = ""
        isOAuth = false
    }

    /// Throws `invalid`; the key names the field: `connection-name-…`, `connection-host-…`, `connection-port-…`.
    private func requireCommon() throws(Failure) -> Int {
        guard !name.isEmpty, name.utf8.count <= 100 else { throw Failure(.invalid, "connection-name-missing") }
        let isHost =
            !host.isEmpty && host.utf8.count <= 255
            && host.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || "0123456789-.:_".unicodeScalars.contains($0)
            }
        guard isHost else { throw Failure(.invalid, "connection-host-invalid") }
        guard let port = Int(portText), (1...65_535).contains(port) else {
            throw Failure(.invalid, "connection-port-invalid")
        }
        let isPlain = [login, secret, folder, moveTo].allSatisfy { text in
            text.utf8.count <= 4000 && text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
        }
        guard isPlain else { throw Failure(.invalid, "error-invalid") }
        return port
    }

    /// A secret goes to no other place than the one it was entered for.
    private func requireSecret(isSamePlace: Bool, isNeeded: Bool) throws(Failure) -> String? {
        if !secret.isEmpty { return secret }
        guard !isNeeded || isSamePlace else { throw Failure(.invalid, "connection-secret-missing") }
        return isSamePlace ? nil : ""
    }

    func mailbox(instead old: Mailbox?) throws(Failure) -> (Mailbox, secret: String?) {
        let port = try requireCommon()
        guard let security = Mailbox.Security(rawValue: security), let interval = Int(intervalText),
            (10...86_400).contains(interval)
        else { throw Failure(.invalid, "connection-interval-invalid") }
        guard !login.isEmpty else { throw Failure(.invalid, "connection-login-missing") }
        let mailbox = Mailbox(
            id: old?.id ?? 0, name: name, queue: queue, host: host, port: port, security: security, login: login,
            secretKind: isOAuth ? .oauth : .password, folder: folder.isEmpty ? "INBOX" : folder, moveTo: moveTo,
            intervalSeconds: interval, state: "new", checkedAt: nil)
        let isSame =
            old.map {
                $0.host == host && $0.port == port && $0.security == security && $0.login == login
                    && $0.secretKind == mailbox.secretKind
            } ?? false
        return (mailbox, try requireSecret(isSamePlace: isSame, isNeeded: true))
    }

    func server(instead old: MailServer?) throws(Failure) -> (MailServer, secret: String?) {
        let port = try requireCommon()
        guard let security = SMTPServer.Security(rawValue: security) else { throw Failure(.invalid, "error-invalid") }
        let server = MailServer(id: old?.id ?? 0, name: name, host: host, port: port, security: security, login: login)
        let isSame =
            old.map { $0.host == host && $0.port == port && $0.security == security && $0.login == login } ?? false
        return (server, try requireSecret(isSamePlace: isSame, isNeeded: !login.isEmpty))
    }
}
