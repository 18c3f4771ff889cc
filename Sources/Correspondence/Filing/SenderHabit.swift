import Mail
import People
import Storage
import Text

/// The language of a mail too short to speak for itself: the one its sender usually writes in.
enum SenderHabit {
    /// Beyond this many bytes a text that was told needs no second look.
    private static let short = 400

    static func language(of mail: ReadMail, contacts: ContactStore, in db: any Connection) throws -> String? {
        let parsed = mail.parsed
        let text = parsed.newText.isEmpty ? parsed.text : parsed.newText
        guard parsed.kind != .bounce, !mail.isOurs, let sender = mail.sender,
            parsed.language == nil || text.utf8.count <= short,
            let habit = try contacts.find(address: sender.address, in: db)?.language
        else { return parsed.language }
        return LanguageDetector.detect(text, prior: habit)
    }
}

extension ReadMail {
    /// Whether its new words are those of this letter: a list may have put its footer below.
    func says(_ letter: String) -> Bool {
        Self.words(parsed.newText) == Self.words(NewText.extract(from: letter))
    }

    private static func words(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }
}
