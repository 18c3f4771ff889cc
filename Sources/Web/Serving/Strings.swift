import Foundation
import Text

/// The interface's strings in its ten languages.
package struct Strings: Sendable {
    private static let rightToLeft: Set<String> = ["ar"]

    /// In the order they are offered.
    package let languages = ["ar", "de", "en", "es", "fr", "hi", "ja", "pt", "ru", "zh"]
    package let messages: Messages

    package init(_ messages: Messages) { self.messages = messages }

    package func translate(_ language: String) -> Translate {
        let messages = messages
        return Translate { key, arguments in messages.text(key, language, with: arguments) }
    }

    /// For pages: names, addresses and other words within a sentence do not move about where it runs the other way.
    package func translateForPage(_ language: String) -> Translate {
        let messages = messages
        return Translate(isolates: true) { key, arguments in messages.text(key, language, with: arguments) }
    }

    package func direction(_ language: String) -> String { Self.rightToLeft.contains(language) ? "rtl" : "ltr" }

    package func supported(_ language: String) -> String {
        let primary = language.split(separator: "-").first.map { $0.lowercased() } ?? "en"
        return languages.contains(primary) ? primary : "en"
    }

    /// The best of an Accept-Language header.
    package func preferred(_ header: String) -> String {
        let wanted = header.split(separator: ",").prefix(20).compactMap { entry -> (String, Double)? in
            let parts = entry.split(separator: ";")
            guard let tag = parts.first?.trimmingCharacters(in: .whitespaces).lowercased() else { return nil }
            let quality = parts.dropFirst().first { $0.contains("q=") }?.split(separator: "=").last
            let primary = tag.split(separator: "-").first.map(String.init) ?? tag
            return languages.contains(primary) ? (primary, quality.flatMap { Double($0) } ?? 1) : nil
        }
        return wanted.max { $0.1 < $1.1 }?.0 ?? "en"
    }

    /// A language's name in itself.
    package func ownName(_ language: String) -> String { LanguageNames.name(of: language, in: language) }
}
