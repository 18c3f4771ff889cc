import Base
import Hummingbird
import Storage
import Web

/// Who opened what in a confidential queue.
struct ReadersPage: Page {
    static let template = "correspondence/readers"

    let name: String
    let tabs: [Tab]
    let rows: [ReadingRow]
    let olderPath: String?

    var title: Phrase { Phrase("readers-title", .text(name)) }
    var room: String { "queues" }
}

struct ReadingRow: Sendable {
    let who: String
    let what: Phrase
    let number: String
    let path: String
    let moment: Moment
}

/// The page of readers, for those who manage a confidential queue.
package struct ReadLogRoutes: Sendable {
    private static let pageLength = 100

    private let office: Office

    package init(_ office: Office) { self.office = office }

    package func add(to signedIn: RouterGroup<SignedInContext>) {
        signedIn.get(QueuePaths.readers.route, use: show)
    }

    @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let queue = try await office.requireQueue(context)
        let before = request.uri.queryParameters["before"].flatMap { ID(String($0)) }
        let (events, names, numbers) = try await office.desk.database.read { [desk = office.desk] db in
            let events = try ReadLog().page(
                queue: queue.id, before: before, limit: Self.pageLength + 1, visibleTo: context.viewer, in: db)
            var numbers: [ID: String] = [:]
            for id in Set(events.compactMap(\.event.ticket)) {
                // A ticket that has left the queue is named only to those who may still see it.
                numbers[id] = try? desk.stores.tickets.require(id, visibleTo: context.viewer, in: db).number
            }
            let names = Dictionary(uniqueKeysWithValues: try desk.members.all(in: db).map { ($0.id, $0.name) })
            return (events, names, numbers)
        }
        let signs = office.signs(context)
        let rows = events.prefix(Self.pageLength).map { stored in
            let ticket = stored.event.ticket ?? 0
            return ReadingRow(
                who: stored.event.actor.flatMap { names[$0] } ?? "",
                what: Opened(rawValue: stored.event.data["what"] ?? "").map { Phrase("opened-\($0.rawValue)") }
                    ?? .verbatim("…"),
                number: numbers[ticket] ?? "", path: numbers[ticket] == nil ? "" : TicketPaths.show(ticket),
                moment: signs.moment(stored.at))
        }
        let older = events.count > Self.pageLength ? events[Self.pageLength - 1].id : nil
        let page = ReadersPage(
            name: queue.name, tabs: office.tabs(of: queue, context.viewer, current: QueuePaths.readers), rows: rows,
            olderPath: older.map { QueuePaths.readers(queue.id) + "?before=\($0)" })
        return office.site.page(page, for: context.visitor)
    }
}
