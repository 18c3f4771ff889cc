import Base
import Foundation
import Jobs
import Mail
import Outbox
import People
import Storage
import TestKit

@testable import Correspondence

/// The scene with a colleague and what writing needs.
struct WritingScene: Sendable {
    let scene: Scene
    var ticket: Ticket
    /// Ben, with all rights on the queue.
    let ben: Viewer
    let later: LaterSending
    let writing: Writing
    let forwarding: Forwarding
    let redirecting: Redirecting
    let calling: Calling
    let noting: Noting

    static let words = Forwarding.Words(
        title: "Forwarded message", from: "From", date: "Date", subject: "Subject", to: "To")

    init(_ database: Database, mail: String = Scene.mail(id: "1@people.example")) async throws {
        scene = try await Scene(database)
        try await scene.receive(mail)
        ticket = try await scene.tickets()[0]
        ben = try await database.write { [scene] db in
            let member = try scene.members.add(
                email: "ben@desk.example", name: "Ben", isAdministrator: true, password: nil, mustChange: false,
                actor: nil, at: 0, in: db)
            return try scene.members.viewer(member, in: db)
        }
        let ids = IDMaker(node: 2, clock: .system)
        let numbers = TicketNumbers(database: database, zone: TimeZone(secondsFromGMT: 0) ?? .current)
        later = LaterSending(
            answering: scene.answering, database: database, stores: scene.stores, drafts: scene.drafts,
            members: scene.members, clock: scene.time.clock)
        writing = Writing(
            answering: scene.answering, rounds: RoundStore(ids: ids, raws: scene.stores.raws), numbers: numbers)
        let reader = MailReader(
            parse: { MessageParser.parse($0) }, attachment: { MessageParser.attachment($0, of: $1) ?? [] },
            sanitizedHTML: { _ in "" }, attachmentText: { _, _, _ in nil })
        forwarding = Forwarding(
            database: database, stores: scene.stores, drafts: scene.drafts, reader: reader, clock: scene.time.clock)
        redirecting = Redirecting(answering: scene.answering)
        calling = Calling(
            database: database, stores: scene.stores, numbers: numbers, ids: ids, clock: scene.time.clock)
        noting = Noting(stores: scene.stores, ids: ids)
    }

    static func content(_ text: String = "Thank you.", to: [String] = ["karl@people.example"]) -> Draft.Content {
        Draft.Content(to: to, cc: [], subject: "Re: A photo", text: text)
    }

    func draft(_ content: Draft.Content = content(), by viewer: Viewer? = nil) async throws -> Draft {
        let author = (viewer ?? scene.viewer).memberID
        return try await scene.database.write { [scene, ticket] db in
            let now = try scene.stores.tickets.require(ticket.id, visibleTo: scene.viewer, in: db)
            return try scene.drafts.save(
                content, ticket: now, author: author, seenVersion: now.version, at: scene.time.clock.now(), in: db)
        }
    }

    func addFile(_ name: String, _ bytes: [UInt8], to draft: ID) async throws {
        try await scene.database.write { [scene] db in
            try scene.drafts.addFile(filename: name, contentType: "text/plain", bytes: bytes, to: draft, in: db)
        }
    }

    func own() async throws -> Draft? {
        try await scene.database.read { [scene, ticket] db in
            try scene.drafts.find(ticket: ticket.id, author: scene.member.id, in: db)
        }
    }

    func files(of draft: ID) async throws -> [DraftStore.File] {
        try await scene.database.read { [scene] db in try scene.drafts.files(of: draft, in: db) }
    }

    func current() async throws -> Ticket {
        try await scene.database.read { [scene, ticket] db in
            try scene.stores.tickets.require(ticket.id, visibleTo: scene.viewer, in: db)
        }
    }

    /// The bytes of the mail a message became.
    func bytes(of message: ID) async throws -> [UInt8] {
        try await scene.database.read { [scene] db in
            guard let raw = try scene.stores.messages.find(message, in: db)?.raw else {
                throw Failure(.notFound, "error-not-found")
            }
            return try scene.stores.raws.bytes(of: raw, in: db)
        }
    }

    func job(_ kind: String) async throws -> Job? {
        try await scene.database.write { [scene] db in
            try db.execute("UPDATE job SET run_at = 0 WHERE kind = \(kind)")
            return try scene.stores.jobs.claim(kind, limit: 1, lease: 60_000, in: db).first
        }
    }
}
