import Base
import People
import Storage
import Text
import Web

/// What an incident's page is made from; read in one snapshot.
struct IncidentView: Sendable {
    var incident: Incident
    var subject: String
    var tickets: [IncidentStore.Entry]
    var hidden: Int
    var links: [IncidentItem]
    var lines: [IncidentLine]
    var answers: [GroupAnswer]
    var answered: (tickets: Set<ID>, contacts: Set<ID>)
    var plan: GroupPlan
    var members: [Member]
    var cause: Incident?

    static func read(_ id: ID, _ grouping: GroupAnswering, _ viewer: Viewer, in db: any Connection) throws -> Self {
        let store = grouping.incidents
        let incident = try store.require(id, visibleTo: viewer, in: db)
        let found = try store.tickets(of: id, visibleTo: viewer, in: db)
        return IncidentView(
            incident: incident, subject: try store.subject(of: incident, visibleTo: viewer, in: db),
            tickets: found.entries, hidden: found.hidden, links: try store.links(of: id, in: db),
            lines: try store.lines(of: id, withOld: true, in: db), answers: try grouping.answers.all(of: id, in: db),
            answered: try grouping.answers.answered(in: id, db),
            plan: try GroupPlan.make(
                incident, everybody: false, grouping, by: viewer, at: grouping.answering.clock.now(), in: db),
            members: try grouping.answering.members.all(in: db),
            cause: incident.cause.flatMap { try? store.require($0, visibleTo: viewer, in: db) })
    }
}

/// Makes the page of an incident from what was read.
struct IncidentMaker: Sendable {
    let view: IncidentView
    let viewer: Viewer
    let signs: Signs
    var problem: Phrase?
    /// What was entered for a line, where the form comes back.
    var entered: Form?

    private var incident: Incident { view.incident }
    private var mayWork: Bool { viewer.may(.note, queue: incident.queue) }
    private var newest: [IncidentLine] {
        var seen: Set<String> = []
        return view.lines.filter { seen.insert($0.language).inserted }
    }

    static func name(_ incident: Incident, subject: String) -> Phrase {
        if !incident.name.isEmpty { return .verbatim(incident.name) }
        return subject.isEmpty ? Phrase("incident-unnamed") : Phrase("incident-unnamed-about", .text(subject))
    }

    static func state(_ incident: Incident) -> Phrase {
        incident.kind == .cause
            ? Phrase("cause-state-\(incident.state.rawValue)") : Phrase("incident-state-\(incident.state.rawValue)")
    }

    func page() -> IncidentPage {
        let joined = view.tickets.filter { $0.item.state == .joined }
        return IncidentPage(
            heading: Self.name(incident, subject: view.subject), isCause: incident.kind == .cause,
            state: Self.state(incident), isProposed: incident.state == .proposed, owner: member(incident.owner),
            counts: counts(joined), told: told,
            cause: view.cause.map { Link(Self.name($0, subject: ""), IncidentPaths.show($0.id)) },
            makeCause: mayWork && incident.kind == .incident && incident.cause == nil && !incident.name.isEmpty
                ? Action(IncidentPaths.cause(incident.id)) : nil,
            settings: mayWork ? settings : nil, states: mayWork ? states : [],
            statePath: IncidentPaths.state(incident.id), lines: newest.map(card),
            lineForm: viewer.may(.draft, queue: incident.queue) ? lineForm : nil, sending: sending,
            answers: view.answers.map { answer in
                Link(
                    Phrase("incident-answer-of", .text(signs.moment(answer.madeAt).exact)),
                    IncidentPaths.answer(answer.id))
            }, hasAnswers: !view.answers.isEmpty, tickets: view.tickets.map(row),
            hidden: view.hidden > 0 ? Phrase("incident-hidden", .number(view.hidden)) : nil, mayWork: mayWork,
            hasProposed: mayWork && view.tickets.contains { $0.item.state == .proposed },
            proposedPath: IncidentPaths.proposed(incident.id), ticketsPath: IncidentPaths.tickets(incident.id),
            splitPath: IncidentPaths.split(incident.id), links: view.links.map(link),
            linkForm: mayWork
                ? IncidentLinkForm(
                    path: IncidentPaths.links(incident.id),
                    kinds: IncidentItem.Kind.elsewhere.map {
                        Choice($0.rawValue, Phrase("incident-kind-\($0.rawValue)"))
                    })
                : nil, problem: problem)
    }

