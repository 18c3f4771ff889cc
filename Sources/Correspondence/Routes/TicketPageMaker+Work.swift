import Base
import Foundation
import Hummingbird
import Storage
import Text
import Web

/// What a ticket's page shows besides thread and answer; read in the same snapshot.
struct TicketWorkView: Sendable {
    var links: [TicketLink]
    var merges: [(id: ID, source: ID, number: String)]
    /// With those of the tickets that were merged into this one, in order of time.
    var history: [StoredEvent]
    /// Numbers of tickets the history speaks of.
    var numbers: [ID: String]
    var queueNames: [ID: String]
    var contacts: [ID: String]
    /// Addresses of the ticket's person.
    var addresses: [String]
    var mark: ReadMarkStore.Mark?
    var tags: [String]
    var notices: [Frame.Notice]
    var aids: TicketAidsView?

    private static let historyLimit = 400

    static func read(
        _ view: TicketView, _ request: Request, _ desk: Desk, _ viewer: Viewer, in db: any Connection
    ) throws -> TicketWorkView {
        let id = view.ticket.id
        let sources = try db.rows("SELECT id FROM ticket WHERE merged_into = \(id) ORDER BY id LIMIT 50").map {
            try $0.int("id")
        }
        var history = view.history
        for source in sources {
            history += try EventReading().history(
                of: source, visibleTo: viewer, limit: Self.historyLimit, in: db)
        }
        if !sources.isEmpty { history.sort { $0.id < $1.id } }
        let others = Set(
            history.filter { ["ticket-merged", "ticket-split", "merge-undone"].contains($0.event.kind) }
                .compactMap(\.event.subject))
        var numbers: [ID: String] = [:]
        if !others.isEmpty {
            for row in try db.rows("SELECT id, number FROM ticket WHERE id IN \(list: others.sorted())") {
                numbers[try row.int("id")] = try row.text("number")
            }
        }
        var contacts: [ID: String] = [:]
        for event in history.map(\.event) where event.kind == "contact-changed" {
            if let contact = event.subject { contacts[contact] = try desk.stores.contacts.find(contact, in: db)?.name }
        }
        return TicketWorkView(
            links: try desk.links.links(of: id, visibleTo: viewer, in: db),
            merges: try MergeStore(ids: desk.ids).open(into: id, in: db), history: history, numbers: numbers,
            queueNames: Dictionary(
                uniqueKeysWithValues: view.targets.map { ($0.id, $0.name) }), contacts: contacts,
            addresses: try view.ticket.contact.map { try desk.stores.contacts.addresses(of: $0, in: db).map(\.address) }
                ?? [],
            mark: try desk.marks.find(id, member: viewer.memberID, in: db),
            tags: try desk.search.tags(begun: "", visibleTo: viewer, limit: 100, in: db),
            notices: try ChangeSign.notices(request, desk, viewer, in: db)
                + StandingElsewhere.notices(request, desk, viewer, in: db),
            aids: try TicketAidsView.read(view.ticket, desk, viewer, in: db))
    }
}

extension TicketPageMaker {
    /// Came after the viewer looked last.
    func isUnread(_ message: Message) -> Bool {
        guard let mark = work?.mark else { return false }
        return message.id > mark.message && message.author != viewer.memberID
    }

    var languageForm: ChoiceForm {
        let none = Choice("", Phrase("ticket-language-unknown"), isSelected: ticket.language == nil)
        return ChoiceForm(
            path: WorkPaths.language(ticket.id),
            choices: [none]
                + Languages.choices(in: signs.language, selected: ticket.language.map { [$0] } ?? []),
            problem: nil)
    }

    /// The person's address: the one they wrote with here first, if they did.
    var personAddress: String? {
        let wrote = view.messages.filter { $0.direction == .incoming }.map { EmailAddress.folded($0.fromAddress) }
        guard view.contact != nil else { return nil }
        guard let own = work?.addresses, !own.isEmpty else { return wrote.first }
        return wrote.first { own.contains($0) } ?? own.first
    }

