import Foundation

/// Text for people, by key, in the languages of the i18n folder. Parsed once; may be used by any thread.
package struct Messages: Sendable {
    private struct Catalogue {
        let rules: LanguageRules
        var templates: [String: MessageTemplate] = [:]
    }

    // The last of every chain.
    private static let source = "en"

    private let catalogues: [String: Catalogue]

    /// Reads `<subsystem>/<language>.json`. Throws when a file cannot be read or two subsystems have the same key.
    package init(directory: URL) throws {
        let files = try MessageFiles(directory: directory)
        if let collision = files.collisions.first { throw MessageFiles.failure("two subsystems have \(collision)") }
        var catalogues: [String: Catalogue] = [:]
        for file in files.files where file.language != "qqq" {
            let language = file.language.lowercased()
            var catalogue = catalogues[language] ?? Catalogue(rules: LanguageRules(language))
            let isFrench = language == "fr" || language.hasPrefix("fr-")
            for (key, text) in file.texts {
                catalogue.templates[key] = MessageTemplate(isFrench ? FrenchSpaces.kept(text) : text)
            }
            catalogues[language] = catalogue
        }
        self.catalogues = catalogues
    }

    /// The message in the language, else in the ones it falls back to (`pt-br`, `pt`, `en`), else `⧼key⧽`.
    /// Words stand as they are, digits among them too: `with:` takes amounts.
    package func text(_ key: String, _ language: String, _ arguments: [String]) -> String {
        text(key, language, with: arguments.map { .words($0) })
    }

    /// The same with amounts, which are written as the language does.
    package func text(_ key: String, _ language: String, with arguments: [MessageArgument]) -> String {
        if let text = found(key, language, arguments) { return text }
        var tag = language.lowercased()
        while !tag.isEmpty {
            if let text = found(key, tag, arguments) { return text }
            tag = tag.lastIndex(of: "-").map { String(tag[..<$0]) } ?? ""
        }
        return found(key, Self.source, arguments) ?? "⧼\(key)⧽"
    }

    // Plurals and numbers follow the language the message is written in, not the one that was asked for.
    private func found(_ key: String, _ language: String, _ arguments: [MessageArgument]) -> String? {
        guard let catalogue = catalogues[language], let template = catalogue.templates[key] else { return nil }
        return template.text(arguments, catalogue.rules)
    }
}
