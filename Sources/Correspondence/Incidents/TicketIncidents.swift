import Base
import Storage
import Web

/// What a ticket's page shows of incidents; read in the page's snapshot.
struct TicketIncidentView: Sendable {
    var found: [(incident: Incident, item: IncidentItem, subject: String, count: Int)] = []
    var offered: [(incident: Incident, subject: String)] = []
    var agreed: [Agreed] = []

    /// The newest lines of an incident the ticket belongs to.
    struct Agreed: Sendable {
        var incident: Incident
        var subject: String
        var lines: [IncidentLine]
    }

    static func read(
        _ ticket: Ticket, _ desk: Desk, _ viewer: Viewer, in db: any Connection
    ) throws -> TicketIncidentView {
        let store = IncidentStore(ids: desk.ids, events: desk.stores.events)
        var view = TicketIncidentView()
        for (incident, item) in try store.of(ticket: ticket, visibleTo: viewer, in: db) {
            view.found.append(
                (
                    incident, item, try store.subject(of: incident, visibleTo: viewer, in: db),
                    Int(try store.count(of: incident.id, in: db))
                ))
        }
        if viewer.may(.draft, queue: ticket.queue) {
            view.agreed = try view.found.filter { $0.incident.state != .proposed }.map {
                Agreed(incident: $0.incident, subject: $0.subject, lines: try store.lines(of: $0.incident.id, in: db))
            }
        }
        guard viewer.may(.note, queue: ticket.queue), !ticket.isProtected else { return view }
        let known = Set(view.found.map(\.incident.id))
        for kind in Incident.Kind.allCases {
            for line in try store.all(kind, states: Incident.State.gathering, visibleTo: viewer, limit: 20, in: db)
            where !known.contains(line.incident.id) && viewer.may(.note, queue: line.incident.queue) {
                view.offered.append((line.incident, line.subject))
            }
        }
        return view
    }
}

extension TicketPageMaker {
    var incidents: TicketIncidents {
        let mayWork = viewer.may(.note, queue: ticket.queue) && !ticket.isProtected
        return TicketIncidents(
            cards: view.incidents.found.map { incident, item, subject, count in
                let isProposed = item.state == .proposed || incident.state == .proposed
                return TicketIncidentCard(
                    name: IncidentMaker.name(incident, subject: subject), path: IncidentPaths.show(incident.id),
                    text: isProposed
                        ? Phrase("incident-card-proposed", .number(count))
                        : Phrase("incident-card-\(incident.kind.rawValue)", .number(count)),
                    isProposed: item.state == .proposed, differs: item.differs,
                    stepPath: viewer.may(.note, queue: incident.queue)
                        ? IncidentPaths.item(incident.id, item.id) : nil,
                    joinLabel: Phrase("incident-join"))
            },
            joinPath: mayWork ? IncidentPaths.joining(ticket.id) : nil,
            choices: view.incidents.offered.map {
                Choice(String($0.incident.id), IncidentMaker.name($0.incident, subject: $0.subject))
            })
    }
}

extension Desk {
    package var incidents: IncidentStore { IncidentStore(ids: ids, events: stores.events) }
}