    private func member(_ id: ID?) -> String? { view.members.first { $0.id == id }?.name }

    // MARK: - Head

    /// How many people, how long, what came of it.
    private func counts(_ joined: [IncidentStore.Entry]) -> [Phrase] {
        let people = Set(joined.map { $0.ticket.contact ?? -$0.ticket.id }).count
        let end = incident.endedAt ?? signs.now
        let days = Int(max(0, end - incident.madeAt) / 86_400_000)
        return [
            Phrase("incident-people", .number(people)), Phrase("incident-tickets", .number(joined.count)),
            Phrase(incident.endedAt == nil ? "incident-days" : "incident-days-took", .number(days)),
            Phrase("incident-answered", .number(view.answered.tickets.count)),
        ]
    }

    private var told: ToldLine? {
        guard !incident.toldURL.isEmpty else { return nil }
        return ToldLine(
            url: incident.toldURL, text: Phrase("incident-told", .text(incident.toldAt.map(signs.day) ?? "…")))
    }

    private var settings: IncidentSettings {
        let able = view.members.filter { !$0.isDisabled }
        let nobody = Choice("", Phrase("ticket-list-nobody"), isSelected: incident.owner == nil)
        return IncidentSettings(
            path: IncidentPaths.show(incident.id), name: incident.name,
            owners: [nobody]
                + able.map { Choice(String($0.id), signs.name(of: $0), isSelected: $0.id == incident.owner) },
            joins: incident.joins, toldURL: incident.toldURL, isOpen: incident.name.isEmpty || problem != nil)
    }

    private var states: [IncidentStep] {
        let all = incident.kind == .cause ? Incident.State.ofCauses : Incident.State.ofIncidents
        return all.filter { $0 != incident.state }.filter { incident.state == .proposed ? $0 != .ended : true }.map {
            IncidentStep(
                value: $0.rawValue,
                name: incident.kind == .cause || (incident.state.isOver && $0 == .open)
                    ? Phrase("cause-step-\($0.rawValue)") : Phrase("incident-step-\($0.rawValue)"),
                isMain: incident.state == .proposed && $0 == .open)
        }
    }

    // MARK: - Lines

