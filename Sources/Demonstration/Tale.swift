import Base
import Correspondence

/// Somebody who writes to the desk.
struct Correspondent: Sendable, Equatable {
    var name: String
    var address: String
}

/// One matter as it will happen: steps with their moments, in order.
struct Tale: Sendable {
    /// What a person sends.
    struct Words: Sendable {
        var subject: String
        var text: String
        var language: String
        /// `picture` or `text`.
        var file: String?
        /// Answers what the desk wrote last, if it wrote.
        var isReply = false
    }

    enum Act: Sendable {
        case mail(Words)
        case autoReply(Words)
        case bounce
        case take
        case answer(String)
        case draft(String)
        case note(String)
        case tags([String])
        case priority(Int)
        case state(TicketState)
        case move(String)
        /// Set by a member; ended by one.
        case label(SpecialistLabel)
        case unlabel(SpecialistLabel, Labelling.End)
        /// The ticket of the last mail joins the first one.
        case join
    }

    struct Step: Sendable {
        var at: Milliseconds
        /// The member who does it; empty for the person's own.
        var agent: String
        var act: Act
    }

    var queue: String
    var person: Correspondent
    var steps: [Step] = []

    mutating func add(_ act: Act, at: Milliseconds, by agent: String = "") {
        steps.append(Step(at: at, agent: agent, act: act))
    }
}
