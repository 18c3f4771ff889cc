import Base

/// Something the quiet check noticed in a draft. It advises; only three kinds may hold a letter back.
package struct Finding: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case placeholder, privateData = "private-data", stale
        case name, number, link, tone, length, readability

        /// Whether a member may hide hints of this kind.
        package var mayHide: Bool { self == .tone || self == .length || self == .readability }
    }

    package let kind: Kind
    /// Which rule of the kind; with the kind it is the key of the words.
    package let rule: String
    /// The writer's own words it is about.
    package let passage: String
    /// What else the words name.
    package let other: String
    /// Holds the letter back until a reason is given.
    package let isBlocking: Bool

    init(_ kind: Kind, _ rule: String, _ passage: String, other: String = "", isBlocking: Bool = false) {
        self.kind = kind
        self.rule = rule
        self.passage = String(passage.prefix(120))
        self.other = other
        self.isBlocking = isBlocking
    }

    /// Says whether a reason was given for just this: other words need another reason.
    package var fingerprint: String {
        String(Hex.encode(SHA256Digest.of("\(kind.rawValue)\n\(rule)\n\(passage)")).prefix(32))
    }
}

/// What is looked at: the draft's own words, and to whom they go.
struct CheckedText: Sendable {
    /// BCP 47 primary code; empty when it cannot be told.
    let language: String
    let text: String
    /// Lines that are not quoted.
    let lines: [Substring]
    /// Without quotes, addresses of pages and code: what people read.
    let prose: String

    init(_ text: String, language: String) {
        self.language = language
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix(">") }
        prose = Self.withoutCode(lines.map { Self.withoutLinks($0) }.joined(separator: "\n"))
    }

    /// The beginning of an address of a page up to the next space becomes nothing.
    static func withoutLinks(_ line: some StringProtocol) -> String {
        line.split(separator: " ", omittingEmptySubsequences: false).map { word in
            guard let start = word.firstRange(of: "://") else { return String(word) }
            let before = word[..<start.lowerBound]
            let scheme = before.reversed().prefix { $0.isLetter }.count
            return String(before.dropLast(scheme))
        }.joined(separator: " ")
    }

    private static func withoutCode(_ text: String) -> String {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 0 }.map { String($0.element) }.joined(separator: " ")
    }
}
