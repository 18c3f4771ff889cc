/// A plain alternative that only says that the mail is in HTML.
enum StandIn {
    private static let longest = 400

    /// `plain` speaks of HTML, is short, and says what stands nowhere in the HTML itself.
    static func isOne(_ plain: String, for readable: String) -> Bool {
        guard plain.utf8.count <= longest, plain.lowercased().contains("html") else { return false }
        let words = words(of: plain)
        return !words.isEmpty && !self.words(of: readable).contains(words)
    }

    /// In lower case with single blanks.
    private static func words(of text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
