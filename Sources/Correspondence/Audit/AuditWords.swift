import Base
import Storage
import Web

/// Says events in words, with the names that their ids have now.
struct AuditWords: Sendable {
    var members: [ID: String]
    var queues: [ID: String]
    var teams: [ID: String]
    /// Ticket id → number, of those the viewer may see.
    var numbers: [ID: String]
    var connections: [ID: String]
    let signs: Signs
    let rights: @Sendable (Set<Right>) -> String
    /// True for a key that has a message.
    let isKnown: @Sendable (String) -> Bool

    func row(_ stored: StoredEvent) -> AuditRow {
        let event = stored.event
        return AuditRow(
            number: Int(stored.seq ?? 0), moment: signs.moment(stored.at), who: event.actor.map { members[$0] ?? "…" },
            what: what(event),
            ticket: event.ticket.flatMap { id in
                numbers[id].map { Link(.verbatim("#" + $0), TicketPaths.show(id)) }
            }, queue: event.queue.flatMap { queues[$0] })
    }

    /// A kind as one chooses it: its words without what they are about.
    func kind(_ kind: String) -> Phrase {
        let key = "event-\(kind)"
        return isKnown(key) ? Phrase(key, .text("…"), .text("…")) : .verbatim(kind)
    }

    private func what(_ event: Event) -> Phrase {
        let key = "event-\(event.kind)"
        guard isKnown(key) else { return .verbatim(event.kind) }
        let subject = event.subject
        switch event.kind {
        case "state-changed":
            return Phrase(key, .phrase(signs.state(TicketState(rawValue: event.data["to"] ?? "") ?? .open).label))
        case "owner-changed":
            return Phrase(key, subject.map { .text(members[$0] ?? "…") } ?? .phrase(Phrase("ticket-list-nobody")))
        case "queue-changed", "queue-mode-changed": return Phrase(key, .text(event.queue.flatMap { queues[$0] } ?? "…"))
        case "priority-changed":
            let index = min(3, max(0, (event.data["to"].flatMap { Int($0) } ?? 2) - 1))
            return Phrase(key, .phrase(Phrase("ticket-priority-\(Signs.priorities[index])")))
        case "ticket-merged": return Phrase(key, .text(subject.flatMap { numbers[$0] } ?? "…"))
        case "confidential-read":
            let opened = Opened(rawValue: event.data["what"] ?? "")
            return Phrase(key, opened.map { .phrase(Phrase("opened-\($0.rawValue)")) } ?? .text("…"))
        case "rights-changed", "team-rights-changed":
            let given = Set(
                (event.data["rights"] ?? "").split(separator: ",").compactMap { Right(rawValue: String($0)) })
            let who = event.kind == "rights-changed" ? subject.flatMap { members[$0] } : subject.flatMap { teams[$0] }
            return Phrase(key, .text(who ?? "…"), given.isEmpty ? .phrase(Phrase("right-none")) : .text(rights(given)))
        case "team-joined", "team-left", "team-lead-made", "team-lead-unmade":
            let team = event.data["team"].flatMap { ID($0) }.flatMap { teams[$0] } ?? "…"
            return Phrase(key, .text(subject.flatMap { members[$0] } ?? "…"), .text(team))
        case "queue-acknowledgement-changed":
            return Phrase(key, .text(signs.language(event.data["language"])?.name ?? "…"))
        default:
            let name = subject.flatMap { members[$0] ?? teams[$0] ?? connections[$0] }
            return Phrase(key, .text(name ?? "…"))
        }
    }
}
