/// The one analyser of search: the same terms for both engines, for indexing and for asking.
///
/// Words end at everything that is no letter, digit or mark, so that a term is only `a-z0-9` and non-ASCII characters:
/// parts of addresses, hyphenated words and `l’eau` are terms of their own, next to each other.
/// Classes of characters, compatibility and case are ICU's; what is the same letter stands in `ScriptFolding`.
/// Chinese, Japanese, Thai, Lao, Khmer and Burmese give overlapping pairs of characters, a single character itself.
package enum SearchTerms {
    /// Grows whenever the same text may give other terms; stored with the index.
    package static let version = 1

    /// The terms of a text, one per position, in order; each at most 64 bytes.
    package static func terms(of text: String) -> [String] {
        var terms: [String] = []
        terms.reserveCapacity(text.utf8.count / 7)
        TermScanner.scan(text) { bytes, _ in terms.append(String(decoding: bytes, as: UTF8.self)) }
        return terms
    }
}
