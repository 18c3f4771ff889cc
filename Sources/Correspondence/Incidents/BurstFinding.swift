import Base
import Foundation

/// The steps of `Bursts`: for one hour, once.
struct BurstFinding {
    /// Who wrote within the hour: all their mails are one.
    private struct Person {
        var messages: [ID]
        var language: String
        var words: Set<UInt32>
    }

    /// A word with how many use it and how many would by chance.
    private struct Use {
        var users: [Int] = []
        var expected = 0.0
        var ordinary: Double { min(1, expected / Double(users.count)) }
    }

    private let people: [Person]
    private let usual: UsualWords
    private let limits: Bursts.Limits
    private let ofLanguage: [String: Int]

    init(_ recent: [Bursts.Mail], _ usual: UsualWords, _ limits: Bursts.Limits) {
        self.usual = usual
        self.limits = limits
        var people: [Person] = []
        var known: [ID: Int] = [:]
        for mail in recent.sorted(by: { $0.message < $1.message }) {
            let tells = usual.mails(in: mail.language) >= limits.fewestBefore
            let words = tells ? mail.words : mail.words.filter { MailMarks.kind(of: $0) != nil }
            if let index = known[mail.contact] {
                people[index].messages.append(mail.message)
                people[index].words.formUnion(words)
            } else {
                known[mail.contact] = people.count
                people.append(Person(messages: [mail.message], language: mail.language, words: Set(words)))
            }
        }
        self.people = people
        ofLanguage = people.reduce(into: [:]) { $0[$1.language, default: 0] += 1 }
    }

    /// The messages of each group.
    func groups() -> [[ID]] {
        guard people.count >= limits.fewestPeople, usual.total >= limits.fewestBefore else { return [] }
        let telling = telling()
        guard !telling.isEmpty else { return [] }
        var groups = joined(parts(telling)).filter { $0.count >= limits.fewestCore }
            .sorted { ($1.count, $0.min() ?? 0) < ($0.count, $1.min() ?? 0) }
        var taken = groups.reduce(into: Set<Int>()) { $0.formUnion($1) }
        for index in groups.indices {
            let grown = grown(groups[index], taken)
            taken.formUnion(grown)
            groups[index] = grown
        }
        return groups.filter { $0.count >= limits.fewestPeople }.map { $0.sorted().flatMap { people[$0].messages } }
    }

    // MARK: - What is telling

    private func telling() -> [UInt32: Use] {
        var counts: [UInt32: Int] = [:]
        counts.reserveCapacity(60 * people.count)
        for person in people { for word in person.words { counts[word, default: 0] += 1 } }
        // Most words are those of one person.
        let shared = counts.filter { $0.value >= limits.fewestUsers }
        var users: [UInt32: [Int]] = [:]
        for (index, person) in people.enumerated() {
            for word in person.words where shared[word] != nil { users[word, default: []].append(index) }
        }
        var found: [UInt32: Use] = [:]
        for (word, users) in users {
            let use = Use(users: users, expected: expected(word, users))
            if isTelling(word, use) { found[word] = use }
        }
        return found
    }

    private func isTelling(_ word: UInt32, _ use: Use) -> Bool {
        let kind = MailMarks.kind(of: word)
        // Within one language the name's own letters tell more.
        if kind == .name, Set(use.users.map { people[$0].language }).count < 2 { return false }
        let most = kind == .meaning ? limits.mostChanceOfMeaning : limits.mostChance
        return Bursts.chance(of: use.users.count, expecting: use.expected) <= most
    }

    /// By chance: a mark in every language, a word in those that use it.
    private func expected(_ word: UInt32, _ users: [Int]) -> Double {
        let languages =
            MailMarks.kind(of: word) == nil ? Set(users.map { people[$0].language }) : Set(ofLanguage.keys)
        return languages.sorted().reduce(0) { $0 + Double(ofLanguage[$1] ?? 0) * usual.rate(of: word, in: $1) }
    }

    // MARK: - Who belongs together

    private func parts(_ telling: [UInt32: Use]) -> [[Int]] {
        var ordinary = [Double](repeating: 1, count: people.count)
        for use in telling.values { for user in use.users { ordinary[user] *= use.ordinary } }
        var root = Array(people.indices)
        func find(_ index: Int) -> Int {
            var index = index
            while root[index] != index { index = root[index] }
            return index
        }
        for use in telling.values {
            let loud = use.users.filter { ordinary[$0] <= limits.mostOrdinary }
            for user in loud.dropFirst() {
                let (first, second) = (find(loud[0]), find(user))
                root[max(first, second)] = min(first, second)
            }
        }
        let loud = people.indices.filter { ordinary[$0] <= limits.mostOrdinary }
        return Dictionary(grouping: loud, by: find).sorted { $0.key < $1.key }.map(\.value)
    }

    /// The largest part of each language, and so of all.
    private func joined(_ parts: [[Int]]) -> [Set<Int>] {
        var main: Set<Int> = []
        for language in ofLanguage.keys {
            let counts = parts.map { part in part.count { people[$0].language == language } }
            guard let most = counts.max(), most >= limits.fewestUsers, let index = counts.firstIndex(of: most)
            else { continue }
            main.insert(index)
        }
        let first = main.reduce(into: Set<Int>()) { $0.formUnion(parts[$1]) }
        return [first] + parts.indices.filter { !main.contains($0) }.map { Set(parts[$0]) }
    }

    /// With those that speak like them, at most as many again. Not at once: with each the others are easier to tell.
    private func grown(_ group: Set<Int>, _ taken: Set<Int>) -> Set<Int> {
        var group = group
        let most = 2 * group.count
        for _ in 0..<3 where group.count < most {
            let weights = weights(group)
            let more = people.indices.compactMap { index -> (index: Int, times: Double)? in
                guard !group.contains(index), !taken.contains(index) else { return nil }
                let times = times(index, weights)
                return times >= log(limits.fewestTimes) ? (index, times) : nil
            }
            guard !more.isEmpty else { break }
            let first = more.sorted { ($1.times, $0.index) < ($0.times, $1.index) }.prefix(most - group.count)
            group.formUnion(first.map(\.index))
        }
        return group
    }

    /// How many of the group use a word: of all for a mark, of each language for its words.
    private func weights(_ group: Set<Int>) -> (counts: [UInt32: [String: Int]], of: [String: Int]) {
        var counts: [UInt32: [String: Int]] = [:]
        var sizes: [String: Int] = [:]
        for index in group {
            let language = people[index].language
            sizes[language, default: 0] += 1
            for word in people[index].words { counts[word, default: [:]][language, default: 0] += 1 }
        }
        return (counts, sizes)
    }

    /// The logarithm of how many times more probable the mail's words are in the group than elsewhere.
    private func times(_ index: Int, _ group: (counts: [UInt32: [String: Int]], of: [String: Int])) -> Double {
        let person = people[index]
        let size = group.of.values.reduce(0, +)
        var found: [Double] = []
        for word in person.words {
            guard let used = group.counts[word] else { continue }
            let count = used.values.reduce(0, +)
            guard count >= 2 else { continue }
            let share =
                MailMarks.kind(of: word) == nil
                ? Double(count) / Double(used.keys.reduce(0) { $0 + (group.of[$1] ?? 0) } + 2)
                : Double(count) / Double(size + 2)
            let times = share / usual.rate(of: word, in: person.language)
            if times >= limits.timesOfWord { found.append(log(times)) }
        }
        return found.sorted(by: >).prefix(limits.mostWordsCounted).reduce(0, +)
    }
}
