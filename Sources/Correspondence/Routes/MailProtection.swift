import Text
import Web

/// How a mail is closed or signed, told from what it came with. Nothing is opened and no signature is checked here.
enum MailProtection {
    static func mark(_ message: Message, _ files: [Attachment]) -> Phrase? {
        guard message.direction == .incoming else { return nil }
        let types = Set(files.map { $0.contentType.lowercased().replacing("/x-pkcs7", with: "/pkcs7") })
        if types.contains("application/pgp-encrypted") || message.text.contains("-----BEGIN PGP MESSAGE-----") {
            return Phrase("ticket-mark-closed", .text("PGP"))
        }
        if types.contains("application/pkcs7-mime"), message.text.isEmpty {
            return Phrase("ticket-mark-closed", .text("S/MIME"))
        }
        if types.contains("application/pgp-signature") || message.text.contains("-----BEGIN PGP SIGNED MESSAGE-----") {
            return Phrase("ticket-mark-signed", .text("PGP"))
        }
        return types.contains("application/pkcs7-signature") ? Phrase("ticket-mark-signed", .text("S/MIME")) : nil
    }
}
