import Base
import People
import Storage
import Web

/// The fields with which rules and macros say what changes; the same names in both forms.
struct ChangeForm: Sendable {
    let queues: [Choice]
    let owners: [Choice]
    let priorities: [Choice]
    let texts: [Choice]
    let checklists: [Choice]
    let hasTexts: Bool
    let hasChecklists: Bool
    let addTags: String
    let removeTags: String

    /// What there is to choose from.
    struct Offer: Sendable {
        var targets: [Queue]
        var members: [Member]
        var texts: [(id: ID, title: String)]
        var checklists: [Checklist]
        var teams: [(id: ID, name: String)]
        /// Where a rule, macro or checklist may belong.
        var homes: [Queue]

        static func read(_ desk: Desk, _ viewer: Viewer, in db: any Connection) throws -> Offer {
            let lists = ChecklistStore(ids: desk.ids, events: desk.stores.events)
            return Offer(
                targets: try desk.stores.queues.targets(of: viewer, in: db),
                members: try desk.members.all(in: db).filter { !$0.isDisabled },
                texts: try ProposedTexts.all(visibleTo: viewer, in: db),
                checklists: try lists.all(usableBy: viewer, in: db),
                teams: try db.rows("SELECT id, name FROM team ORDER BY name").map {
                    (try $0.int("id"), try $0.text("name"))
                },
                homes: try desk.stores.queues.all(keptBy: viewer, in: db))
        }

        /// All queues for administrators, then those the viewer keeps.
        func homes(selected: ID?, _ viewer: Viewer) -> [Choice] {
            let general = Choice("", Phrase("rule-queue-all"), isSelected: selected == nil)
            let all = viewer.isAdministrator ? [general] : []
            return all + homes.map { Choice(String($0.id), .verbatim($0.name), isSelected: $0.id == selected) }
        }
    }

    init(_ change: TicketChange, _ offer: Offer, withMe: Bool) {
        let keep = Choice("", Phrase("bulk-keep"))
        queues =
            [keep]
            + offer.targets.map { Choice(String($0.id), .verbatim($0.name), isSelected: $0.id == change.queue) }
        let me = Choice(MacroBody.me, Phrase("search-owner-me"), isSelected: change.owner == MacroBody.me)
        let nobody = Choice("none", Phrase("ticket-list-nobody"), isSelected: change.owner == "")
        owners =
            [keep] + (withMe ? [me] : []) + [nobody]
            + offer.members.map {
                Choice(String($0.id), .verbatim($0.name), isSelected: String($0.id) == change.owner)
            }
        priorities =
            [keep]
            + Signs.priorities.enumerated().map { index, name in
                Choice(String(index + 1), Phrase("ticket-priority-\(name)"), isSelected: index + 1 == change.priority)
            }
        texts =
            offer.texts.isEmpty
            ? []
            : [keep]
                + offer.texts.map {
                    Choice(String($0.id), .verbatim($0.title), isSelected: $0.id == change.proposal)
                }
        checklists =
            offer.checklists.isEmpty
            ? []
            : [keep]
                + offer.checklists.map {
                    Choice(String($0.id), .verbatim($0.name), isSelected: $0.id == change.checklist)
                }
        hasTexts = !texts.isEmpty
        hasChecklists = !checklists.isEmpty
        addTags = (change.addTags ?? []).joined(separator: ", ")
        removeTags = (change.removeTags ?? []).joined(separator: ", ")
    }

    /// What a form sent.
    static func read(_ form: Form) -> TicketChange {
        var change = TicketChange()
        change.queue = ID(form["to-queue"])
        switch form["owner"] {
        case "": break
        case "none": change.owner = ""
        case let owner: change.owner = owner
        }
        change.priority = Int(form["priority"])
        let added = tags(form["add-tags"])
        if !added.isEmpty { change.addTags = added }
        let removed = tags(form["remove-tags"])
        if !removed.isEmpty { change.removeTags = removed }
        change.proposal = ID(form["proposal"])
        change.checklist = ID(form["checklist"])
        return change
    }

    private static func tags(_ text: String) -> [String] {
        text.split(separator: ",").map { TicketStore.cleanTag(String($0)) }.filter { !$0.isEmpty }
    }
}

extension Viewer {
    /// What a rule or macro may do must be in the writer's own reach: queues they may move to, texts, checklists and
    /// owners that exist. `invalid` otherwise.
    func requireReach(_ change: TicketChange, _ desk: Desk, in db: any Connection) throws {
        var isFine = change.queue.map { targets.contains($0) } ?? true
        if let owner = change.owner.flatMap({ ID($0) }) {
            isFine = try isFine && desk.members.find(owner, in: db) != nil
        }
        if let id = change.checklist {
            let list = try desk.checklists.find(id, in: db)
            isFine = isFine && list != nil && (list?.queue.map { may(.note, queue: $0) } ?? true)
        }
        guard isFine else { throw Failure(.invalid, "rule-out-of-reach") }
    }
}
