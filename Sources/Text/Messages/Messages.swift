import Foundation

/// Text for people, by key, in the languages of the i18n folder. Read once, each text parsed when it is first asked
/// for; may be used by any thread.
package struct Messages: Sendable {
    // The last of every chain.
    private static let source = "en"

    /// By key, its number in all languages.
    private let numbers: [String: Int32]
    private let catalogues: [String: Catalogue]

    /// Reads `<subsystem>/<language>.json`. Throws when a file cannot be read or two subsystems have the same key.
    package init(directory: URL) throws {
        var numbers: [String: Int32] = [:]
        var owners: [String] = []
        var catalogues: [String: Catalogue.Texts] = [:]
        try MessageFiles.each(in: directory) { file in
            guard file.language != "qqq" else { return }
            let language = file.language.lowercased()
            var texts = catalogues.removeValue(forKey: language) ?? Catalogue.Texts()
            for (key, text) in file.texts {
                let number = numbers[key] ?? Int32(owners.count)
                if Int(number) == owners.count {
                    numbers[key] = number
                    owners.append(file.subsystem)
                } else if owners[Int(number)] != file.subsystem {
                    let both = [owners[Int(number)], file.subsystem].sorted().joined(separator: ", ")
                    throw MessageFiles.failure("two subsystems have \(key): \(both)")
                }
                texts.add(text, Int(number))
            }
            catalogues[language] = texts
        }
        self.numbers = numbers
        self.catalogues = Dictionary(
            uniqueKeysWithValues: catalogues.map { language, texts in (language, Catalogue(language, texts)) })
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
        guard let number = numbers[key], let found = catalogues[language]?.message(number) else { return nil }
        return found.template.text(arguments, found.rules)
    }
}