    private func card(_ line: IncidentLine) -> LineCard {
        let old = view.lines.filter { $0.language == line.language && $0.version < line.version }
        let isExpired = line.expiresAt <= signs.now
        let named = line.speakers.compactMap(member)
        let mayApprove =
            viewer.may(.approve, queue: incident.queue) && line.approvedBy == nil && line.member != viewer.memberID
        return LineCard(
            language: sign(line.language), version: Phrase("incident-line-version", .number(line.version)),
            text: line.text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init),
            by: Phrase("incident-line-by", .text(member(line.member) ?? "…"), .text(signs.moment(line.at).exact)),
            expiry: Phrase(
                isExpired ? "incident-line-over" : "incident-line-until", .text(signs.moment(line.expiresAt).exact)),
            isExpired: isExpired,
            speakers: named.isEmpty
                ? Phrase("incident-line-everybody")
                : Phrase("incident-line-speakers", .text(named.joined(separator: ", "))),
            approval: line.approvedBy.map { Phrase("incident-line-agreed", .text(member($0) ?? "…")) }
                ?? Phrase("incident-line-unseen"),
            isApproved: line.approvedBy != nil,
            approve: mayApprove ? Action(IncidentPaths.approval(incident.id, line.id)) : nil,
            uses: Phrase("incident-line-uses", .number(line.uses)), usesPath: usesPath(line),
            old: old.map {
                OldLine(
                    head: Phrase(
                        "incident-line-old", .number($0.version), .text(signs.moment($0.at).exact)),
                    text: $0.text, uses: Phrase("incident-line-uses", .number($0.uses)), usesPath: usesPath($0))
            }, hasOld: !old.isEmpty)
    }

    private func usesPath(_ line: IncidentLine) -> String { IncidentPaths.uses(incident.id) + "#line-\(line.id)" }

    private func sign(_ code: String) -> LanguageSign {
        signs.language(code) ?? LanguageSign(code: code, name: code)
    }

    private var lineForm: LineForm {
        let spoken = Set(view.tickets.compactMap(\.ticket.language))
        let missing = view.plan.entries.first { $0.problem == "incident-no-line" }?.ticket.language
        let chosen = entered?["language"] ?? missing ?? spoken.sorted().first ?? "en"
        let able = view.members.filter { !$0.isDisabled }
        let picked = Set(entered?.all("speaker") ?? [])
        let next = signs.now + 3 * 86_400_000
        return LineForm(
            path: IncidentPaths.lines(incident.id),
            languages: Languages.choices(in: signs.language, selected: [chosen]), text: entered?["text"] ?? "",
            expires: entered?["expires"] ?? LocalTime.text(next - next % 3_600_000, zone: signs.zone),
            zone: signs.zone.identifier,
            speakers: able.map {
                Choice(String($0.id), .verbatim($0.name), isSelected: picked.contains(String($0.id)))
            }, isOpen: view.lines.isEmpty || entered != nil)
    }

    // MARK: - Sending

    private var sending: SendingBox? {
        guard viewer.may(.send, queue: incident.queue), incident.state != .proposed, incident.state != .dismissed else {
            return nil
        }
        let ready = view.plan.sending
        let held = view.plan.entries.count - ready.count
        var counts: [String: Int] = [:]
        for entry in ready { counts[entry.line?.language ?? "", default: 0] += 1 }
        return SendingBox(
            path: IncidentPaths.answers(incident.id), summary: Phrase("incident-send-summary", .number(ready.count)),
            languages: counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
                Phrase("incident-send-language", .text(sign($0.key).name), .number($0.value))
            }, held: held > 0 ? Phrase("incident-send-held", .number(held)) : nil, maySend: !ready.isEmpty,
            again: view.answered.tickets.isEmpty
                ? nil : Phrase("incident-send-again", .number(view.answered.tickets.count)))
    }

    // MARK: - What belongs to it

    private func row(_ entry: IncidentStore.Entry) -> IncidentTicket {
        let ticket = entry.ticket
        let problem = view.plan.entries.first { $0.ticket.id == ticket.id }?.problem ?? ""
        let isAnswered =
            view.answered.tickets.contains(ticket.id)
            || ticket.contact.map { view.answered.contacts.contains($0) } ?? false
        return IncidentTicket(
            item: String(entry.item.id), number: ticket.number, subject: ticket.subject,
            path: TicketPaths.show(ticket.id), sender: ticket.sender, state: signs.state(ticket.state),
            language: signs.language(ticket.language), isProposed: entry.item.state == .proposed,
            differs: entry.item.differs, isAnswered: isAnswered,
            problem: problem.isEmpty || entry.item.differs ? nil : Phrase(problem),
            stepPath: IncidentPaths.item(incident.id, entry.item.id))
    }

    private func link(_ item: IncidentItem) -> IncidentLink {
        IncidentLink(
            kind: Phrase("incident-kind-\(item.kind.rawValue)"), name: item.name.isEmpty ? item.url : item.name,
            url: item.url, stepPath: IncidentPaths.item(incident.id, item.id))
    }
}
