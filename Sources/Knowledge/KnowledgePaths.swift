import Web

/// Paths of texts.
package enum KnowledgePaths {
    package static let list: PathPattern = "/knowledge"
    static let new: PathPattern = "/knowledge/new"
    package static let show: PathPattern = "/knowledge/:id"
    static let edit: PathPattern = "/knowledge/:id/edit"
    static let properties: PathPattern = "/knowledge/:id/properties"
    static let publication: PathPattern = "/knowledge/:id/publication"
    static let withdrawal: PathPattern = "/knowledge/:id/withdrawal"
    static let archiving: PathPattern = "/knowledge/:id/archiving"
    static let looking: PathPattern = "/knowledge/:id/looked-through"
    static let versions: PathPattern = "/knowledge/:id/versions"
    static let version: PathPattern = "/knowledge/:id/versions/:number"
    static let restoration: PathPattern = "/knowledge/:id/versions/:number/restoration"
    /// Per paragraph of a version: is a new translation needed?
    static let needs: PathPattern = "/knowledge/:id/versions/:number/translations"
    package static let translation: PathPattern = "/knowledge/:id/translation"
    static let proposing: PathPattern = "/knowledge/:id/proposing"
    static let proposal: PathPattern = "/knowledge/:id/proposals/:proposal"
    static let acceptance: PathPattern = "/knowledge/:id/proposals/:proposal/acceptance"
    static let refusal: PathPattern = "/knowledge/:id/proposals/:proposal/refusal"
    static let print: PathPattern = "/knowledge/:id/print"
    static let wikitext: PathPattern = "/knowledge/:id/wikitext"
    static let file: PathPattern = "/knowledge/:id/file"
}
