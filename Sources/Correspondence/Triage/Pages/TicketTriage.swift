import Base
import Storage
import Text
import Web

/// What a ticket's page shows of triage; read in the page's snapshot.
struct TriageView: Sendable {
    var labelled: [LabelStore.Labelled] = []
    var people: [SpecialistLabel: [ID]] = [:]
    var mayEnd: Set<SpecialistLabel> = []
    /// Others are named for this ticket.
    var isClosed = false
    /// The ticket is closed or set aside: a thought about a life is a quiet line until a mail comes.
    var isOver = false
    /// What waits for a decision, the surest first.
    var open: [TriageSuggestion] = []
    /// Why a label was set, for those the program set.
    var applied: [TriageSuggestion] = []
    var model: LinearModel?
    var starting = StartingModel.none
    var cards = LabelCards.none
    /// The outside address for emergencies.
    var emergency = ""

    static func read(_ ticket: Ticket, _ desk: Desk, _ viewer: Viewer, in db: any Connection) throws -> TriageView {
        let store = LabelStore()
        let labelling = Labelling(stores: desk.stores)
        var view = TriageView()
        view.labelled = try store.labels(of: ticket.id, in: db)
        for each in view.labelled {
            view.people[each.label] = try store.people(of: each.label, in: db)
            if try labelling.mayEnd(each, viewer, at: desk.clock.now(), in: db) { view.mayEnd.insert(each.label) }
        }
        do { try desk.stores.tickets.requireAnswerable(ticket.id, by: viewer, in: db) } catch let failure as Failure
            where failure.code == .refused
        { view.isClosed = true }
        view.cards = desk.triage?.cards() ?? .none
        view.emergency = try desk.triage?.emergencyAddress(queue: ticket.queue, in: db) ?? ""
        let all = try TriageSuggestionStore(ids: desk.ids).ofTicket(ticket.id, in: db)
        let tags = Set(try desk.stores.tickets.tags(of: ticket.id, in: db))
        let silent = try StartingUse.off(in: db)
        view.open = all.filter { each in
            let isSilent = each.source == .starting && silent.keys.contains { $0.rawValue == each.value }
            return each.state == .open && !isSilent && view.isNews(each, ticket, tags, viewer)
        }
        // A life first, while the ticket is at work.
        view.isOver = ticket.state == .closed || ticket.state == .junk
        if !view.isOver { view.open = view.open.filter(\.isDanger) + view.open.filter { !$0.isDanger } }
        view.applied = all.filter { $0.state == .applied }
        if view.open.contains(where: { $0.source == .starting }) { view.starting = desk.triage?.starting() ?? .none }
        if view.open.contains(where: { $0.source == .model }) { view.model = try desk.triage?.models.model(in: db) }
        return view
    }

    /// What was done meanwhile, or cannot be done by this viewer, is not proposed any more.
    private func isNews(_ each: TriageSuggestion, _ ticket: Ticket, _ tags: Set<String>, _ viewer: Viewer) -> Bool {
        let isOver = ticket.state == .closed || ticket.state == .junk
        switch each.target {
        case .label: return !labelled.contains { $0.label.rawValue == each.value }
        case .topic: return !isOver && !tags.contains(each.value)
        case .queue:
            return !isOver && ID(each.value).map { $0 != ticket.queue && viewer.targets.contains($0) } ?? false
        case .urgency: return !isOver && ticket.priority < 3
        case .junk: return !isOver
        }
    }
}

/// Above the thread: cards of the labels, and what triage thinks, to accept or correct.
struct TriageBox: Sendable {
    var cards: [LabelCard] = []
    var lines: [SuggestionLine] = []
    /// Done by the program because it was sure: one line each, with a way back.
    var done: [SuggestionLine] = []
    /// Others are named: nobody else answers.
    var closed: Phrase?
}

