import Web

/// Paths of labels and suggestions of a ticket, and of what triage knows.
package enum TriagePaths {
    static let labels: PathPattern = "/tickets/:id/labels"
    static let labelEnd: PathPattern = "/tickets/:id/labels/end"
    static let suggestion: PathPattern = "/tickets/:id/suggestions/:suggestion"
    package static let room: PathPattern = "/triage"
    static let training: PathPattern = "/triage/training"
    static let threshold: PathPattern = "/triage/thresholds"
    static let people: PathPattern = "/triage/people"
    static let startingOn: PathPattern = "/triage/starting/on"
    static let startingOff: PathPattern = "/triage/starting/off"

    /// The shipped model speaks for a label again, or no more.
    static func on(_ label: SpecialistLabel) -> String { startingOn(query: [("label", label.rawValue)]) }
    static func off(_ label: SpecialistLabel) -> String { startingOff(query: [("label", label.rawValue)]) }
}
