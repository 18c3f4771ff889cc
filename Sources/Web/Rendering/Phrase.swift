import Text

/// Text for people that is not yet in anybody's language: a message key with its arguments, or words as they are.
package struct Phrase: Sendable, Equatable {
    package enum Argument: Sendable, Equatable, ExpressibleByStringLiteral {
        case text(String)
        case number(Int)
        case phrase(Phrase)

        package init(stringLiteral value: String) { self = .text(value) }
    }

    /// Message key, or the words themselves when `isVerbatim`.
    package let key: String
    package let arguments: [Argument]
    package let isVerbatim: Bool

    package init(_ key: String, _ arguments: Argument...) {
        self.key = key
        self.arguments = arguments
        isVerbatim = false
    }

    /// The same with the arguments in a list.
    package init(_ key: String, list: [Argument]) {
        self.key = key
        arguments = list
        isVerbatim = false
    }

    private init(verbatim text: String) {
        key = text
        arguments = []
        isVerbatim = true
    }

    /// Words that need no translation: a queue's name, a person's name.
    package static func verbatim(_ text: String) -> Phrase { Phrase(verbatim: text) }

    /// The words in the language of `translate`.
    package func text(_ translate: Translate) -> String {
        if isVerbatim {
            return key
        }
        return translate(key, with: arguments.map { $0.argument(translate) })
    }
}

/// Turns a message key and its arguments into words of one language.
package struct Translate: Sendable {
    private let text: @Sendable (_ key: String, _ arguments: [MessageArgument]) -> String
    /// Whether words put into a sentence keep their direction to themselves: on pages, not in mails.
    fileprivate let isolates: Bool

    package init(
        isolates: Bool = false,
        _ text: @escaping @Sendable (_ key: String, _ arguments: [MessageArgument]) -> String
    ) {
        self.isolates = isolates
        self.text = text
    }

    /// With words, which stay as they are.
    package func callAsFunction(_ key: String, _ words: [String]) -> String { text(key, words.map { .words($0) }) }

    package func callAsFunction(_ key: String, with arguments: [MessageArgument]) -> String { text(key, arguments) }
}

extension Phrase.Argument {
    fileprivate func argument(_ translate: Translate) -> MessageArgument {
        switch self {
        case .text(let text): translate.isolates ? .isolated(text) : .words(text)
        case .number(let number): .amount(String(number))
        case .phrase(let phrase) where phrase.isVerbatim && translate.isolates: .isolated(phrase.key)
        case .phrase(let phrase): .words(phrase.text(translate))
        }
    }
}