/// One label: what to do, what never, whom to ask. POST with `label` and `end`.
struct LabelCard: Sendable {
    let label: String
    let name: Phrase
    let card: LabelCards.Card?
    let by: Phrase
    let reason: Phrase?
    let people: [String]
    let hasPeople: Bool
    let isDanger: Bool
    let end: Action?
    /// The card of child safety stands on the page already.
    let hasOwnCard: Bool
}

/// One thought. POST with `decision`, and `value` for a correction.
struct SuggestionLine: Sendable {
    let text: Phrase
    let reason: Phrase?
    let path: String
    let isFirst: Bool
    let isDone: Bool
    let choices: [Choice]
    let mayCorrect: Bool
    /// Words are entered instead of chosen.
    let takesWords: Bool
    let id: String
    /// A life may be in danger: it stands out.
    let isDanger: Bool
}

/// A thought for somebody who does not decide about it here: a reviewer.
struct TriageSaid: Sendable {
    let text: Phrase
    let by: Phrase?
    let reason: Phrase?
}

/// In the box of safety: any label by hand.
struct LabelForm: Sendable {
    let path: String
    let choices: [Choice]
    let mayChoose: Bool
    let mayRaise: Bool
}

extension TicketPageMaker {
    private var mayWork: Bool { viewer.may(.note, queue: ticket.queue) }

    var triage: TriageBox {
        let people = Set(view.triage.people.values.flatMap { $0 })
        return TriageBox(
            cards: view.triage.labelled.map(card),
            lines: mayWork ? view.triage.open.enumerated().map { line($0.element, isFirst: $0.offset == 0) } : [],
            done: mayWork
                ? view.triage.applied.filter { $0.target != .label }.map { line($0, isFirst: false) } : [],
            closed: view.triage.isClosed
                ? Phrase("triage-closed", .text(people.sorted().compactMap(memberName).joined(separator: ", "))) : nil)
    }

    /// What was thought and done, with reasons, to be read only.
    var triageSaid: [TriageSaid] {
        let labels = view.triage.labelled.map(card).map { card in
            TriageSaid(text: card.name, by: card.by, reason: card.reason)
        }
        let others = view.triage.applied.filter { $0.target != .label } + view.triage.open
        return labels
            + others.map { line($0, isFirst: false) }.map { TriageSaid(text: $0.text, by: nil, reason: $0.reason) }
    }

    var labelForm: LabelForm? {
        guard mayWork else { return nil }
        let set = Set(view.triage.labelled.map(\.label))
        let free = SpecialistLabel.allCases.filter { !set.contains($0) && $0 != .childSafety && $0 != .danger }
        return LabelForm(
            path: TriagePaths.labels(ticket.id),
            choices: free.map { Choice($0.rawValue, Phrase("label-\($0.rawValue)")) },
            mayChoose: !free.isEmpty, mayRaise: !set.contains(.danger))
    }

    private func card(_ each: LabelStore.Labelled) -> LabelCard {
        let found = view.triage.applied.first { $0.target == .label && $0.value == each.label.rawValue }
        let name = each.member.flatMap(memberName)
        let people = (view.triage.people[each.label] ?? []).compactMap(memberName)
        return LabelCard(
            label: each.label.rawValue, name: Phrase("label-\(each.label.rawValue)"),
            card: view.triage.cards.card(of: each.label, language: signs.language, emergency: view.triage.emergency),
            by: name.map { Phrase("label-set-by", .text($0)) } ?? Phrase("label-set-by-\(each.source.rawValue)"),
            reason: found.flatMap(reason), people: people, hasPeople: !people.isEmpty,
            isDanger: each.label == .danger,
            end: mayWork && view.triage.mayEnd.contains(each.label) ? Action(TriagePaths.labelEnd(ticket.id)) : nil,
            hasOwnCard: each.label == .childSafety)
    }

