import Web

/// Paths of incidents and causes.
package enum IncidentPaths {
    package static let list: PathPattern = "/incidents"
    package static let causes: PathPattern = "/incidents/causes"
    static let new: PathPattern = "/incidents/new"
    package static let show: PathPattern = "/incidents/:id"
    static let state: PathPattern = "/incidents/:id/state"
    static let tickets: PathPattern = "/incidents/:id/tickets"
    static let item: PathPattern = "/incidents/:id/items/:item"
    static let proposed: PathPattern = "/incidents/:id/proposed"
    static let links: PathPattern = "/incidents/:id/links"
    static let split: PathPattern = "/incidents/:id/split"
    static let cause: PathPattern = "/incidents/:id/cause"
    static let lines: PathPattern = "/incidents/:id/lines"
    static let approval: PathPattern = "/incidents/:id/lines/:line/approval"
    /// Where each version was said.
    static let uses: PathPattern = "/incidents/:id/uses"
    static let answers: PathPattern = "/incidents/:id/answers"
    static let answer: PathPattern = "/group-answers/:id"
    static let answerUndo: PathPattern = "/group-answers/:id/undo"
    /// From a ticket's page.
    static let joining: PathPattern = "/tickets/:id/incidents"
    static let insert: PathPattern = "/tickets/:id/draft/lines"
}
