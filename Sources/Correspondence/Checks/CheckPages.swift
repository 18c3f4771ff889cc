import Base
import Text
import Web

/// What the check noticed, beside the composer and its preview. The buttons belong to the form around it: `because`
/// goes with sending, `hide` and `show` with `hintsPath`.
struct CheckBox: Sendable {
    let findings: [FindingLine]
    /// Whether something holds the letter back, so that a reason is asked for.
    let isHeld: Bool
    let because: String
    /// "Reads at 54 of 100 (Flesch)…".
    let readability: Phrase?
    let usual: Phrase?
    /// Kinds that can be hidden, and those that are.
    let hide: [Choice]
    let show: [Choice]
    /// Reasons given earlier.
    let reasons: [String]
    var hintsPath: String?
    /// Shown with a title of its own.
    var title: Phrase { Phrase(isHeld ? "check-title-held" : "check-title") }
}

struct FindingLine: Sendable {
    let text: Phrase
    let why: Phrase
    let kind: String
    let isHolding: Bool
    let isExcused: Bool
}

/// Makes the box; nil when there is nothing to say.
struct CheckBoxMaker: Sendable {
    let view: DraftCheckView
    var because = ""

    /// `hintsPath` is nil where hints cannot be hidden.
    func box(hintsPath: String?) -> CheckBox? {
        let readability = readability
        guard !view.findings.isEmpty || readability != nil || (!view.hidden.isEmpty && hintsPath != nil) else {
            return nil
        }
        let kinds = Set(view.findings.map(\.kind)).union(readability == nil ? [] : [.readability])
        var box = CheckBox(
            findings: view.findings.map(line), isHeld: !view.held.isEmpty, because: because, readability: readability,
            usual: readability == nil ? nil : usual,
            hide: kinds.filter(\.mayHide).map(\.rawValue).sorted().map { choice($0, "hide") },
            show: view.hidden.map(\.rawValue).sorted().map { choice($0, "show") },
            reasons: Array(Set(view.reasons.map(\.reason))).sorted())
        box.hintsPath = hintsPath
        return box
    }

    private func choice(_ kind: String, _ verb: String) -> Choice {
        Choice(kind, Phrase("check-\(verb)-\(kind)"), isSelected: false)
    }

    private func line(_ finding: Finding) -> FindingLine {
        let isExcused = view.excused.contains(finding.fingerprint)
        return FindingLine(
            text: Phrase(
                "check-\(finding.kind.rawValue)-\(finding.rule)", .text(finding.passage), .text(finding.other)),
            why: Phrase("check-why-\(finding.kind.rawValue)"), kind: finding.kind.rawValue,
            isHolding: finding.isBlocking && !isExcused, isExcused: finding.isBlocking && isExcused)
    }

    // MARK: - Readability

    private var readability: Phrase? {
        guard !view.hidden.contains(.readability), view.readability.counts.words >= ReadabilityStore.fewestWords,
            let main = view.readability.main
        else { return nil }
        return Phrase("check-measure-\(main.name)", .text(Self.number(main.value)))
    }

    /// Against the team's own earlier answers in that language, never across languages.
    private var usual: Phrase? {
        guard let usual = view.usual, let main = view.readability.main else { return Phrase("check-usual-none") }
        let place = main.value < usual.low ? "below" : main.value > usual.high ? "above" : "within"
        return Phrase(
            "check-usual-\(place)", .text(Self.number(usual.low)), .text(Self.number(usual.high)),
            .number(usual.count))
    }

    private static func number(_ value: Double) -> String { String(Int(value.rounded())) }
}
