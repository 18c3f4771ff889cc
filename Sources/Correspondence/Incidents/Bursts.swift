import Base
import Foundation
import Text

/// Words that many different people use within the hour and hardly anybody used before: what people write about one
/// event, each in their own words and their own language. Pure.
///
/// For each language: how many people would use a word in so many mails, by the mails before, and how many do. A word
/// that chance does not explain is telling. Mails that share a telling word belong together. Eight people in one
/// language are a group; so are eight in several languages, at least three in each, because two languages seldom grow
/// loud about two things at once. How often this is wrong, and what it finds, is measured by `NoticingMeasureTests`.
struct Bursts: Sendable {
    /// What is kept of a mail: no words, numbers of words.
    struct Mail: Sendable, Equatable {
        var message: ID
        var contact: ID
        var language: String
        var at: Milliseconds
        /// Sorted, each once.
        var words: [UInt32]
    }

    struct Limits: Sendable {
        /// So many mails before say what is usual in a language.
        var fewestBefore = 40
        /// So many people of one language are a part of a group.
        var fewestOfLanguage = 3
        /// A word so improbable, of the many words looked at, is telling.
        var mostChance = 1e-6
        /// So many telling words make two mails belong together.
        var shared = 1
        /// Of all languages together.
        var fewestPeople = IncidentNoticing.fewestPeople
    }

    private static let mostWords = 150
    private static let longestText = 3000
    /// Longer words are cut: endings differ, what is meant does not.
    private static let stem = 5

    private let groups: [Set<ID>]

    init(recent: [Mail], before: [Mail], limits: Limits = Limits()) {
        let usual = Dictionary(grouping: before, by: \.language)
        var largest: [[Mail]] = []
        var groups: [[Mail]] = []
        for (language, mails) in Dictionary(grouping: recent, by: \.language).sorted(by: { $0.key < $1.key }) {
            guard !language.isEmpty, let known = usual[language], known.count >= limits.fewestBefore else { continue }
            let parts = limits.parts(of: mails, usual: known).filter { Self.people($0) >= limits.fewestOfLanguage }
                .sorted { (Self.people($1), $0[0].message) < (Self.people($0), $1[0].message) }
            if let first = parts.first { largest.append(first) }
            groups += parts.dropFirst()
        }
        groups.append(largest.flatMap { $0 })
        self.groups = groups.filter { Self.people($0) >= limits.fewestPeople }.map { Set($0.map(\.message)) }
    }

    /// Messages that belong together with this one; empty for most.
    func others(than message: ID) -> Set<ID> {
        groups.first { $0.contains(message) }?.subtracting([message]) ?? []
    }

    /// Numbers of the words of a mail.
    static func words(_ subject: String, _ text: String) -> [UInt32] {
        var found: Set<UInt32> = []
        for term in SearchTerms.terms(of: subject + "\n" + text.prefix(longestText)) {
            guard term.utf8.count >= 3, found.count < mostWords else { continue }
            found.insert(number(term))
        }
        return found.sorted()
    }

    /// FNV-1a of its beginning.
    private static func number(_ term: String) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for byte in term.prefix(stem).utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return hash
    }

    fileprivate static func people(_ mails: [Mail]) -> Int { Set(mails.map(\.contact)).count }

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

extension Bursts.Limits {
    /// The mails of one language that belong together.
    fileprivate func parts(of mails: [Bursts.Mail], usual: [Bursts.Mail]) -> [[Bursts.Mail]] {
        guard Bursts.people(mails) >= fewestOfLanguage else { return [] }
        let telling = tellingWords(mails, usual: usual)
        guard telling.count >= shared else { return [] }
        var parts: [[(mail: Bursts.Mail, words: Set<UInt32>)]] = []
        for mail in mails {
            let words = Set(mail.words.filter(telling.contains))
            guard words.count >= shared else { continue }
            let near = parts.indices.filter { index in
                parts[index].contains { $0.words.intersection(words).count >= shared }
            }
            let joined = near.flatMap { parts[$0] } + [(mail: mail, words: words)]
            for index in near.reversed() { parts.remove(at: index) }
            parts.append(joined)
        }
        return parts.map { $0.map(\.mail) }
    }

    private func tellingWords(_ mails: [Bursts.Mail], usual: [Bursts.Mail]) -> Set<UInt32> {
        var before: [UInt32: Int] = [:]
        for mail in usual { for word in mail.words { before[word, default: 0] += 1 } }
        var users: [UInt32: Set<ID>] = [:]
        for mail in mails { for word in mail.words { users[word, default: []].insert(mail.contact) } }
        let people = Double(Bursts.people(mails))
        let found = users.filter { word, users in
            guard users.count >= fewestOfLanguage else { return false }
            let expected = (Double(before[word] ?? 0) + 0.5) / Double(usual.count + 1) * people
            return Bursts.chance(of: users.count, expecting: expected) <= mostChance
        }
        return Set(found.keys)
    }
}
