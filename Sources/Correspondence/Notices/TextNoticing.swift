import Base
import Knowledge
import People
import Storage

/// Who hears of changes that were proposed of texts: the owner of each, and then whoever proposed it.
struct TextNoticing: Sendable {
    static let kinds = ["text-change-proposed", "text-proposal-accepted", "text-proposal-declined"]

    let members: MemberStore
    /// Nil where no texts are kept: nobody is told.
    let knowledge: KnowledgeStore?

    func recipients(of event: Event, in db: any Connection) throws -> [(ID, NoticeKind)] {
        guard let text = event.subject else { return [] }
        if event.kind == "text-change-proposed" {
            let owner = try db.first("SELECT owner_id FROM knowledge_text WHERE id = \(text)")?.int("owner_id")
            return owner.map { [($0, .proposed)] } ?? []
        }
        let proposal = event.data["proposal"].flatMap { ID($0) } ?? 0
        let row = try db.first(
            "SELECT author_id FROM knowledge_proposal WHERE id = \(proposal) AND text_id = \(text)")
        return try row.map { [(try $0.int("author_id"), .proposal)] } ?? []
    }

    func maySee(_ member: ID, text: ID, in db: any Connection) throws -> Bool {
        guard let knowledge, let member = try members.find(member, in: db), !member.isDisabled else { return false }
        return try knowledge.find(text, visibleTo: try members.viewer(member, in: db), in: db) != nil
    }
}
