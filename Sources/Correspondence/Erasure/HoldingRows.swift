import Base
import Web

/// What is held about a person in numbers, each with the list of the tickets it was counted in: the list shows each
/// reader what they may see.
struct HoldingRows: Sendable {
    private let holdings: Holdings

    init(_ holdings: Holdings) { self.holdings = holdings }

    var rows: [HoldingRow] {
        let others = "(\(any(of: ["from", "to"]))) -\(person)"
        let tickets = [
            row(Phrase("erasure-own"), holdings.own.count, query: person),
            row(Phrase("erasure-others"), holdings.others.count, query: others),
        ]
        let rest = Holdings.Kind.allCases.map { kind in
            row(Phrase("holding-\(kind.rawValue)"), holdings.counts[kind] ?? 0, query: query(of: kind))
        }
        return (tickets + rest).compactMap(\.self)
    }

    private var person: String { "contact:\(holdings.contact.id)" }

    private func row(_ name: Phrase, _ count: Int, query: String?) -> HoldingRow? {
        guard count > 0 else { return nil }
        return HoldingRow(
            name: name, count: Phrase("web-number", .number(count)),
            path: query.map { TicketPaths.list(query: [("query", $0)]) })
    }

    private func query(of kind: Holdings.Kind) -> String? {
        switch kind {
        case .messages: any(of: ["from"])
        case .files: "(\(any(of: ["from"]))) has:attachment"
        case .sent, .letters: any(of: ["to"])
        case .blocked: nil
        default: person
        }
    }

    private func any(of fields: [String]) -> String {
        let conditions = fields.flatMap { field in
            holdings.addresses.prefix(10).map { "\(field):\"\($0.replacing("\"", with: "\"\""))\"" }
        }
        return conditions.isEmpty ? person : conditions.joined(separator: " OR ")
    }
}
