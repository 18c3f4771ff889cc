import Base
import Storage
import Text

/// What the check says of a draft to one member, read in one snapshot.
package struct DraftCheckView: Sendable {
    package let findings: [Finding]
    /// Fingerprints of findings with a reason.
    package let excused: Set<String>
    package let reasons: [CheckStore.Reason]
    package let hidden: Set<Finding.Kind>
    package let readability: Readability
    package let usual: ReadabilityStore.Usual?

    static func read(
        _ draft: Draft, ticket: Ticket, _ desk: Desk, _ viewer: Viewer, in db: any Connection
    ) throws -> DraftCheckView {
        let checks = desk.answering.checks
        let checked = DraftChecks.checked(draft, ticket)
        let readability = Readability(checked.prose, language: checked.language)
        let hidden = try checks.store.hidden(of: viewer.memberID, in: db)
        return DraftCheckView(
            findings: try checks.findings(of: draft, ticket: ticket, at: desk.clock.now(), in: db).filter {
                !hidden.contains($0.kind)
            },
            excused: try checks.store.excused(draft: draft.id, in: db),
            reasons: try checks.store.reasons(draft: draft.id, in: db), hidden: hidden, readability: readability,
            usual: try readability.main.flatMap { main in
                try ReadabilityStore.usual(language: checked.language, measure: main.name, in: db)
            })
    }

    /// What holds the draft back and has no reason.
    package var held: [Finding] { findings.filter { $0.isBlocking && !excused.contains($0.fingerprint) } }
}
