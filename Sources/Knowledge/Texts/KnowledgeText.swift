import Base
import Foundation

/// Who may read a text.
package enum TextAudience: String, Sendable, CaseIterable {
    /// Everybody once it is published; every member before.
    case `public`
    /// Every member, or where places are named, only theirs.
    case team
    /// Only its owner and the places named; not even administrators. Each reading is recorded.
    case confidential
}

/// How far a text is.
package enum TextState: String, Sendable, CaseIterable {
    case draft, published
    /// Kept for the record, offered to nobody.
    case archived
}

/// A text as it is now, in the language it is written in. Its words are paragraphs (`TranslationStore`).
package struct KnowledgeText: Sendable, Equatable {
    package var id: ID
    /// A name for addresses and files: `thanks-for-a-photo`.
    package var slug: String
    package var kind: TextKind
    package var title: String
    /// BCP 47, of the source.
    package var language: String
    package var owner: ID
    package var audience: TextAudience
    package var topic: String
    package var state: TextState
    /// Published, but not before this moment.
    package var publishAt: Milliseconds?
    package var embargoUntil: Milliseconds?
    package var reviewAt: Milliseconds?
    /// Of a key figure: from this moment on it is stale.
    package var expiresAt: Milliseconds?
    package var fields: [String: String]
    /// The bytes of a file.
    package var raw: ID?
    /// The number of the newest version.
    package var version: Int
    /// How many paragraphs there are to translate, the title included.
    package var paragraphs: Int
    package var createdAt: Milliseconds
    package var updatedAt: Milliseconds

    package func field(_ field: TextField) -> String { fields[field.rawValue] ?? "" }

    /// What stands in the way of showing it to the public; nil when nothing does.
    package enum Hindrance: String, Sendable { case draft, archived, scheduled, embargo, expired }

    package func hindrance(at now: Milliseconds) -> Hindrance? {
        switch state {
        case .draft: return .draft
        case .archived: return .archived
        case .published: break
        }
        if let embargoUntil, embargoUntil > now { return .embargo }
        if let publishAt, publishAt > now { return .scheduled }
        if let expiresAt, expiresAt <= now { return .expired }
        return nil
    }

    /// Whether its words may leave the house now: published, no embargo, not expired.
    package func isUsable(at now: Milliseconds) -> Bool { hindrance(at: now) == nil }

    package func isOverdue(at now: Milliseconds) -> Bool { reviewAt.map { $0 <= now } ?? false }
}

/// What a writer saves; each saving is a version.
package struct TextContent: Sendable, Equatable {
    package var title: String
    /// Markdown with placeholders.
    package var body: String
    package var fields: [String: String]
    /// Why, for the list of versions.
    package var note: String
    /// Bytes of a file, stored already; nil keeps what there is.
    package var raw: ID?

    package init(title: String, body: String, fields: [String: String] = [:], note: String = "", raw: ID? = nil) {
        self.title = title
        self.body = body
        self.fields = fields
        self.note = note
        self.raw = raw
    }
}

/// What is said about a text; a change of it is no version.
package struct TextProperties: Sendable, Equatable {
    package var audience: TextAudience
    /// Where a text for a team or a confidential one is for some only: ids of teams, of queues.
    package var teams: [ID]
    package var queues: [ID]
    package var owner: ID
    package var topic: String
    package var tags: [String]
    package var reviewAt: Milliseconds?
    package var embargoUntil: Milliseconds?

    package init(
        audience: TextAudience, teams: [ID] = [], queues: [ID] = [], owner: ID, topic: String = "", tags: [String] = [],
        reviewAt: Milliseconds? = nil, embargoUntil: Milliseconds? = nil
    ) {
        self.audience = audience
        self.teams = teams
        self.queues = queues
        self.owner = owner
        self.topic = topic
        self.tags = tags
        self.reviewAt = reviewAt
        self.embargoUntil = embargoUntil
    }
}

/// One saving of a text.
package struct TextVersion: Sendable, Equatable {
    package var text: ID
    package var number: Int
    package var title: String
    package var body: String
    package var fields: [String: String]
    /// Of the title and the paragraphs, in their order.
    package var paragraphs: [ID]
    package var raw: ID?
    package var author: ID
    /// Whose proposal it was.
    package var credit: ID?
    package var note: String
    package var at: Milliseconds
}

/// Fields as one JSON object with sorted keys.
enum FieldText {
    static func encode(_ fields: [String: String]) -> String {
        JSONText.object(
            fields.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { ($0.key, JSONText.quote($0.value)) })
    }

    static func decode(_ text: String) -> [String: String] {
        (try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))) ?? [:]
    }
}
