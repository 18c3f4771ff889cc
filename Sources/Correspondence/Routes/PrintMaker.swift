import Base
import Web

/// Makes the page of a ticket for paper: nothing folded, times written out, notes only where asked for.
struct PrintMaker: Sendable {
    let view: TicketView
    let viewer: Viewer
    let signs: Signs

    func page(withNotes: Bool) -> PrintPage {
        let thread = TicketPageMaker(view: view, viewer: viewer, signs: signs).page().thread
        let path = ForwardPaths.print(view.ticket.id)
        return PrintPage(
            ticket: Link(.verbatim("#" + view.ticket.number), TicketPaths.show(view.ticket.id)),
            number: view.ticket.number, subject: view.ticket.subject, state: signs.state(view.ticket.state),
            queue: view.queue.name, owner: view.members.first { $0.id == view.ticket.owner }?.name,
            language: signs.language(view.ticket.language), printed: signs.moment(signs.now).exact,
            withNotes: withNotes, otherPath: withNotes ? path : path + "?notes=1",
            items: thread.filter { withNotes || $0.kind != .note })
    }
}
