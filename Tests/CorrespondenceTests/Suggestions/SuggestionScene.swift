import Base
import Foundation
import Knowledge
import Storage
import TestKit

@testable import Correspondence

/// A desk with texts, and what is asked of it.
struct SuggestionScene: Sendable {
    let scene: Scene
    let knowledge: KnowledgeStore

    init(_ database: Database) async throws {
        scene = try await Scene(database)
        knowledge = scene.answering.knowledge
    }

    var inserting: Inserting {
        Inserting(
            stores: scene.stores, drafts: scene.drafts, members: scene.members, knowledge: knowledge,
            insertions: scene.answering.insertions, zone: TimeZone(secondsFromGMT: 0) ?? .current)
    }

    var now: Milliseconds { scene.time.clock.now() }

    /// A published text of the member's.
    func addText(
        _ title: String, _ body: String, language: String = "en", audience: TextAudience = .team, queues: [ID] = []
    ) async throws -> KnowledgeText {
        let (owner, now) = (scene.member.id, now)
        return try await scene.database.write { [knowledge] db in
            let text = try knowledge.add(
                .template, language: language, TextContent(title: title, body: body),
                TextProperties(audience: audience, queues: queues, owner: owner), by: owner, at: now, in: db)
            try knowledge.publish(text, from: nil, by: owner, at: now, in: db)
            return text
        }
    }

    /// Another wording of the whole body.
    func change(_ text: ID, to body: String) async throws {
        let (viewer, now) = (scene.viewer, now)
        try await scene.database.write { [knowledge] db in
            let known = try knowledge.require(text, visibleTo: viewer, in: db)
            _ = try knowledge.save(
                TextContent(title: known.title, body: body), of: known, seen: known.version, by: viewer.memberID,
                at: now, in: db)
        }
    }

    /// Every paragraph in another language.
    func translate(_ text: ID, into language: String, _ words: [String]) async throws {
        let (viewer, now) = (scene.viewer, now)
        try await scene.database.write { [knowledge] db in
            let known = try knowledge.require(text, visibleTo: viewer, in: db)
            let source = try knowledge.paragraphs.current(of: text, in: db)
            let entries = zip(source, words).map {
                TranslationEntry(paragraph: $0.id, words: $1, isDraft: false, seen: 0)
            }
            _ = try knowledge.translations.save(
                entries, of: known, into: language, by: viewer.memberID, at: now, in: db)
        }
    }

    @discardableResult func ask(_ text: String, id: String, headers: [String] = []) async throws -> Ticket {
        try await scene.receive(
            Scene.mail(
                from: "Karl Weber <karl@people.example>", id: id, subject: "Question", headers: headers, text: text))
        guard let ticket = try await scene.tickets().last else { throw Failure(.notFound, "error-not-found") }
        return ticket
    }

    func begin(_ ticket: ID, _ text: String = "") async throws -> Draft {
        try await scene.database.write { db in
            let ticket = try scene.stores.tickets.require(ticket, visibleTo: scene.viewer, in: db)
            return try scene.drafts.save(
                Draft.Content(to: ["karl@people.example"], cc: [], subject: "Re", text: text), ticket: ticket,
                author: scene.member.id, seenVersion: ticket.version, at: now, in: db)
        }
    }

    func insert(_ text: ID, into draft: ID) async throws -> Draft {
        try await scene.database.write { db in
            try inserting.insert(text, into: draft, by: scene.viewer, at: now, in: db)
        }
    }

    func suggestions(_ ticket: Ticket, viewer: Viewer? = nil) async throws -> [Suggestion] {
        try await scene.database.read { db in
            try scene.answering.suggesting.suggestions(
                for: ticket, visibleTo: viewer ?? scene.viewer, at: now, in: db)
        }
    }

    func found(_ typed: String, _ ticket: Ticket, viewer: Viewer? = nil) async throws -> [Suggestion] {
        try await scene.database.read { db in
            try scene.answering.suggesting.found(
                typed, for: ticket, limit: 5, visibleTo: viewer ?? scene.viewer, at: now, in: db)
        }
    }

    func setRule(_ rule: LanguageRule) async throws {
        try await scene.database.write { db in
            try LanguageRule.set(
                rule, of: scene.queue.id, by: scene.viewer, events: scene.stores.events, at: now, in: db)
        }
    }

    var learning: AnswerLearning {
        AnswerLearning(database: scene.database, stores: scene.stores, clock: scene.time.clock, age: 0)
    }

    func learn() async throws {
        scene.time.advance(1000)
        while try await !learning.learn() {}
    }

    func findGaps() async throws {
        let finding = GapFinding(
            database: scene.database, stores: scene.stores, ids: IDMaker(node: 3, clock: .system),
            clock: scene.time.clock)
        while try await !finding.look() {}
    }
}
