/// What an attachment is beyond its type, for the reader.
enum AttachmentLabel {
    static func of(_ node: MIMENode) -> String {
        switch node.type {
        case "text/calendar", "application/ics": return "calendar"
        case "application/ms-tnef", "application/vnd.ms-tnef": return "tnef"
        case "message/rfc822", "message/global", "message/news", "text/rfc822-headers", "message/partial":
            return "message"
        case "application/pkcs7-mime", "application/x-pkcs7-mime", "application/pkcs7-signature",
            "application/x-pkcs7-signature":
            return "smime"
        case "application/pgp-encrypted", "application/pgp-signature", "application/pgp-keys", "application/pgp":
            return "pgp"
        default: return ofName(node.filename.lowercased())
        }
    }

    private static func ofName(_ name: String) -> String {
        if name == "winmail.dat" || name == "win.dat" { return "tnef" }
        if name.hasSuffix(".ics") { return "calendar" }
        if name.hasSuffix(".p7m") || name.hasSuffix(".p7s") { return "smime" }
        if name.hasSuffix(".pgp") || name.hasSuffix(".gpg") || name.hasSuffix(".asc") { return "pgp" }
        return ""
    }
}
