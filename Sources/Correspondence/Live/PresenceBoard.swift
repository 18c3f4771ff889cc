import Base
import Synchronization

/// Who has a ticket's page before them, on all nodes. In memory only: nothing of it is stored.
package final class PresenceBoard: Sendable {
    /// What somebody does with a ticket.
    package enum Mode: String, Sendable { case reading, writing, gone }

    /// One open page.
    package struct Entry: Sendable, Equatable {
        package var ticket: ID
        package var member: ID
        /// Chosen by the page, so that two pages of one person do not end each other.
        package var page: String
        package var mode: Mode

        package init(ticket: ID, member: ID, page: String, mode: Mode) {
            self.ticket = ticket
            self.member = member
            self.page = page
            self.mode = mode
        }
    }

    /// A page that has not been heard of for so long is gone.
    package static let lifetime: Milliseconds = 45_000
    /// Open pages that are remembered, of one member and of all.
    private static let limitOfMember = 30
    private static let limit = 5000

    private struct Key: Hashable {
        var member: ID
        var page: String
    }

    private struct Known {
        var entry: Entry
        var until: Milliseconds
    }

    private let known = Mutex<[Key: Known]>([:])

    package init() {}

    /// True when what others see has changed. `page` holds 1 to 32 lower-case letters and digits.
    package func note(_ entry: Entry, at now: Milliseconds) -> Bool {
        guard Self.isPlain(entry.page) else { return false }
        let key = Key(member: entry.member, page: entry.page)
        return known.withLock { known in
            if entry.mode == .gone { return known.removeValue(forKey: key) != nil }
            let before = known[key]
            if before == nil {
                let own = known.keys.count { $0.member == entry.member }
                guard own < Self.limitOfMember, known.count < Self.limit else { return false }
            }
            known[key] = Known(entry: entry, until: now + Self.lifetime)
            return before?.entry != entry
        }
    }

    /// Forgets the pages that were not heard of; true when there were some.
    package func expire(at now: Milliseconds) -> Bool {
        known.withLock { known in
            let count = known.count
            known = known.filter { $0.value.until > now }
            return known.count != count
        }
    }

    /// One entry per ticket and member: writing goes before reading. In no order that tells anything.
    package func entries(at now: Milliseconds) -> [Entry] {
        let living = known.withLock { $0.values.filter { $0.until > now }.map(\.entry) }
        var best: [[ID]: Entry] = [:]
        for entry in living {
            let key = [entry.ticket, entry.member]
            if best[key]?.mode != .writing { best[key] = entry }
        }
        return best.values.sorted { ($0.ticket, $0.member) < ($1.ticket, $1.member) }
    }

    private static func isPlain(_ page: String) -> Bool {
        (1...32).contains(page.utf8.count)
            && page.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
    }
}

extension PresenceBoard.Entry {
    /// As other nodes are told: `p.TICKET.MEMBER.PAGE.r`.
    package var word: String { "p.\(ticket).\(member).\(page).\(mode.rawValue.prefix(1))" }

    package init?(word: String) {
        let parts = word.split(separator: ".").map(String.init)
        let modes: [String: PresenceBoard.Mode] = ["r": .reading, "w": .writing, "g": .gone]
        guard parts.count == 5, parts[0] == "p", let ticket = ID(parts[1]), let member = ID(parts[2]),
            let mode = modes[parts[4]]
        else { return nil }
        self.init(ticket: ticket, member: member, page: parts[3], mode: mode)
    }
}
