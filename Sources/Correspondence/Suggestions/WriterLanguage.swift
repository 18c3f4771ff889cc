import Base
import Knowledge
import People
import Storage
import Text

/// The language a person is answered in, with its script or region where their own words tell it: `zh-hant`,
/// `sr-latn`, `pt-br`. A ticket keeps the language alone, by which it is found, counted and routed; which way of
/// writing it is matters where a text is chosen, and is read there from the newest mails.
package enum WriterLanguage {
    private static let mails = 5

    /// Nil where the ticket's language is not known. A variant that somebody set by hand stays.
    package static func of(_ ticket: Ticket, in db: any Connection) throws -> String? {
        guard let language = ticket.language.map(LanguageChain.normal), !language.isEmpty else { return nil }
        guard WrittenVariant.isKnown(language) else { return language }
        let texts = try db.rows(
            """
            SELECT new_text FROM message WHERE ticket_id = \(ticket.id) AND direction = 'in'
            ORDER BY sent_at DESC, id DESC LIMIT \(mails)
            """
        ).map { try $0.text("new_text") }
        if let written = WrittenVariant.of(texts.joined(separator: "\n"), language: language) { return written }
        return try ofContact(ticket, language, in: db) ?? language
    }

    /// What is known of the person, where their words do not tell.
    private static func ofContact(_ ticket: Ticket, _ language: String, in db: any Connection) throws -> String? {
        guard let contact = ticket.contact,
            let known = try db.first("SELECT language FROM contact WHERE id = \(contact)")?.optionalText("language")
        else { return nil }
        let code = LanguageChain.normal(known)
        return code.hasPrefix(language + "-") ? code : nil
    }
}
