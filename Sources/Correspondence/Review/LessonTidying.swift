import Base
import Foundation
import Text

/// Takes out of a comment what leads to a person, before others learn from it: names in all their forms, user names,
/// addresses, numbers, links to what somebody did. Says what was taken, and what a machine cannot be sure of.
struct LessonTidying: Sendable {
    static let gap = "…"

    let names: NameForms
    /// Words that end mails of the ticket, as people sign: folded.
    var signed: Set<String> = []

    struct Tidied: Equatable {
        var text: String
        /// As it was written, each once, in order.
        var taken: [String] = []
    }

    func tidy(_ text: String) -> Tidied {
        var tidied = Tidied(text: Self.plainSpaces(text))
        for trace in PersonalTraces.all(in: tidied.text) { take(trace, from: &tidied) }
        for name in names.whole { take(name, asWords: true, from: &tidied) }
        takeTicketNumbers(from: &tidied)
        takePrivateData(from: &tidied)
        for name in names.unspaced { take(name, from: &tidied) }
        takeAddressed(from: &tidied)
        takeWords(from: &tidied)
        // `{{` would be a placeholder, which a comment is not.
        tidied.text = Self.joined(tidied.text).replacing("{{", with: "{ {")
        var seen: Set<String> = []
        tidied.taken = tidied.taken.filter { seen.insert($0.lowercased()).inserted }
        return tidied
    }

    // MARK: - Steps

    private func take(_ passage: String, asWords: Bool = false, from tidied: inout Tidied) {
        let text = tidied.text
        var (out, done, start) = ("", text.startIndex, text.startIndex)
        while let range = text.range(of: passage, options: .caseInsensitive, range: start..<text.endIndex) {
            start = range.upperBound
            let isInside =
                (range.lowerBound > text.startIndex && text[text.index(before: range.lowerBound)].isLetter)
                || (range.upperBound < text.endIndex && text[range.upperBound].isLetter)
            // Endings are for `takeWords`.
            if asWords, isInside, !NameForms.isUnspaced(passage) { continue }
            tidied.taken.append(String(text[range]))
            out += text[done..<range.lowerBound] + Self.gap
            done = range.upperBound
        }
        tidied.text = out + text[done...]
    }

    /// However its digits are parted.
    private func takeTicketNumbers(from tidied: inout Tidied) {
        let runs = tidied.text.matches(of: #/#?\p{Nd}[\p{Nd} \u{00A0}\-]{14,24}\p{Nd}/#).map { String($0.output) }
        for run in runs where !TicketNumber.find(in: run).isEmpty { take(run, from: &tidied) }
    }

    /// The same number may stand there in two spellings, of which one is told at a time.
    private func takePrivateData(from tidied: inout Tidied) {
        for _ in 0..<20 {
            let items = PrivateData.items(in: tidied.text).filter { tidied.text.contains($0.text) }
            if items.isEmpty { return }
            for item in items { take(item.text, from: &tidied) }
        }
    }

    /// 王先生, 田中さん: a short name with a form of address.
    private func takeAddressed(from tidied: inout Tidied) {
        let forms = ["先生", "女士", "小姐", "老师", "老師", "教授", "さん", "様", "さま", "氏", "くん", "ちゃん"]
        let known = names.addressed.sorted { ($1.count, $0) < ($0.count, $1) }
        for name in known {
            for form in forms where tidied.text.contains(name + form) { take(name + form, from: &tidied) }
        }
    }

    private func takeWords(from tidied: inout Tidied) {
        let pieces = Self.pieces(of: tidied.text)
        tidied.text = ""
        for (place, piece) in pieces.enumerated() {
            guard piece.first.map(Self.isOfWord) ?? false,
                names.isName(piece, isSpokenTo: PeopleNamed.isSpokenTo(pieces, place))
            else {
                tidied.text += piece
                continue
            }
            tidied.taken.append(piece)
            tidied.text += Self.gap
        }
    }

    /// Words, and what stands between them, in order.
    private static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var isWord: Bool?
        for character in text {
            if isWord == isOfWord(character) {
                pieces[pieces.count - 1].append(character)
            } else {
                pieces.append(String(character))
                isWord = isOfWord(character)
            }
        }
        return pieces
    }

