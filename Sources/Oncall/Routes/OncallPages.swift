import Web

/// Rotas: who is on duty now, and pages that wait for somebody.
struct RotaListPage: Page {
    static let template = "oncall/list"

    let calls: [CallCard]
    let rotas: [RotaCard]
    let newPath: String?
    let isEmpty: Bool

    var title: Phrase { Phrase("oncall-room") }
    var room: String { "oncall" }
}

struct RotaCard: Sendable {
    let name: String
    let path: String
    let duty: DutyLine
    let gaps: Phrase?
}

/// "Ana until Monday 08:00", or nobody; then who comes next.
struct DutyLine: Sendable {
    let people: [DutyPerson]
    let next: Phrase?
    /// Nobody can be called now: the outside address is.
    let isGap: Bool
}

struct DutyPerson: Sendable {
    let name: String
    let until: Phrase
}

/// A page about tickets, at the head of a ticket and of the room. POST without fields to `hold`.
package struct CallCard: Sendable {
    let isOpen: Bool
    /// What it is about, and what to do.
    let warning: Phrase
    let advice: Phrase
    /// Who is being called, or who has it.
    let state: Phrase
    let moment: Moment
    let path: String
    let hold: Action?
    let giveBack: Action?

    package init(
        isOpen: Bool, warning: Phrase, advice: Phrase, state: Phrase, moment: Moment, path: String, hold: Action?,
        giveBack: Action?
    ) {
        self.isOpen = isOpen
        self.warning = warning
        self.advice = advice
        self.state = state
        self.moment = moment
        self.path = path
        self.hold = hold
        self.giveBack = giveBack
    }
}

/// One rota with its coming weeks.
struct RotaPage: Page {
    static let template = "oncall/rota"

    let name: String
    let zone: String
    let listPath: String
    let problem: Phrase?
    let duty: DutyLine
    /// For its people only.
    let outside: String?
    let calls: [CallCard]
    let gaps: [GapLine]
    let choice: ChoiceForm?
    let asked: [SwapLine]
    let turns: [TurnLine]
    let keeping: KeepingBox?
    let pages: [PageLine]

    var title: Phrase { .verbatim(name) }
    var room: String { "oncall" }
}

struct GapLine: Sendable {
    let text: String
}

/// What a member says of themselves. POST `in`, `reserve`, `address`.
struct ChoiceForm: Sendable {
    let path: String
    let isIn: Bool
    let isReserve: Bool
    let address: String
    let email: String
}

/// A swap that waits for an answer. POST `state` = agreed, declined or withdrawn.
struct SwapLine: Sendable {
    let text: Phrase
    let back: Phrase?
    let path: String
    /// The viewer asked; else was asked.
    let isMine: Bool
}

struct TurnLine: Sendable {
    let day: String
    let span: String
    let name: String
    let isNow: Bool
    let isSecond: Bool
    /// Has not said that they may be called.
    let isSilent: Bool
    /// For the viewer's own coming turns.
    let swap: SwapForm?
}

/// POST `from`, `until`, `member`, and `back` as `from-until` of a turn in return.
struct SwapForm: Sendable {
    let path: String
    let from: String
    let until: String
    let members: [Choice]
    let backs: [Choice]
}

/// What keepers do.
struct KeepingBox: Sendable {
    let settingsPath: String
    let seatPath: String
    let shiftPath: String
    let trialPath: String
    let seats: [SeatLine]
    let candidates: [Choice]
    let shifts: [ShiftLine]
    let members: [Choice]
    let today: String
}

struct SeatLine: Sendable {
    let name: String
    let isIn: Bool
    let isReserve: Bool
    let remove: Action
}

struct ShiftLine: Sendable {
    let name: String
    let text: Phrase
    let repeats: Phrase?
    let isSecond: Bool
    let remove: Action
}

struct PageLine: Sendable {
    let path: String
    let reason: Phrase
    let state: Phrase
    let isOpen: Bool
    let moment: Moment
}

/// A rota's settings, or a new one. POST `name`, `zone`, `keeper`, `outside`, `language`, `repeat`, `next`, `after`,
/// `join`, `usual`, `queue`….
struct RotaFormPage: Page {
    static let template = "oncall/rota-form"

    let heading: Phrase
    let path: String
    let backPath: String
    let problem: Phrase?
    let name: String
    let zones: [Choice]
    let keepers: [Choice]
    let outside: String
    let languages: [Choice]
    let repeatMinutes: Int
    let nextMinutes: Int
    let outsideMinutes: Int
    let joinMinutes: Int
    let isUsual: Bool
    let queues: [Choice]

    var title: Phrase { heading }
    var room: String { "oncall" }
}

/// One page with its record.
struct PagedPage: Page {
    static let template = "oncall/page"

    let number: String
    let rota: Link
    let call: CallCard
    let tickets: [Link]
    let steps: [StepOfPage]

    var title: Phrase { Phrase("oncall-page-title", .text(number)) }
    var room: String { "oncall" }
}

struct StepOfPage: Sendable {
    let text: Phrase
    let mail: Phrase?
    let moment: Moment
}

/// Behind the link of a mail: for whoever has it, signed in or not. Numbers only. POST without fields.
struct AnswerLinkPage: Page {
    static let template = "oncall/answer"

    let number: String
    let text: Phrase
    let hold: Action?
    let ticketPath: String?

    var title: Phrase { Phrase("oncall-page-title", .text(number)) }
}
