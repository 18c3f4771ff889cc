import Base
import Web

/// What triage has learned, how well it does, who is named for which label.
struct TriageRoomPage: Page {
    static let template = "triage/room"

    /// "Learned on 3 May from 812 tickets"; nil while nothing is.
    let learned: Phrase?
    let train: Action
    let rows: [ClassRow]
    let hasRows: Bool
    let danger: [DangerRow]
    let starting: [StartingRow]
    let hasStarting: Bool
    let labels: [LabelPeople]
    let thresholdPath: String
    let peoplePath: String

    var title: Phrase { Phrase("triage-title") }
    var room: String { "safety" }
    var section: String { "triage" }
}

/// A class of the models. POST with `target`, `value` and `threshold`.
struct ClassRow: Sendable {
    let target: String
    let value: String
    let kind: Phrase
    let name: Phrase
    let examples: Phrase
    let suggested: Figures
    /// What it would do by itself; nil when it never does.
    let alone: Figures?
    let thresholds: [Choice]
    let languages: [LanguageFigures]
}

/// Of a hundred: right among what was said, found among what there was.
struct Figures: Sendable {
    let precision: Share
    let recall: Share

    init(_ result: Measure.Result) {
        precision = Share(result.found, of: result.found + result.wrong)
        recall = Share(result.found, of: result.found + result.missed)
    }
}

/// A share with the interval in which the truth lies: few cases say little.
struct Share: Sendable {
    let figure: Phrase
    /// Nil where there was no case.
    let between: Phrase?

    init(_ found: Int, of all: Int) {
        guard all > 0 else {
            (figure, between) = (Phrase("triage-share-none"), nil)
            return
        }
        let interval = WilsonInterval(found, of: all)
        figure = Phrase("triage-share", .number(Int((Double(found) / Double(all) * 100).rounded())))
        between = Phrase(
            "triage-share-between", .number(Int((interval.low * 100).rounded(.down))),
            .number(Int((interval.high * 100).rounded(.up))))
    }
}

struct LanguageFigures: Sendable {
    let language: LanguageSign?
    let examples: Phrase
    let figures: Figures
}

/// How the packs did about danger to life in a language.
struct DangerRow: Sendable {
    let language: LanguageSign?
    let entries: Phrase
    let recall: Phrase
    let mistaken: Phrase
    let open: Phrase
}

/// The shipped model on one label: what it found of what was held out, and what it suggested wrongly.
struct StartingRow: Sendable {
    struct LanguageCount: Sendable {
        let language: LanguageSign?
        let plain: Phrase
        let veiled: Phrase?
        let harmless: Phrase?
    }

    let name: Phrase
    let state: Phrase
    let isOn: Bool
    /// POST without fields: switches it off, or on again.
    let switchPath: String
    let plain: Phrase
    /// Nil where nothing of the kind was tried.
    let veiled: Phrase?
    let harmless: Phrase?
    let mails: Phrase
    let letters: Phrase
    let languages: [LanguageCount]
}

/// Who is named for a label. POST with `label` and `person`.
struct LabelPeople: Sendable {
    let label: String
    let name: Phrase
    let card: LabelCards.Card?
    let people: [Choice]
    let named: String
    let isEmpty: Bool
}