    private static func isOfWord(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first, !NameForms.isUnspaced(scalar) else { return false }
        return character.isLetter || character.isNumber || "'’ʼ_".contains(character)
    }

    /// Runs of spaces inside lines become one: numbers are found as they stand.
    private static func plainSpaces(_ text: String) -> String {
        text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let indent = line.prefix { $0 == " " || $0 == "\t" }
            let words = line.dropFirst(indent.count).split { $0 == " " || $0 == "\t" || $0 == "\u{A0}" }
            return indent + words.joined(separator: " ")
        }.joined(separator: "\n")
    }

    /// A name of three words leaves one gap.
    private static func joined(_ text: String) -> String {
        text.replacing(#/\b(?:\p{Lu}\. ?)+…/#) { _ in gap }.replacing(#/…(?:(?:[ \-·・]{0,2}|\.)…)+/#) { _ in gap }
    }

    // MARK: - What a machine cannot be sure of

    private static let most = 12

    /// Words of what is left that may name somebody: after a form of address, as people sign in the mails, or with a
    /// capital inside a sentence where nouns have none.
    func doubtful(in text: String, language: String?) -> [String] {
        let nounsAreCapital = language?.hasPrefix("de") ?? false
        let titles = SalutationWords.all.values.reduce(into: Set<String>()) { $0.formUnion($1.titles) }
        var found: [String] = []
        var beginsSentence = true
        var isAfterTitle = false
        for token in text.split(whereSeparator: \.isWhitespace) {
            let word = token.drop { !$0.isLetter }.prefix { $0.isLetter || "'’-".contains($0) }
            let folded = word.lowercased()
            let isCapital = word.first?.isUppercase ?? false
            let isName = isCapital && word.contains { $0.isLowercase } && word.count >= 3
            if isName, isAfterTitle || signed.contains(folded) || (!beginsSentence && !nounsAreCapital) {
                found.append(String(word))
            } else if !word.isEmpty, !isCapital, isAfterTitle || signed.contains(folded) {
                found.append(String(word))
            }
            isAfterTitle = titles.contains(folded) && !folded.isEmpty
            let last = token.last ?? "."
            beginsSentence = (".!?:…»“\"".contains(last) && !isAfterTitle) || token.allSatisfy { !$0.isLetter }
        }
        found += spokenTo(in: text)
        found += text.matches(of: #/[\p{Han}\p{Katakana}ー]{1,6}(?:さん|様|氏|先生|女士|小姐)/#).map { String($0.output) }
            .filter { word in !["お客", "皆", "各位", "客"].contains { word.hasPrefix($0) } }
        var seen: Set<String> = []
        return Array(found.filter { seen.insert($0).inserted }.prefix(Self.most))
    }

    /// Whoever is thanked or greeted, words that are the name of somebody in the ticket too, and what looks like the
    /// name of an account.
    private func spokenTo(in text: String) -> [String] {
        let pieces = Self.pieces(of: text)
        var found: [String] = []
        for (place, piece) in pieces.enumerated() where piece.first?.isLetter ?? false {
            if PeopleNamed.isThanked(pieces, place) || names.mayBeName(piece) || Self.isAccount(piece) {
                found.append(piece)
            }
        }
        return found + Self.dotted(in: text)
    }

    /// `karl.weber`, `karl_weber`: as accounts and addresses are made of names.
    private static func dotted(in text: String) -> [String] {
        text.split { $0.isWhitespace || "()<>\"„“”«»,;:!?".contains($0) }.compactMap { token in
            var token = token
            while token.last == "." { token.removeLast() }
            return token.wholeMatch(of: #/[a-z]{2,}(?:[._][a-z]{2,})+/#) == nil ? nil : String(token)
        }
    }

    /// `ibis87`: letters with a number behind them, but not `S3` or `2nd`.
    private static func isAccount(_ word: String) -> Bool {
        word.wholeMatch(of: #/\p{L}{3,}_?\d{1,4}/#) != nil
    }
}
