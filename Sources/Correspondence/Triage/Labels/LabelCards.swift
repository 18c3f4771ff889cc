import Base
import Foundation

/// What to do, what never, whom to ask: a card of 60 words for each label, in ten languages. Files of
/// `Resources/triage/cards`, which an organisation may change.
package struct LabelCards: Sendable {
    package struct Card: Sendable, Equatable, Decodable {
        package var title: String
        package var todo: [String]
        package var never: [String]
        package var ask: String

        private enum CodingKeys: String, CodingKey {
            case title, never, ask
            case todo = "do"
        }
    }

    package static let none = LabelCards(cards: [:])
    private static let emergencyMark = "{{emergency}}"

    private let cards: [SpecialistLabel: [String: Card]]

    private init(cards: [SpecialistLabel: [String: Card]]) { self.cards = cards }

    /// Throws `configuration` for a file that cannot be read; a label without a file has no card.
    package init(folder: URL) throws {
        var cards: [SpecialistLabel: [String: Card]] = [:]
        for label in SpecialistLabel.allCases {
            let file = folder.appending(path: "\(label.rawValue).json")
            guard let data = try? Data(contentsOf: file) else { continue }
            do {
                cards[label] = try JSONDecoder().decode([String: Card].self, from: data)
            } catch {
                throw Failure(
                    .configuration, "error-configuration", details: "\(file.lastPathComponent): \(error)")
            }
        }
        self.cards = cards
    }

    /// In a language, else in English. `emergency` is the outside address for emergencies.
    package func card(of label: SpecialistLabel, language: String, emergency: String) -> Card? {
        guard var card = cards[label]?[language] ?? cards[label]?["en"] else { return nil }
        func fill(_ text: String) -> String { text.replacing(Self.emergencyMark, with: emergency) }
        card.todo = card.todo.map(fill)
        card.never = card.never.map(fill)
        card.ask = fill(card.ask)
        return card
    }
}
