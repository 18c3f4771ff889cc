import Base
import Storage
import Web

/// What rules, macros, checklists and the giving out of tickets add to a ticket's page.
struct TicketAids: Sendable {
    let assignment: AssignmentSign?
    let duplicates: [DuplicateSign]
    let macros: MacroMenu?
    let checklists: TicketChecklists?
    let effects: [RuleEffectLine]
    let hasEffects: Bool
    /// The knowledge text to answer with.
    let proposal: Phrase?
}

/// A ticket that may be about the same. Both paths are POST without fields.
struct DuplicateSign: Sendable {
    let number: String
    let subject: String
    let path: String
    let state: StateSign
    let reason: Phrase
    let joinPath: String?
    let ruleOutPath: String?
}

/// What a rule did here.
struct RuleEffectLine: Sendable {
    let name: String
    /// To the rule, for whoever keeps it.
    let path: String?
    let version: Phrase
    let moment: Moment
    let parts: [Phrase]
    let undone: Phrase?
    let undo: Action?
}

/// The same as it was read.
struct TicketAidsView: Sendable {
    var assignments: [Assignment]
    var duplicates: [Duplicate]
    var macros: [Macro]
    var lists: [TicketChecklist]
    var offered: [Checklist]
    var effects: [RuleEffect]
    var rules: [ID: Rule]
    var words: ChangeWords
    var proposal: String?

    static func read(
        _ ticket: Ticket, _ desk: Desk, _ viewer: Viewer, in db: any Connection
    ) throws -> TicketAidsView {
        let mayChange = viewer.may(.note, queue: ticket.queue)
        let effects = try RuleEffectStore(ids: desk.ids).effects(of: ticket.id, in: db)
        let lists = try desk.checklists.lists(of: ticket.id, in: db)
        let macros = mayChange ? try desk.macros.all(forQueue: ticket.queue, in: db) : []
        let rules = RuleStore(ids: desk.ids, events: desk.stores.events)
        var known: [ID: Rule] = [:]
        for id in Set(effects.map(\.rule)) { known[id] = try rules.find(id, in: db) }
        var words = ChangeWords()
        if !effects.isEmpty || !macros.isEmpty {
            words = try ChangeWords.read(desk, viewer, withTexts: false, in: db)
            let texts = macros.compactMap(\.body.change.proposal) + effects.compactMap(\.later.proposal)
            for text in Set(texts) {
                words.texts[text] = try ProposedTexts.title(text, desk.stores, visibleTo: viewer, in: db)
            }
        }
        for list in lists { words.put[list.id] = list.name }
        return TicketAidsView(
            assignments: try desk.assignments.assignments(of: ticket.id, in: db),
            duplicates: try Duplicates().find(ticket, visibleTo: viewer, in: db), macros: macros, lists: lists,
            offered: mayChange
                ? try desk.checklists.all(forQueue: ticket.queue, in: db).filter { offer in
                    !lists.contains { $0.checklist == offer.id }
                } : [], effects: effects, rules: known, words: words,
            proposal: try ticket.proposedText.flatMap {
                try ProposedTexts.title($0, desk.stores, visibleTo: viewer, in: db)
            })
    }
}

extension TicketPageMaker {
    func aids(_ read: TicketAidsView) -> TicketAids {
        let mayChange = viewer.may(.note, queue: ticket.queue)
        return TicketAids(
            assignment: assignment(read, mayChange: mayChange),
            duplicates: read.duplicates.filter { found in
                // What the page asks above already.
                !view.candidates.contains { $0.ticket.id == found.ticket.id }
            }.map { duplicate($0, mayChange: mayChange) },
            macros: read.macros.isEmpty
                ? nil
                : MacroMenu(
                    path: MacroPaths.using(ticket.id),
                    macros: read.macros.map {
                        MacroLine(value: String($0.id), name: $0.name, parts: read.words.phrases(of: $0.body))
                    }), checklists: checklists(read, mayChange: mayChange),
            effects: read.effects.map { effect($0, read, mayChange: mayChange) },
            hasEffects: !read.effects.isEmpty,
            proposal: read.proposal.map { Phrase("change-proposal", .text($0)) })
    }

