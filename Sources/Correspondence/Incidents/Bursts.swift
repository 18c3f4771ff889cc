import Base
import Foundation
import Text

/// What many different people speak of within the hour and hardly anybody spoke of before: what people write about one
/// event, each in their own words and their own language. Pure.
///
/// 1. Of each mail: the words of its language, and what says the same in every language: pages, titles, numbers, the
///    sound of names (`MailMarks`), meanings (`Meanings`).
/// 2. How many people would use each in so many mails, by the mails before, in each language, and how many do. What
///    chance does not explain is telling. A mail belongs to a burst where its telling words are hardly ordinary ones,
///    and mails that share one belong together.
/// 3. What is loud in several languages at once, three people of each, is taken for one event: two languages seldom
///    grow loud about two things.
/// 4. Others of the hour join that speak like those who belong together already. Eight people are a group.
///
/// How often this is wrong, and what it finds, is measured by `NoticingMeasureTests`.
struct Bursts: Sendable {
    /// What is kept of a mail: no words, numbers of words.
    struct Mail: Sendable, Equatable {
        var message: ID
        var contact: ID
        var language: String
        var at: Milliseconds
        /// Sorted, each once: words, and marks of `MailMarks`.
        var words: [UInt32]
    }

    struct Limits: Sendable {
        /// So many mails before say what is usual in a language.
        var fewestBefore = 40
        /// So many people must use it; so many of one language make two languages one event.
        var fewestUsers = 3
        /// A word so improbable, of the many words looked at, is telling.
        var mostChance = 1e-8
        /// The same for meanings, which are never rare.
        var mostChanceOfMeaning = 1e-8
        /// A mail belongs where its telling words are used so much by chance, together.
        var mostOrdinary = 0.2
        /// So many people who belong together draw others in.
        var fewestCore = 5
        /// Others join who speak so many times more like them than is usual.
        var fewestTimes = 200.0
        /// A word that those in the group use so many times more than is usual speaks for it.
        var timesOfWord = 4.0
        /// So many of those words count.
        var mostWordsCounted = 4
        /// Of all languages together.
        var fewestPeople = IncidentNoticing.fewestPeople
    }

    private static let mostWords = 150
    private static let longestText = 3000
    /// Longer words are cut: endings differ, what is meant does not.
    private static let stem = 5

    private let groups: [Set<ID>]

    init(recent: [Mail], before: [Mail], limits: Limits = Limits()) {
        self.init(recent: recent, usual: UsualWords(before), limits: limits)
    }

    init(recent: [Mail], usual: UsualWords, limits: Limits = Limits()) {
        let found = BurstFinding(recent, usual, limits).groups()
        groups = found.map { Set($0) }
    }

    /// Messages that belong together with this one; empty for most.
    func others(than message: ID) -> Set<ID> {
        groups.first { $0.contains(message) }?.subtracting([message]) ?? []
    }

    /// Numbers of the words of a mail, and of its marks.
    static func words(_ subject: String, _ text: String, language: String, _ meanings: Meanings) -> [UInt32] {
        let read = subject + "\n" + text.prefix(longestText)
        let terms = SearchTerms.terms(of: read)
        var found: Set<UInt32> = []
        for term in terms {
            guard term.utf8.count >= 3, found.count < mostWords else { continue }
            found.insert(number(term.prefix(stem).utf8) & 0x7FFF_FFFF)
        }
        for meaning in meanings.found(in: terms, language: language) {
            found.insert(MailMarks.mark(.meaning, withUnsafeBytes(of: meaning.littleEndian) { Array($0) }))
        }
        return found.union(MailMarks.all(read)).sorted()
    }

    /// FNV-1a.
    static func number(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return hash
    }

    /// That so many or more use a word by chance (Poisson).
    static func chance(of count: Int, expecting mean: Double) -> Double {
        guard Double(count) > mean else { return 1 }
        var (exactly, sum) = (exp(-mean), 0.0)
        for number in 1..<(count + 30) {
            exactly *= mean / Double(number)
            if number >= count { sum += exactly }
        }
        return sum
    }
}
