import Base
import Storage

/// Data of others that a draft would tell its recipients: it stands in the ticket, but in nothing they wrote or got.
struct ThirdParties {
    let messages: [Message]
    let addresses: [ID: [MessageAddress]]
    /// Of the draft, folded.
    let recipients: [String]
    /// Whether an address is one of ours.
    let isOurs: (String) throws -> Bool
    /// All addresses of whom an address belongs to.
    let selves: (String) throws -> Set<String>
    /// What our own texts say that stand in the draft: anybody may know it.
    var published: Set<String> = []

    func findings(in checked: CheckedText) throws -> [Finding] {
        let items = PrivateData.items(in: checked.text).filter { !published.contains($0.key) }
        guard !items.isEmpty else { return [] }
        let people = try recipients.map { (address: $0, all: try selves($0).union([$0])) }
        let known = messages.map { message in (Set(keys(of: message)), readers(of: message)) }
        return try items.compactMap { item in
            let holding = known.filter { $0.0.contains(item.key) }
            guard !holding.isEmpty else { return nil }
            if item.kind == .mail, try isOurs(item.key) { return nil }
            if item.kind == .mail, people.contains(where: { $0.all.contains(item.key) }) { return nil }
            let stranger = people.first { person in !holding.contains { !$0.1.isDisjoint(with: person.all) } }
            guard let stranger else { return nil }
            return Finding(.privateData, item.kind.rawValue, item.text, other: stranger.address, isBlocking: true)
        }
    }

    private func keys(of message: Message) -> [String] {
        PrivateData.items(in: message.subject + "\n" + message.text).map(\.key)
            + [EmailAddress.folded(message.fromAddress)]
            + (addresses[message.id] ?? []).map { EmailAddress.folded($0.address) }
    }

    /// Who wrote it or got it; nobody outside has read a note.
    private func readers(of message: Message) -> Set<String> {
        guard message.direction != .note else { return [] }
        let got = (addresses[message.id] ?? []).filter { $0.role != .replyTo }.map { EmailAddress.folded($0.address) }
        return Set(got + [EmailAddress.folded(message.fromAddress)])
    }
}
