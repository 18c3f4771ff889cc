import Web

/// Paths of working through tickets: my day, the next one, changes of many, filters, one's own way of working.
package enum WorkPaths {
    package static let home = SitePaths.home
    static let next: PathPattern = "/tickets/next"
    static let completions: PathPattern = "/tickets/completions"
    static let changes: PathPattern = "/changes"
    static let change: PathPattern = "/changes/:id"
    static let undo: PathPattern = "/changes/:id/undo"
    static let filters: PathPattern = "/filters"
    static let filter: PathPattern = "/filters/:id/removal"
    static let filterChange: PathPattern = "/filters/:id"
    static let settings: PathPattern = "/work"
    static let keys: PathPattern = "/keys"

    static let subject: PathPattern = "/tickets/:id/subject"
    static let language: PathPattern = "/tickets/:id/language"
    static let contact: PathPattern = "/tickets/:id/contact"
    static let snooze: PathPattern = "/tickets/:id/snooze"
    static let merging: PathPattern = "/tickets/:id/merging"
    static let split: PathPattern = "/tickets/:id/split"
    static let links: PathPattern = "/tickets/:id/links"
    static let unlinking: PathPattern = "/tickets/:id/links/:link/removal"
    static let unmerging: PathPattern = "/tickets/:id/merges/:merge/undo"
}
