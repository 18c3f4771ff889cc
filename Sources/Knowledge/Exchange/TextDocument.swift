import Base

/// A text with all its languages, free of any database: what is exported and imported.
package struct TextDocument: Sendable, Equatable {
    package struct Part: Sendable, Equatable {
        /// 0 is the title.
        package var position: Int
        package var words: String
        package var state: TranslationState
        /// The source it was made from, where that is not what the source says now.
        package var source: String?
        /// Addresses of members; empty where unknown.
        package var author: String
        package var reviewer: String
    }

    package struct File: Sendable, Equatable {
        package var name: String
        package var contentType: String
        package var bytes: [UInt8]
    }

    package var slug: String
    package var kind: TextKind
    package var title: String
    package var language: String
    package var body: String
    package var fields: [String: String]
    package var audience: TextAudience
    package var teams: [String]
    package var queues: [String]
    /// Address of a member; empty where it is not said.
    package var owner: String
    package var topic: String
    package var tags: [String]
    package var state: TextState
    package var publishAt: Milliseconds?
    package var embargoUntil: Milliseconds?
    package var reviewAt: Milliseconds?
    package var file: File?
    package var translations: [String: [Part]]
}
