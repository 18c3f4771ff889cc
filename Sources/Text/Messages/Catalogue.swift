import Synchronization

/// The texts of one language: ten languages of which pages show one or two must not be parsed to be kept.
final class Catalogue: Sendable {
    /// Texts one after the other.
    struct Texts {
        fileprivate var bytes: [UInt8] = []
        /// By number, where the text stands; before 0 where there is none.
        fileprivate var places: [Range<Int32>] = []

        mutating func add(_ text: String, _ number: Int) {
            while places.count <= number { places.append(-1..<(-1)) }
            let start = Int32(bytes.count)
            bytes.append(contentsOf: text.utf8)
            places[number] = start..<Int32(bytes.count)
        }
    }

    /// A text that was asked for.
    final class Message: Sendable {
        let template: MessageTemplate
        let rules: LanguageRules

        init(_ template: MessageTemplate, _ rules: LanguageRules) {
            (self.template, self.rules) = (template, rules)
        }
    }

    private struct Parsed {
        var rules: LanguageRules?
        var messages: [Int32: Message] = [:]
    }

    private let language: String
    private let texts: Texts
    private let parsed = Mutex(Parsed())

    init(_ language: String, _ texts: Texts) {
        (self.language, self.texts) = (language, texts)
    }

    /// Nil when the language has no text of this number.
    func message(_ number: Int32) -> Message? {
        guard texts.places.indices.contains(Int(number)), texts.places[Int(number)].lowerBound >= 0 else { return nil }
        return parsed.withLock { parsed in
            if let message = parsed.messages[number] { return message }
            let rules = parsed.rules ?? LanguageRules(language)
            parsed.rules = rules
            let message = Message(parse(texts.places[Int(number)]), rules)
            parsed.messages[number] = message
            return message
        }
    }

    private func parse(_ place: Range<Int32>) -> MessageTemplate {
        let text = String(decoding: texts.bytes[Int(place.lowerBound)..<Int(place.upperBound)], as: UTF8.self)
        let isFrench = language == "fr" || language.hasPrefix("fr-")
        return MessageTemplate(isFrench ? FrenchSpaces.kept(text) : text)
    }
}
