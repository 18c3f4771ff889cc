/// How usual words and marks are in each language, by the mails before. Grows and shrinks by one mail.
struct UsualWords: Sendable {
    private struct Language: Sendable {
        var mails = 0
        var words: [UInt32: Int] = [:]
    }

    /// How much all languages together say of a mark in one of them.
    private static let borrowed = 10.0

    private var languages: [String: Language] = [:]
    private var marks: [UInt32: Int] = [:]
    private var mails = 0

    init(_ mails: [Bursts.Mail] = []) {
        for mail in mails { add(mail) }
    }

    mutating func add(_ mail: Bursts.Mail) { count(mail, 1) }

    mutating func remove(_ mail: Bursts.Mail) { count(mail, -1) }

    private mutating func count(_ mail: Bursts.Mail, _ by: Int) {
        mails += by
        languages[mail.language, default: Language()].mails += by
        for word in mail.words {
            Self.count(word, by, in: &languages[mail.language, default: Language()].words)
            if MailMarks.kind(of: word) != nil { Self.count(word, by, in: &marks) }
        }
    }

    private static func count(_ word: UInt32, _ by: Int, in counts: inout [UInt32: Int]) {
        let now = counts[word, default: 0] + by
        counts[word] = now == 0 ? nil : now
    }

    var total: Int { mails }

    func mails(in language: String) -> Int { languages[language]?.mails ?? 0 }

    /// Of all mails in a language, those that use the word; never nothing.
    func rate(of word: UInt32, in language: String) -> Double {
        let known = languages[language]
        let (used, count) = (Double(known?.words[word] ?? 0), Double(known?.mails ?? 0))
        guard MailMarks.kind(of: word) != nil else { return (used + 0.5) / (count + 1) }
        let everywhere = (Double(marks[word] ?? 0) + 0.5) / Double(mails + 1)
        return (used + Self.borrowed * everywhere) / (count + Self.borrowed)
    }
}
