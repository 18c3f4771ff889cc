import Base
import Foundation
import Text

/// Words that stand for the same in ten languages: `Resources/triage/meanings.json`. A list of plain words and of words
/// that end in a star, by language. It names no events; how usual a meaning is, `Bursts` learns from the desk's mail.
package struct Meanings: Sendable {
    private struct File: Decodable {
        var meanings: [String: [String: String]]
    }

    private let languages: [String: MeaningWords]

    package static let none = Meanings([:])

    /// Throws `configuration` for a file that cannot be read.
    package init(file: URL) throws {
        do {
            self.init(try JSONDecoder().decode(File.self, from: try Data(contentsOf: file)).meanings)
        } catch {
            throw Failure(.configuration, "error-configuration", details: "\(file.lastPathComponent): \(error)")
        }
    }

    init(_ meanings: [String: [String: String]]) {
        var languages: [String: MeaningWords] = [:]
        for (number, meaning) in meanings.sorted(by: { $0.key < $1.key }).enumerated() {
            for (language, list) in meaning.value {
                for word in list.split(separator: " ") {
                    languages[language, default: MeaningWords()].add(String(word), UInt32(number))
                }
            }
        }
        self.languages = languages
    }

    /// What the terms of a text in a language mean, each once.
    func found(in terms: [String], language: String) -> Set<UInt32> {
        guard let words = languages[language] else { return [] }
        var found: Set<UInt32> = []
        let all = words.pairs.isEmpty ? [] : Set(terms)
        for term in terms {
            if let meaning = words.meaning(of: term) { found.insert(meaning) }
            for pair in words.pairs[term] ?? [] where pair.rest.allSatisfy(all.contains) { found.insert(pair.meaning) }
        }
        return found
    }
}

/// Of one language: whole words and beginnings, with the number of what they mean.
private struct MeaningWords: Sendable {
    private static let shortest = 2

    private var whole: [String: UInt32] = [:]
    private var beginnings: [String: UInt32] = [:]
    /// Of scripts without spaces: all pairs but the first, by the first.
    private(set) var pairs: [String: [(rest: [String], meaning: UInt32)]] = [:]
    private var longest = 0

    mutating func add(_ word: String, _ meaning: UInt32) {
        let isBeginning = word.hasSuffix("*")
        let terms = SearchTerms.terms(of: isBeginning ? String(word.dropLast()) : word)
        guard let first = terms.first else { return }
        if terms.count > 1 {
            pairs[first, default: []].append((rest: Array(terms.dropFirst()), meaning: meaning))
        } else if isBeginning {
            beginnings[first] = meaning
            longest = max(longest, first.count)
        } else {
            whole[first] = meaning
        }
    }

    /// The longest beginning counts.
    fileprivate func meaning(of term: String) -> UInt32? {
        if let meaning = whole[term] { return meaning }
        var part = term.prefix(longest)
        while part.count >= Self.shortest {
            if let meaning = beginnings[String(part)] { return meaning }
            part = part.dropLast()
        }
        // The Arabic article, and what is written together with it.
        for article in ["وال", "بال", "لل", "ال"] where term.hasPrefix(article) && term.count > article.count + 1 {
            return meaning(of: String(term.dropFirst(article.count)))
        }
        return nil
    }
}
