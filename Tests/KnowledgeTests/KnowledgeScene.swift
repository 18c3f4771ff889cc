import Base
import Foundation
import People
import Storage
import TestKit

@testable import Knowledge

/// A house with members, a team and a queue, and the store of texts.
struct KnowledgeScene: Sendable {
    let database: Database
    let store: KnowledgeStore
    let proposals: ProposalStore
    let members: MemberStore
    let teams: TeamStore
    let owner: Member
    let reader: Member
    let administrator: Member
    let team: Team
    let now: Milliseconds = 1_795_000_000_000

    init(_ database: Database) async throws {
        self.database = database
        let ids = IDMaker(node: 1, clock: .system)
        let events = EventStore(ids: ids)
        let store = KnowledgeStore(ids: ids, events: events, raws: RawStore(ids: ids))
        let members = MemberStore(ids: ids, events: events)
        let teams = TeamStore(ids: ids, events: events)
        self.store = store
        self.members = members
        self.teams = teams
        proposals = ProposalStore(ids: ids, events: events, knowledge: store)
        (owner, reader, administrator, team) = try await database.write { db in
            func add(_ name: String, isAdministrator: Bool = false) throws -> Member {
                try members.add(
                    email: "\(name.lowercased())@desk.example", name: name, isAdministrator: isAdministrator,
                    password: nil, mustChange: false, actor: nil, at: 0, in: db)
            }
            return (
                try add("Ana"), try add("Ben"), try add("Chi", isAdministrator: true),
                try teams.add(name: "Press", actor: nil, at: 0, in: db)
            )
        }
    }

    func viewer(_ member: Member) async throws -> Viewer {
        try await database.read { [members] in try members.viewer(member, in: $0) }
    }

    /// A text of the owner's, published.
    func add(
        _ title: String = "Thanks for a photo", _ body: String = "Dear {{contact.name}},\n\nThank you.\n\nYours",
        kind: TextKind = .template, language: String = "en", audience: TextAudience = .team, teams: [ID] = [],
        queues: [ID] = [], fields: [String: String] = [:], isPublished: Bool = true
    ) async throws -> KnowledgeText {
        try await database.write { [store, owner, now] db in
            let text = try store.add(
                kind, language: language, TextContent(title: title, body: body, fields: fields),
                TextProperties(audience: audience, teams: teams, queues: queues, owner: owner.id), by: owner.id,
                at: now,
                in: db)
            if isPublished { try store.publish(text, from: nil, by: owner.id, at: now, in: db) }
            return try store.reread(text.id, in: db)
        }
    }

    func save(_ title: String, _ body: String, of id: ID) async throws -> KnowledgeText {
        try await database.write { [store, owner, now] db in
            let text = try store.reread(id, in: db)
            return try store.save(
                TextContent(title: title, body: body, fields: text.fields), of: text, seen: text.version, by: owner.id,
                at: now + Int64(text.version) * 1000, in: db)
        }
    }

    /// Translates every paragraph with `words` of its number; nil leaves one out.
    func translate(
        _ id: ID, _ language: String, by member: Member, isDraft: Bool = false, at: Milliseconds? = nil,
        _ words: @escaping @Sendable (Int) -> String?
    ) async throws {
        let at = at ?? now + 500
        let collisions = try await database.write { [store] db in
            let text = try store.reread(id, in: db)
            let known = try store.translations.translations(of: id, into: language, in: db)
            let entries = try store.paragraphs.current(of: id, in: db).compactMap { paragraph in
                words(paragraph.position).map {
                    TranslationEntry(
                        paragraph: paragraph.id, words: $0, isDraft: isDraft, seen: known[paragraph.id]?.at ?? 0)
                }
            }
            return try store.translations.save(entries, of: text, into: language, by: member.id, at: at, in: db)
        }
        precondition(collisions.isEmpty)
    }

    func states(_ id: ID, _ language: String) async throws -> [TranslationState] {
        try await database.read { [store] db in
            let known = try store.translations.translations(of: id, into: language, in: db)
            return try store.paragraphs.current(of: id, in: db).map { paragraph in
                known[paragraph.id]?.state(against: paragraph.words) ?? .missing
            }
        }
    }

    func progress(_ id: ID, _ language: String) async throws -> LanguageProgress? {
        try await database.read { [store] db in
            try store.translations.progress(of: [id], in: db)[id]?.first { $0.language == language }
        }
    }
}
