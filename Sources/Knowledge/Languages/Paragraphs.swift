import Base
import Text

/// A text in paragraphs: what stands between blank lines. A fenced block of code is one, whatever is in it.
package enum Paragraphs {
    /// More are refused.
    static let most = 2000

    /// Without space at their ends; the body is these joined with a blank line (`joined`).
    package static func split(_ body: String) -> [String] {
        var paragraphs: [String] = []
        var lines: [Substring] = []
        var fence: Substring?
        func end() {
            while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
            if !lines.isEmpty { paragraphs.append(lines.joined(separator: "\n")) }
            lines = []
        }
        for line in body.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false) {
            let line = trimmedEnd(line)
            if let mark = Self.fence(line) {
                if fence == nil { fence = mark } else if mark.hasPrefix(fence ?? "") { fence = nil }
            }
            if line.isEmpty, fence == nil { end() } else { lines.append(line) }
        }
        end()
        return paragraphs
    }

    package static func joined(_ paragraphs: [String]) -> String { paragraphs.joined(separator: "\n\n") }

    /// Two spaces at the end of a line break it in Markdown, but our lines stay lines anyway.
    private static func trimmedEnd(_ line: Substring) -> Substring {
        var line = line
        while let last = line.last, last == " " || last == "\t" { line.removeLast() }
        return line
    }

    /// The marks that open or close a fenced block.
    private static func fence(_ line: Substring) -> Substring? {
        let body = line.drop { $0 == " " }
        guard line.count - body.count < 4, let first = body.first, first == "`" || first == "~" else { return nil }
        let marks = body.prefix { $0 == first }
        return marks.count >= 3 ? marks : nil
    }

    /// True for what every language has alike: rules, numbers, placeholders and addresses alone.
    package static func isNeutral(_ words: String) -> Bool {
        let plain = Placeholders.pieces(of: words).map { if case .words(let text) = $0 { text } else { " " } }.joined()
        let rest = plain.split { $0.isWhitespace }.filter { !$0.contains("://") }
        return !rest.contains { $0.unicodeScalars.contains { $0.properties.isAlphabetic } }
    }
}

/// Gives the paragraphs of a new version the ids of the old ones they come from, so that translations stay with them.
///
/// What stands unchanged and in order keeps its id first (longest common subsequence); then what moved unchanged; then
/// pairs that share half of their words, the most alike first; last, a single paragraph rewritten between two that
/// stayed. The rest is new.
enum ParagraphMatching {
    private static let alike = 0.5
    private static let rewritten = 0.2
    /// Pairs looked at; beyond, only neighbours are compared.
    private static let mostPairs = 40_000

    /// For each new paragraph the id it keeps, or nil. No id comes twice.
    static func ids(from old: [(id: ID, words: String)], to new: [String]) -> [ID?] {
        var matching = Matching(old: old, new: new)
        matching.matchInOrder()
        matching.matchMoved()
        matching.matchAlike(alike, mostPairs)
        matching.matchRewritten(rewritten)
        return matching.found.map { $0.map { old[$0].id } }
    }

    private struct Matching {
        let old: [(id: ID, words: String)]
        let new: [String]
        /// For each new paragraph the index of an old one.
        var found: [Int?]
        var isTaken: [Bool]

        init(old: [(id: ID, words: String)], new: [String]) {
            self.old = old
            self.new = new
            found = new.map { _ in nil }
            isTaken = old.map { _ in false }
        }

        mutating func take(_ index: Int, for place: Int) {
            found[place] = index
            isTaken[index] = true
        }

        mutating func matchInOrder() {
            let changes = new.difference(from: old.map(\.words))
            var removed: Set<Int> = []
            var inserted: Set<Int> = []
            for change in changes {
                switch change {
                case .remove(let offset, _, _): removed.insert(offset)
                case .insert(let offset, _, _): inserted.insert(offset)
                }
            }
            let kept = old.indices.filter { !removed.contains($0) }
            for (index, place) in zip(kept, new.indices.filter { !inserted.contains($0) }) { take(index, for: place) }
        }

        mutating func matchMoved() {
            var free: [String: [Int]] = [:]
            for index in old.indices.reversed() where !isTaken[index] {
                free[old[index].words, default: []].append(index)
            }
            for place in new.indices where found[place] == nil {
                if let index = free[new[place]]?.popLast() { take(index, for: place) }
            }
        }

        mutating func matchAlike(_ least: Double, _ mostPairs: Int) {
            let free = old.indices.filter { !isTaken[$0] }
            let open = new.indices.filter { found[$0] == nil }
            let isLong = free.count * open.count > mostPairs
            let oldWords = Dictionary(uniqueKeysWithValues: free.map { ($0, WordBag(old[$0].words)) })
            var pairs: [(score: Double, distance: Int, index: Int, place: Int)] = []
            for place in open {
                let words = WordBag(new[place])
                for index in free where !isLong || abs(index - place) < 20 {
                    let score = oldWords[index]?.likeness(to: words) ?? 0
                    if score >= least { pairs.append((score, abs(index - place), index, place)) }
                }
            }
            pairs.sort { ($1.score, $0.distance, $0.place) < ($0.score, $1.distance, $1.place) }
            for pair in pairs where !isTaken[pair.index] && found[pair.place] == nil {
                take(pair.index, for: pair.place)
            }
        }

        /// One old and one new paragraph alone between the same neighbours.
        mutating func matchRewritten(_ least: Double) {
            for place in new.indices where found[place] == nil {
                let before = place == 0 ? -1 : found[place - 1]
                let after = place == new.count - 1 ? old.count : found[place + 1]
                guard let before, let after, after == before + 2, !isTaken[before + 1] else { continue }
                if WordBag(old[before + 1].words).likeness(to: WordBag(new[place])) >= least {
                    take(before + 1, for: place)
                }
            }
        }
    }

    /// How often each word of a paragraph stands in it.
    private struct WordBag {
        private var counts: [String: Int] = [:]
        private var total = 0

        init(_ text: String) {
            for term in SearchTerms.terms(of: text) {
                counts[term, default: 0] += 1
                total += 1
            }
        }

        /// 0 nothing in common, 1 the same words (Dice).
        func likeness(to other: WordBag) -> Double {
            guard total + other.total > 0 else { return 0 }
            let common = counts.reduce(0) { $0 + min($1.value, other.counts[$1.key] ?? 0) }
            return 2 * Double(common) / Double(total + other.total)
        }
    }
}
