import Base
import Outbox
import Web

/// What a page says: its number, the ticket's number and links, never a word of what was written.
package struct PageWords: Sendable {
    private let publicURL: String
    private let translate: @Sendable (_ language: String) -> Translate

    package init(publicURL: String, translate: @escaping @Sendable (_ language: String) -> Translate) {
        self.publicURL = publicURL
        self.translate = translate
    }

    /// What a call is made of.
    struct Call: Sendable {
        var page: Paged
        var kind: PageStep.Kind
        /// Sent anew because nobody knows what became of it, or because nobody answered.
        var isRepeat: Bool
        /// The first of the tickets, and how many there are.
        var ticket: (id: ID, number: String)?
        var count: Int
        /// Opens the page for who is called.
        var reference: String
        var to: String
        var language: String
        /// Minutes in which nobody answered.
        var minutes: Int
    }

    func call(_ call: Call) -> NoticeMail.Content {
        let words = translate(call.language)
        let page = String(call.page.id)
        var lines = [words("oncall-mail-reason-\(call.page.reason.rawValue)", [])]
        if call.isRepeat { lines.append(words("oncall-mail-repeat", [page])) }
        if call.kind == .outside || call.kind == .outsideAgain {
            lines.append(words("oncall-mail-outside", [String(call.minutes)]))
        }
        if call.kind == .more { lines.append(words("oncall-mail-more", [])) }
        if let ticket = call.ticket {
            lines += ["", words("oncall-mail-ticket", [ticket.number]), "\(publicURL)/tickets/\(ticket.id)"]
        }
        if call.count > 1 { lines.append(words("oncall-mail-others", [String(call.count - 1)])) }
        lines += [
            "", words("oncall-mail-hold", []), publicURL + OncallPaths.answer(call.reference), "",
            words("oncall-mail-page", [page]),
        ]
        let subject = words(
            call.isRepeat ? "oncall-mail-subject-repeat" : "oncall-mail-subject", [page])
        return NoticeMail.Content(
            to: call.to, subject: subject, text: lines.joined(separator: "\n"), language: call.language)
    }

    /// To those who were called and may rest now.
    func held(_ page: Paged, by name: String?, to address: String, language: String) -> NoticeMail.Content {
        let words = translate(language)
        let number = String(page.id)
        let text =
            name.map { words("oncall-mail-held-text", [$0]) } ?? words("oncall-mail-held-outside", [])
        return NoticeMail.Content(
            to: address, subject: words("oncall-mail-held-subject", [number]), text: text, language: language)
    }

    /// To the keeper of a rota in which times are open.
    func gaps(_ rota: Rota, _ lines: [String], to address: String, language: String) -> NoticeMail.Content {
        let words = translate(language)
        let text =
            [words("oncall-mail-gaps-text", [rota.name, String(lines.count)]), ""] + lines
            + ["", publicURL + OncallPaths.rota(rota.id)]
        return NoticeMail.Content(
            to: address, subject: words("oncall-mail-gaps-subject", [rota.name]),
            text: text.joined(separator: "\n"), language: language)
    }

    /// To a member who is asked to take a colleague's time.
    func swap(_ rota: Rota, from name: String, to address: String, language: String) -> NoticeMail.Content {
        let words = translate(language)
        let text = [words("oncall-mail-swap-text", [name, rota.name]), publicURL + OncallPaths.rota(rota.id)]
        return NoticeMail.Content(
            to: address, subject: words("oncall-mail-swap-subject", [name]), text: text.joined(separator: "\n"),
            language: language)
    }
}
