import Base
import Knowledge
import People
import Storage
import Web

/// What the page of a text says of its use in letters, of those that the viewer may see.
package enum UseOfTexts {
    /// Nil where it was in none.
    package static func sentences(
        of text: ID, in insertions: InsertionStore, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> TextUse? {
        let use = try insertions.use(of: text, visibleTo: viewer, in: db)
        guard use.sent > 0 else { return nil }
        return TextUse(
            sentences: [
                Phrase("suggestion-used-sent", .number(use.sent)), Phrase("suggestion-used-kept", .number(use.kept)),
                Phrase("suggestion-used-answered", .number(use.answered)),
            ], path: SuggestionPaths.report())
    }
}