    private func line(_ each: TriageSuggestion, isFirst: Bool) -> SuggestionLine {
        SuggestionLine(
            text: text(each),
            reason: reason(each), path: TriagePaths.suggestion(ticket.id, each.id), isFirst: isFirst,
            isDone: each.state == .applied, choices: choices(each),
            mayCorrect: each.target == .topic || !choices(each).isEmpty, takesWords: each.target == .topic,
            id: String(each.id), isDanger: each.isDanger && each.state == .open && !view.triage.isOver)
    }

    private func text(_ each: TriageSuggestion) -> Phrase {
        if each.isDanger, each.state == .open {
            return Phrase(view.triage.isOver ? "triage-think-danger-over" : "triage-think-danger")
        }
        let key =
            each.state == .applied ? "triage-did-\(each.target.rawValue)" : "triage-think-\(each.target.rawValue)"
        return Phrase(key, value(each))
    }

    private func value(_ each: TriageSuggestion) -> Phrase.Argument {
        switch each.target {
        case .label: .phrase(Phrase("label-\(each.value)"))
        case .queue: .text(view.targets.first { String($0.id) == each.value }?.displayName ?? "…")
        case .topic, .urgency, .junk: .text(each.value)
        }
    }

    private func choices(_ each: TriageSuggestion) -> [Choice] {
        switch each.target {
        case .label:
            SpecialistLabel.allCases.filter { $0.rawValue != each.value }.map {
                Choice($0.rawValue, Phrase("label-\($0.rawValue)"))
            }
        case .queue:
            view.targets.filter { String($0.id) != each.value && $0.id != ticket.queue }.map {
                Choice(String($0.id), .verbatim($0.displayName))
            }
        case .topic, .urgency, .junk: []
        }
    }

    /// The entry of the packs, or the words that weighed most.
    private func reason(_ each: TriageSuggestion) -> Phrase? {
        if each.source == .pack {
            let entry = each.reason.split(separator: ":", maxSplits: 1).last.map(String.init) ?? ""
            return entry.isEmpty ? nil : Phrase("triage-because-pack", .text(entry))
        }
        if each.source == .starting { return startingReason(each) }
        guard let model = view.triage.model,
            let column = model.classes.firstIndex(of: "\(each.target.rawValue):\(each.value)"),
            let message = view.messages.first(where: { $0.id == each.message })
        else { return each.source == .model ? Phrase("triage-because-score", .number(each.score)) : nil }
        let words = Self.heaviest(model, column, message.subject + "\n" + message.newText)
        guard !words.isEmpty else { return Phrase("triage-because-score", .number(each.score)) }
        return Phrase("triage-because-words", .number(each.score), .text(words.joined(separator: ", ")))
    }

    /// Nothing is said of how sure it is: it was measured on invented sentences.
    private func startingReason(_ each: TriageSuggestion) -> Phrase? {
        guard let model = view.triage.starting.model, let column = view.triage.starting.column(of: each.value),
            let message = view.messages.first(where: { $0.id == each.message })
        else { return Phrase("triage-because-starting-alone") }
        let text = message.subject + "\n" + (message.newText.isEmpty ? message.text : message.newText)
        let words = WrittenWords(text).written(model.speaking(in: text, for: column), most: 3)
        guard !words.isEmpty else { return Phrase("triage-because-starting-alone") }
        return Phrase("triage-because-starting", .text(words.joined(separator: ", ")))
    }

    private static func heaviest(_ model: LinearModel, _ column: Int, _ text: String) -> [String] {
        var seen: Set<String> = []
        let words = FeatureHash.words(of: text)
            .filter { seen.insert($0.word).inserted && ($0.word.count > 2 || $0.word.utf8.count > 4) }
            .map { ($0.word, model.weight(of: $0.place, in: column)) }.filter { $0.1 > 0.2 }
            .sorted { ($0.1, $1.0) > ($1.1, $0.0) }.prefix(3).map(\.0)
        return WrittenWords(text).written(Array(words), most: 3)
    }

    private func memberName(_ id: ID) -> String? { view.members.first { $0.id == id }?.name }
}
