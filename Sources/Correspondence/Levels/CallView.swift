import Base
import Oncall
import Storage
import Web

/// A page about a ticket, with whoever has it.
struct CallView: Sendable {
    var page: Paged
    var holder: String?
    /// The viewer has it.
    var isMine: Bool
    var person: String?

    static func read(_ ticket: Ticket, _ desk: Desk, _ viewer: Viewer, in db: any Connection) throws -> [CallView] {
        let pages = try PageStore(ids: desk.ids).ofTicket(ticket.id, in: db)
        // One that is awaited always; of those that somebody has, the newest.
        let shown = pages.filter { $0.state == .open } + pages.filter { $0.state == .held }.prefix(1)
        return try shown.map { page in
            CallView(
                page: page, holder: try page.heldBy.flatMap { try desk.members.find($0, in: db)?.name },
                isMine: page.heldBy == viewer.memberID,
                person: try page.person.flatMap { try desk.members.find($0, in: db)?.name })
        }
    }

    func card(_ signs: Signs) -> CallCard {
        let isOpen = page.state == .open
        let state: Phrase =
            if isOpen {
                person.map { Phrase("oncall-card-calling", .text($0)) } ?? Phrase("oncall-card-calling-outside")
            } else {
                holder.map { Phrase("oncall-card-held", .text($0)) } ?? Phrase("oncall-card-held-outside")
            }
        return CallCard(
            isOpen: isOpen, warning: Phrase("oncall-reason-\(page.reason.rawValue)"),
            advice: Phrase("oncall-advice-\(page.reason.rawValue)"), state: state,
            moment: signs.moment(page.heldAt ?? page.openedAt), path: OncallPaths.page(page.id),
            hold: isOpen ? Action(OncallPaths.holding(page.id)) : nil,
            giveBack: isMine && !isOpen ? Action(OncallPaths.handingBack(page.id)) : nil)
    }
}
