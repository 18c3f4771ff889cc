/// What a text is for.
package enum TextKind: String, Sendable, CaseIterable {
    /// Words to begin an answer with.
    case template
    /// A question often asked, and its answer.
    case article
    case talkingPoints = "talking-points"
    /// What somebody needs to know before they speak, in general or for one occasion.
    case briefing
    case pressKit = "press-kit"
    /// A number with its source and the day it expires.
    case keyFigure = "key-figure"
    case playbook
    case lesson
    /// A picture, logo or document.
    case file
}
