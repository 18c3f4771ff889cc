@testable import Correspondence
@testable import Web

extension TicketPage {
    /// With everything that rules, macros, checklists and turns add.
    static var withAids: TicketPage {
        var page = sample
        page.aids = .sample
        return page
    }
}

extension TicketAids {
    static let sample = TicketAids(
        assignment: AssignmentSign(
            text: Phrase("assignment-offered-you"), accept: Action("/tickets/172/accepting"),
            decline: Action("/tickets/172/declining")),
        duplicates: [
            DuplicateSign(
                number: "2026111900000027", subject: "Noch einmal: das Foto", path: "/tickets/60",
                state: StateSign(.open),
                reason: Phrase("duplicate-reason-both"), joinPath: "/tickets/172/joining/60",
                ruleOutPath: "/tickets/172/not-duplicate/60")
        ],
        macros: MacroMenu(
            path: "/tickets/172/macro",
            macros: [
                MacroLine(
                    value: "7", name: "Danke und schließen",
                    parts: [
                        Phrase("change-state", .phrase(Phrase("ticket-state-closed"))),
                        Phrase("change-add-tags", .text("dank")),
                    ])
            ]),
        checklists: TicketChecklists(
            lists: [
                TicketChecklistBox(
                    name: "Foto einer Privatperson", progress: Phrase("checklist-progress", .number(1), .number(2)),
                    blocks: true,
                    items: [
                        ChecklistItemLine(
                            text: "Urheber klären", path: "/tickets/172/checklists/3/items/0", isTicked: true,
                            who: "Ana Sousa", moment: .anHourAgo),
                        ChecklistItemLine(
                            text: "Freigabe ablegen", path: "/tickets/172/checklists/3/items/1", isTicked: false,
                            who: nil, moment: nil),
                    ], takeOff: nil)
            ], path: "/tickets/172/checklists", choices: [Choice("4", .verbatim("Presse"))], isOffering: true),
        effects: [
            RuleEffectLine(
                name: "Fotos", path: "/rules/9", version: Phrase("rule-version", .number(2)), moment: .yesterday,
                parts: [Phrase("change-tags", .text("foto"))], undone: nil,
                undo: Action("/tickets/172/rule-effects/5/undo"))
        ], hasEffects: true, proposal: Phrase("change-proposal", .text("Fotos hochladen")))
}

extension RuleListPage {
    static let sample = RuleListPage(
        tabs: [Tab(Phrase("rule-list-title"), "/rules", isCurrent: true)], newPath: "/rules/new",
        groups: [
            RuleGroup(
                name: Phrase("rule-queue-all"),
                rows: [
                    RuleRow(
                        name: "Fotos", path: "/rules/9", isOn: false,
                        conditions: [
                            Phrase("rule-says-all", .phrase(Phrase("rule-place-words")), .text("foto*, bild*"))
                        ], effects: [Phrase("change-add-tags", .text("foto"))],
                        fitted: Phrase("rule-fitted", .number(12)), switchPath: "/rules/9/switching",
                        movePath: "/rules/9/moving", isFirst: true, isLast: true)
                ])
        ], empty: nil)
}
