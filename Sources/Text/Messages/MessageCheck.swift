import Base
import Foundation

/// What is wrong with the files of the i18n folder; for the checks of the repository.
package enum MessageCheck {
    /// One sentence for each problem, sorted; empty when all is well.
    package static func problems(in directory: URL) -> [String] {
        let read: MessageFiles
        do {
            read = try MessageFiles(directory: directory)
        } catch {
            return [(error as? Failure)?.details ?? "messages: \(directory.lastPathComponent) cannot be read"]
        }
        let languages = Set(read.files.map(\.language)).union(["en", "qqq"])
        var problems = read.collisions.map { "two subsystems have \($0)" }
        for files in Dictionary(grouping: read.files, by: \.subsystem).values {
            problems += self.problems(of: files, languages)
        }
        return problems.sorted()
    }

    private static func problems(of files: [MessageFiles.File], _ languages: Set<String>) -> [String] {
        let subsystem = files[0].subsystem
        var problems = languages.subtracting(files.map(\.language)).map { "\(subsystem)/\($0).json is missing" }
        let english = files.first { $0.language == "en" }?.texts ?? [:]
        let templates = english.mapValues { MessageTemplate($0) }
        for file in files {
            let name = "\(subsystem)/\(file.language).json"
            problems += file.others.map { "\(name): \($0) is no text" }
            problems += Set(english.keys).subtracting(file.texts.keys).subtracting(file.others)
                .map { "\(name): \($0) is missing" }
            problems += Set(file.texts.keys).subtracting(english.keys).map { "\(name): \($0) is not in en.json" }
            guard file.language != "qqq" else { continue }
            let rules = LanguageRules(file.language.lowercased())
            for (key, text) in file.texts {
                let found = self.problems(of: MessageTemplate(text), beside: templates[key], rules)
                problems += found.map { "\(name): \(key) \($0)" }
            }
        }
        return problems
    }

    private static func problems(
        of template: MessageTemplate, beside english: MessageTemplate?, _ rules: LanguageRules
    ) -> [String] {
        if template.isBroken { return ["has braces that are neither PLURAL nor GENDER, or do not close"] }
        var used = Usage(template.pieces)
        var problems: [String] = []
        if let english, !english.isBroken {
            let source = Usage(english.pieces)
            problems += used.all.subtracting(source.all).sorted().map { "has $\($0), which en.json has not" }
            // A language may do without a choice, but not without a value that English shows.
            problems += source.shown.subtracting(used.all).sorted().map { "lacks $\($0)" }
        }
        let allowed = rules.integerCategories...rules.categories
        used.pluralForms.removeAll { allowed.contains($0) }
        let range = allowed.count == 1 ? "\(allowed.lowerBound)" : "\(allowed.lowerBound) to \(allowed.upperBound)"
        return problems + used.pluralForms.map { "has \($0) plural forms instead of \(range)" }
    }
}

extension MessageCheck {
    /// Which arguments a message uses and how many forms its plurals have.
    fileprivate struct Usage {
        var shown: Set<Int> = []
        var all: Set<Int> = []
        var pluralForms: [Int] = []

        init(_ pieces: [MessageTemplate.Piece]) { visit(pieces) }

        private mutating func visit(_ pieces: [MessageTemplate.Piece]) {
            for piece in pieces {
                switch piece {
                case .text: break
                case .argument(let number):
                    shown.insert(number)
                    all.insert(number)
                case .plural(let plural):
                    all.insert(plural.argument)
                    pluralForms.append(plural.forms.count)
                    for form in plural.forms + plural.exact.map(\.pieces) { visit(form) }
                case .gender(let number, let forms):
                    all.insert(number)
                    for form in forms { visit(form) }
                }
            }
        }
    }
}