    var workBox: TicketWork? {
        guard let work, viewer.may(.note, queue: ticket.queue) else { return nil }
        return TicketWork(
            ticketID: String(ticket.id), next: Action(WorkPaths.next()),
            snooze: SnoozeForm(
                path: WorkPaths.snooze(ticket.id),
                choices: Snoozing.choices.map { Choice($0.0, Phrase("snooze-\($0.0)")) },
                until: ticket.snoozedUntil.map { Phrase("ticket-snoozed", .text(signs.day($0))) }),
            subject: ValueForm(path: WorkPaths.subject(ticket.id), value: ticket.subject),
            contact: ValueForm(path: WorkPaths.contact(ticket.id), value: personAddress ?? ""),
            merging: ValueForm(path: WorkPaths.merging(ticket.id), value: ""),
            splitPath: view.messages.count > 1 ? WorkPaths.split(ticket.id) : nil,
            junk: ticket.state == .junk ? nil : Action(TicketPaths.state(ticket.id)),
            links: work.links.map(linkLine),
            linkForm: LinkForm(
                path: WorkPaths.links(ticket.id),
                kinds: [TicketLink.Kind.related, .cause, .effect].map {
                    Choice($0.rawValue, Phrase("link-\($0.rawValue)"), isSelected: $0 == .related)
                }),
            merges: work.merges.map {
                MergeLine(number: $0.number, undo: Action(WorkPaths.unmerging(ticket.id, $0.id)))
            })
    }

    private func linkLine(_ link: TicketLink) -> LinkLine {
        let remove = Action(WorkPaths.unlinking(ticket.id, link.id))
        guard let other = link.other else {
            return LinkLine(
                label: Phrase("link-address"), name: link.name.isEmpty ? link.url : link.name, number: nil,
                path: link.url, state: nil, isOutside: true, remove: remove)
        }
        return LinkLine(
            label: Phrase("link-\(link.kind.rawValue)"), name: other.subject, number: other.number,
            path: TicketPaths.show(other.id), state: signs.state(other.state), isOutside: false, remove: remove)
    }

    // MARK: - History

    func line(_ stored: StoredEvent) -> HistoryLine {
        HistoryLine(
            what: phrase(stored.event), who: view.members.first { $0.id == stored.event.actor }?.name,
            moment: signs.moment(stored.at))
    }

    private func phrase(_ event: Event) -> Phrase {
        let key = "event-\(event.kind)"
        switch event.kind {
        case "state-changed": return statePhrase(event)
        case "owner-changed":
            let owner = view.members.first { $0.id == event.subject }?.name
            return Phrase(key, owner.map { .text($0) } ?? .phrase(Phrase("ticket-list-nobody")))
        case "queue-changed":
            // A queue the reader may not see keeps its name.
            let name = event.queue.flatMap { work?.queueNames[$0] ?? (view.queue.id == $0 ? view.queue.name : nil) }
            return Phrase(key, .text(name ?? "…"))
        case "priority-changed":
            let index = (event.data["to"].flatMap { Int($0) } ?? 2) - 1
            return Phrase(key, .phrase(Phrase("ticket-priority-\(Signs.priorities[min(3, max(0, index))])")))
        case "language-changed":
            let code = event.data["to"] ?? ""
            return Phrase(
                key,
                code.isEmpty
                    ? .phrase(Phrase("ticket-language-unknown")) : .text(signs.language(code)?.name ?? code))
        case "ticket-merged", "ticket-split", "merge-undone":
            let number = event.subject.flatMap { work?.numbers[$0] } ?? ticket.number
            return Phrase(event.kind == "ticket-merged" ? "event-ticket-merged" : key, .text(number))
        case "contact-changed":
            let name = event.subject.flatMap { work?.contacts[$0] } ?? ""
            return Phrase(key, name.isEmpty ? .phrase(Phrase("ticket-list-nobody")) : .text(name))
        case "participant-added": return Phrase(key, .text("…"))
        default: return Phrase(key)
        }
    }

    private func statePhrase(_ event: Event) -> Phrase {
        let state = event.data["to"] ?? "open"
        if let until = event.data["until"].flatMap({ Int64($0) }) {
            return Phrase("event-snoozed", .text(signs.day(until)))
        }
        if let outcome = event.data["outcome"] {
            return Phrase("event-closed", .phrase(Phrase("ticket-outcome-\(outcome)")))
        }
        return Phrase("event-state-changed", .phrase(Phrase("ticket-state-\(state)")))
    }
}

extension Signs {
    /// States as forms offer them: closed once plainly and once for each outcome.
    static func stateChoices(of ticket: Ticket?) -> [Choice] {
        TicketState.allCases.flatMap { state -> [Choice] in
            let isNow = ticket?.state == state
            let plain = Choice(
                state.rawValue, Phrase("ticket-state-\(state.rawValue)"), isSelected: isNow && ticket?.outcome == nil)
            guard state == .closed else { return [plain] }
            return [plain]
                + Outcome.allCases.map { outcome in
                    Choice(
                        "closed:\(outcome.rawValue)", Phrase("ticket-closed-\(outcome.rawValue)"),
                        isSelected: isNow && ticket?.outcome == outcome)
                }
        }
    }
}
