import Web

/// Paths of rules, macros, checklists and of how tickets are given out.
package enum RulePaths {
    package static let list: PathPattern = "/rules"
    static let new: PathPattern = "/rules/new"
    static let rule: PathPattern = "/rules/:id"
    static let switching: PathPattern = "/rules/:id/switching"
    static let moving: PathPattern = "/rules/:id/moving"
    static let removal: PathPattern = "/rules/:id/removal"
    static let returning: PathPattern = "/rules/:id/return"
    static let restoring: PathPattern = "/rules/:id/versions/:version/restoring"
    static let application: PathPattern = "/rules/:id/application"
    static let undoing: PathPattern = "/tickets/:id/rule-effects/:effect/undo"
    static let notDuplicate: PathPattern = "/tickets/:id/not-duplicate/:other"
}

package enum MacroPaths {
    package static let list: PathPattern = "/macros"
    static let new: PathPattern = "/macros/new"
    static let macro: PathPattern = "/macros/:id"
    static let removal: PathPattern = "/macros/:id/removal"
    static let returning: PathPattern = "/macros/:id/return"
    static let using: PathPattern = "/tickets/:id/macro"
}

package enum ChecklistPaths {
    package static let list: PathPattern = "/checklists"
    static let new: PathPattern = "/checklists/new"
    static let checklist: PathPattern = "/checklists/:id"
    static let removal: PathPattern = "/checklists/:id/removal"
    static let returning: PathPattern = "/checklists/:id/return"
    static let putting: PathPattern = "/tickets/:id/checklists"
    static let takingOff: PathPattern = "/tickets/:id/checklists/:list/removal"
    static let ticking: PathPattern = "/tickets/:id/checklists/:list/items/:item"
}

package enum AssignmentPaths {
    package static let list: PathPattern = "/assignment"
    static let queue: PathPattern = "/queues/:id/assignment"
    static let own: PathPattern = "/assignment/own"
    static let accepting: PathPattern = "/tickets/:id/accepting"
    static let declining: PathPattern = "/tickets/:id/declining"
}
