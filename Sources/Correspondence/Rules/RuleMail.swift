import Base
import Mail
import Text

/// A message as rules see it. Its words are taken apart once, outside a transaction; queue and tags change while rules
/// run.
struct RuleMail: Sendable {
    var message: ID
    var isNew: Bool
    var queue: ID
    var tags: [String]
    var language: String?
    var isKnownSender: Bool
    var at: Milliseconds
    /// Sender, recipients, names of files and headers as whole values in lower case.
    var wholes: [RuleCondition.Place: [String]] = [:]
    var headers: [(name: String, value: String)] = []
    var fields: [RuleCondition.Place: TermField] = [:]

    init(_ parts: Parts, vocabulary: [String: Int32]) {
        message = parts.message.id
        isNew = parts.isNew
        queue = parts.queue
        tags = parts.tags
        language = parts.language
        isKnownSender = parts.isKnownSender
        at = parts.message.sentAt
        headers = parts.headers
        let message = parts.message
        let text = message.newText.isEmpty ? message.text : message.newText
        func add(_ place: RuleCondition.Place, _ text: String) {
            fields[place] = TermField(text, vocabulary: vocabulary)
        }
        add(.subject, message.subject)
        add(.text, text)
        add(.sender, "\(message.fromName) \(message.fromAddress)")
        add(.recipient, parts.recipients.map { "\($0.name) \($0.address)" }.joined(separator: "\n"))
        add(.file, parts.files.joined(separator: "\n"))
        wholes[.sender] = [message.fromAddress.lowercased(), message.fromName.lowercased()]
        wholes[.recipient] = parts.recipients.flatMap { [$0.address.lowercased(), $0.name.lowercased()] }
        wholes[.file] = parts.files.map { $0.lowercased() }
    }

    /// What it is made from.
    struct Parts: Sendable {
        var message: Message
        var isNew: Bool
        var queue: ID
        var tags: [String]
        var language: String?
        var isKnownSender: Bool
        var recipients: [MessageAddress]
        var files: [String]
        /// Names and values in lower case, values unfolded; only where a rule asks for them.
        var headers: [(name: String, value: String)]
    }

    /// Beyond so many bytes of an original no header is looked for.
    static let headerBytes = 128 << 10

    /// Fields of a header, unfolded, decoded, in lower case.
    static func headers(of raw: [UInt8]) -> [(name: String, value: String)] {
        HeaderText.fields(of: raw, atMost: headerBytes).map { ($0.name, $0.value.lowercased()) }
    }
}

/// The words of one part of a message, known by numbers where a rule asks for them.
struct TermField: Sendable {
    private let terms: [String]
    /// Of each term its number in the vocabulary, or -1.
    private let numbers: [Int32]
    private let present: Set<Int32>
    /// Each term once, in order: for beginnings of words.
    private let sorted: [String]

    init(_ text: String, vocabulary: [String: Int32]) {
        terms = SearchTerms.terms(of: text)
        numbers = terms.map { vocabulary[$0] ?? -1 }
        present = Set(numbers)
        sorted = Set(terms).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    func contains(_ phrase: [CompiledElement]) -> Bool {
        for case .term(let number) in phrase where !present.contains(number) { return false }
        guard phrase.count > 1 else {
            switch phrase.first {
            case .term: return true
            case .prefix(let prefix): return hasPrefix(prefix)
            case .glob(let glob): return hasMatch(glob)
            case nil: return false
            }
        }
        guard terms.count >= phrase.count else { return false }
        return (0...terms.count - phrase.count).contains { start in
            phrase.indices.allSatisfy { matches(phrase[$0], at: start + $0) }
        }
    }

    private func matches(_ element: CompiledElement, at index: Int) -> Bool {
        switch element {
        case .term(let number): numbers[index] == number
        case .prefix(let prefix): terms[index].utf8.starts(with: prefix.utf8)
        case .glob(let glob): glob.matches(terms[index])
        }
    }

    /// By halving: the first term that is not before the prefix begins with it, or none does.
    private func hasPrefix(_ prefix: String) -> Bool {
        let first = place(of: prefix)
        return first < sorted.count && sorted[first].utf8.starts(with: prefix.utf8)
    }

    /// Only terms that begin as the pattern does are compared.
    private func hasMatch(_ glob: Glob) -> Bool {
        var index = place(of: glob.beginning)
        while index < sorted.count, sorted[index].utf8.starts(with: glob.beginning.utf8) {
            if glob.matches(sorted[index]) { return true }
            index += 1
        }
        return false
    }

    private func place(of prefix: String) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle].utf8.lexicographicallyPrecedes(prefix.utf8) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// `RuleWords.Element` with the term's number.
enum CompiledElement: Sendable {
    case term(Int32)
    case prefix(String)
    case glob(Glob)
}
