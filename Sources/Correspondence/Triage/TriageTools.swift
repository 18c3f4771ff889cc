import Base
import Storage

/// What triage knows: the packs and the model in use.
package struct TriageTools: Sendable {
    package let packs: @Sendable () -> KeywordPacks
    package let cards: @Sendable () -> LabelCards
    package let models: ModelCache
    package var starting: @Sendable () -> StartingModel = { .none }
    /// The outside address for emergencies of a queue, of the organisation for queue 0; nil where none is set.
    package var emergency: @Sendable (_ queue: ID, any Connection) throws -> String? = { _, _ in nil }
    /// Of the Wikimedia movement.
    private static let usualEmergency = "emergency@wikimedia.org"

    package init(
        packs: @escaping @Sendable () -> KeywordPacks, cards: @escaping @Sendable () -> LabelCards = { .none },
        models: ModelCache
    ) {
        self.packs = packs
        self.cards = cards
        self.models = models
    }

    /// What the cards say: whoever stands outside for a queue's rota, else the movement's.
    func emergencyAddress(queue: ID, in db: any Connection) throws -> String {
        try emergency(queue, db) ?? Self.usualEmergency
    }
}
