import Base
import Foundation
import Text

/// What is known before a team has decided anything: a model of the specialist labels that is shipped with the
/// program, `Resources/triage/models`. It was learned from invented sentences and ordinary text, by the program's own
/// training; docs/developers/triage.md says how. It only suggests.
package struct StartingModel: Sendable {
    /// How it did on sentences and mails it had not learned from.
    package struct Figures: Sendable, Equatable, Codable {
        package struct Count: Sendable, Equatable, Codable {
            package var found: Int
            package var of: Int

            package init(found: Int = 0, of: Int = 0) {
                self.found = found
                self.of = of
            }

            package static func + (left: Count, right: Count) -> Count {
                Count(found: left.found + right.found, of: left.of + right.of)
            }
        }

        /// Sentences that say it, by language.
        package var plain: [String: Count]
        /// Sentences that only hint at it.
        package var veiled: [String: Count]
        /// Sentences with its words that mean something else.
        package var harmless: [String: Count]
        /// Ordinary mails.
        package var mails: Count
    }

    private static let names = (model: "starting.bin", figures: "starting.json")
    package static let none = StartingModel(model: nil, figures: [:])

    package let model: LinearModel?
    package let figures: [SpecialistLabel: Figures]

    package init(model: LinearModel?, figures: [SpecialistLabel: Figures]) {
        self.model = model
        self.figures = figures
    }

    /// Throws `configuration` for files that cannot be read, or are of another version of the program. A folder that
    /// is not there is none.
    package init(folder: URL) throws {
        guard let bytes = try? Data(contentsOf: folder.appending(path: Self.names.model)) else {
            self = .none
            return
        }
        guard let model = LinearModel(bytes: Array(bytes)),
            let text = try? Data(contentsOf: folder.appending(path: Self.names.figures)),
            let figures = try? JSONDecoder().decode([String: Figures].self, from: text)
        else { throw Failure(.configuration, "error-configuration", details: Self.names.model) }
        self.init(
            model: model,
            figures: Dictionary(
                uniqueKeysWithValues: figures.compactMap { key, value in
                    SpecialistLabel(rawValue: key).map { ($0, value) }
                }))
    }

    package func write(to folder: URL) throws {
        guard let model else { return }
        try Data(model.bytes).write(to: folder.appending(path: Self.names.model))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let named = Dictionary(uniqueKeysWithValues: figures.map { ($0.key.rawValue, $0.value) })
        try (encoder.encode(named) + Data("\n".utf8)).write(to: folder.appending(path: Self.names.figures))
    }

    /// For each label, in percent, how sure it is; 50 and more is worth saying.
    package func look(at text: String) -> [(label: SpecialistLabel, percent: Int)] {
        guard let model else { return [] }
        let margins = model.highest(in: TextWindows(text))
        return zip(model.classes, margins).compactMap { name, margin in
            SpecialistLabel(rawValue: name).map { ($0, Int(100 * LinearModel.probability(margin))) }
        }
    }

    /// The column of a label, for saying which words weighed.
    func column(of label: String) -> Int? { model?.classes.firstIndex(of: label) }
}
