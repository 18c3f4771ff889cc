import ArgumentParser
import Base
import Correspondence
import Server
import Text

struct Search: StoreCommand {
    static let configuration = CommandConfiguration(abstract: "Find tickets, on the machine with all rights.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "As in the search field.") var query: [String]
    @Flag(help: "One JSON object a line.") var json = false
    @Option(help: "At most so many.") var limit = 50

    func run(_ services: Services, input: [UInt8], io: CommandIO) async throws -> Int32 {
        let parsed = try SearchQuery.parse(query.joined(separator: " "), now: services.clock.now())
        let limit = max(1, min(limit, 10_000))
        let (tickets, queues) = try await services.database.read { db in
            let queues = try services.stores.queues.all(in: db)
            let all = Viewer(
                memberID: 0, isAdministrator: true,
                rights: Dictionary(uniqueKeysWithValues: queues.map { ($0.id, Set(Right.allCases)) }))
            let page = try services.search.page(parsed, visibleTo: all, limit: limit, in: db)
            return (page.tickets, Dictionary(uniqueKeysWithValues: queues.map { ($0.id, $0.name) }))
        }
        for ticket in tickets {
            let queue = queues[ticket.queue] ?? ""
            guard json else {
                io.output("\(ticket.number)\t\(queue)\t\(ticket.state.rawValue)\t\(ticket.sender)\t\(ticket.subject)")
                continue
            }
            io.output(
                JSONText.object([
                    ("id", "\"\(ticket.id)\""), ("number", JSONText.quote(ticket.number)),
                    ("subject", JSONText.quote(ticket.subject)), ("queue", JSONText.quote(queue)),
                    ("state", JSONText.quote(ticket.state.rawValue)), ("language", JSONText.quote(ticket.language)),
                    ("sender", JSONText.quote(ticket.sender)), ("updatedAt", "\"\(ISO8601.string(ticket.updatedAt))\""),
                ]))
        }
        return 0
    }
}
