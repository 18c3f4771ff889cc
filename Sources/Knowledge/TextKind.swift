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
    /// A picture, logo or document; its words are the text alternative.
    case file

    /// What a text of this kind has beside title and words, in the order it is shown.
    package var fields: [TextField] {
        switch self {
        case .keyFigure: [.value, .source, .asOf, .expires]
        case .briefing: [.who, .outlet, .occasionDate, .asOf]
        case .file: [.author, .licence]
        case .pressKit, .talkingPoints: [.asOf]
        case .template, .article, .playbook, .lesson: []
        }
    }
}

/// One of the things a text has beside its words.
package enum TextField: String, Sendable, CaseIterable {
    /// Of a key figure, as it is to be written: `6.9 million`.
    case value
    case source
    /// The day it was true, `2026-11-21`.
    case asOf = "as-of"
    /// The last day it may be used.
    case expires
    /// Whom a briefing prepares somebody to meet.
    case who
    case outlet
    case occasionDate = "occasion-date"
    case author
    case licence

    package var isDay: Bool { self == .asOf || self == .expires || self == .occasionDate }
}