    private func assignment(_ read: TicketAidsView, mayChange: Bool) -> AssignmentSign? {
        guard let newest = read.assignments.first, ticket.state.isOpen else { return nil }
        let isMine = newest.member == viewer.memberID
        let name = view.members.first { $0.id == newest.member }?.name ?? "…"
        switch newest.state {
        case .offered where ticket.owner == nil || isOwnerAway:
            return AssignmentSign(
                text: isMine ? Phrase("assignment-offered-you") : Phrase("assignment-offered", .text(name)),
                accept: isMine && mayChange ? Action(AssignmentPaths.accepting(ticket.id)) : nil,
                decline: isMine && mayChange ? Action(AssignmentPaths.declining(ticket.id)) : nil)
        case .given where isMine && ticket.owner == viewer.memberID && mayChange:
            return AssignmentSign(
                text: Phrase("assignment-given-you"), accept: nil,
                decline: Action(AssignmentPaths.declining(ticket.id)))
        default: return nil
        }
    }

    private var isOwnerAway: Bool {
        view.members.first { $0.id == ticket.owner }.flatMap(signs.absence) != nil
    }

    private func duplicate(_ found: Duplicate, mayChange: Bool) -> DuplicateSign {
        let other = found.ticket
        let mayJoin = mayChange && viewer.may(.note, queue: other.queue)
        return DuplicateSign(
            number: other.number, subject: other.subject, path: TicketPaths.show(other.id),
            state: signs.state(other.state), reason: Phrase("duplicate-reason-\(found.reason.rawValue)"),
            joinPath: mayJoin ? TicketPaths.joining(ticket.id, other.id) : nil,
            ruleOutPath: mayChange ? RulePaths.notDuplicate(ticket.id, other.id) : nil)
    }

    private func checklists(_ read: TicketAidsView, mayChange: Bool) -> TicketChecklists? {
        guard !read.lists.isEmpty || !read.offered.isEmpty else { return nil }
        let lists = read.lists.map { list in
            let done = list.items.filter(\.isTicked).count
            return TicketChecklistBox(
                name: list.name, progress: Phrase("checklist-progress", .number(done), .number(list.items.count)),
                blocks: list.blocks && done < list.items.count,
                items: list.items.map { item in
                    ChecklistItemLine(
                        text: item.text,
                        path: ChecklistPaths.ticking(ticket.id, list.id, ID(item.position)), isTicked: item.isTicked,
                        who: item.tickedBy.flatMap { id in view.members.first { $0.id == id }?.name },
                        moment: item.tickedAt.map(signs.moment))
                }, takeOff: done == 0 && mayChange ? Action(ChecklistPaths.takingOff(ticket.id, list.id)) : nil)
        }
        return TicketChecklists(
            lists: lists, path: ChecklistPaths.putting(ticket.id),
            choices: read.offered.map { Choice(String($0.id), .verbatim($0.name)) }, isOffering: !read.offered.isEmpty)
    }

    private func effect(_ effect: RuleEffect, _ read: TicketAidsView, mayChange: Bool) -> RuleEffectLine {
        let rule = read.rules[effect.rule]
        let isKept = rule.map { viewer.mayKeepRules(of: $0.queue) } ?? false
        let who = effect.undoneBy.flatMap { id in view.members.first { $0.id == id }?.name }
        return RuleEffectLine(
            name: rule?.name ?? "…", path: isKept ? RulePaths.rule(effect.rule) : nil,
            version: Phrase("rule-version", .number(effect.version)), moment: signs.moment(effect.at),
            parts: read.words.phrases(of: effect.later, isDone: true),
            undone: effect.undoneAt.map { _ in Phrase("rule-effect-undone", .text(who ?? "…")) },
            undo: effect.undoneAt == nil && effect.isChange && mayChange
                ? Action(RulePaths.undoing(ticket.id, effect.id)) : nil)
    }
}
