import Base
import People
import Storage
import Text

/// The table `mention`: colleagues named in a note by `@Name`.
///
/// A name is the whole name a colleague has in the desk; the longest that fits is meant. Who may not see the queue is
/// remembered as such: the writer is told, nobody else.
package struct Mentioning: Sendable {
    private let members: MemberStore

    package init(members: MemberStore) { self.members = members }

    /// Notes whom a note names. Returns the names of those who may not see the queue and so are not told.
    @discardableResult package func add(
        _ text: String, message: ID, queue: ID, in db: any Connection
    ) throws -> [Member] {
        guard text.contains("@") else { return [] }
        let all = try members.all(in: db).filter { !$0.isDisabled }
        var untold: [Member] = []
        for member in Self.named(in: text, all) {
            let maySee = try members.viewer(member, in: db).may(.see, queue: queue)
            try db.execute(
                """
                INSERT INTO mention (message_id, member_id, may_see) VALUES (\(message), \(member.id), \(maySee))
                ON CONFLICT (message_id, member_id) DO NOTHING
                """)
            if !maySee { untold.append(member) }
        }
        return untold
    }

    /// Members a note names who could see it when it was written.
    func mentioned(in message: ID, _ db: any Connection) throws -> [ID] {
        try db.rows(
            "SELECT member_id FROM mention WHERE message_id = \(message) AND may_see = 1 ORDER BY member_id"
        ).map { try $0.int("member_id") }
    }

    /// Whom a note in this queue may mention, sorted by name.
    package func colleagues(of viewer: ID, queue: ID, in db: any Connection) throws -> [Member] {
        try members.members(with: .see, queue: queue, in: db).filter { $0.id != viewer }
    }

    /// The members whose names follow an `@`, each once. Case does not matter; a name ends where its letters end.
    static func named(in text: String, _ members: [Member]) -> [Member] {
        let byLength = members.map { ($0, folded($0.name)) }.filter { !$0.1.isEmpty }
            .sorted { $0.1.count > $1.1.count }
        let characters = folded(text)
        var found: [Member] = []
        for index in characters.indices where characters[index] == "@" {
            let isInWord = index > 0 && (characters[index - 1].isLetter || characters[index - 1].isNumber)
            guard !isInWord else { continue }
            let rest = characters[(index + 1)...]
            let named = byLength.first { _, name in
                guard rest.starts(with: name) else { return false }
                let next = rest.dropFirst(name.count).first
                // Scripts without spaces go on with the next word at once.
                return !(next?.isLetter ?? false) || !(name.last?.isCased ?? false)
            }
            if let named, !found.contains(where: { $0.id == named.0.id }) { found.append(named.0) }
        }
        return found
    }

    private static func folded(_ text: String) -> [Character] {
        Array(text.lowercased().precomposedStringWithCompatibilityMapping)
    }
}
