import Base
import Foundation
import Knowledge
import Server
import Storage

/// The texts of the invented organisation: folders of Markdown in `Resources/demo/knowledge`, imported as anybody
/// would,
/// then a few changes and proposals of its members. Days in them count from the day they were written.
struct KnowledgeTelling: Sendable {
    private static let written: Milliseconds = 1_795_219_200_000  // 2026-11-21
    private static let day: Milliseconds = 86_400_000

    let services: Services
    let folder: URL
    let founded: Founding.Founded

    func tell() async throws {
        guard let owner = founded.members["greta"]?.id else { return }
        let now = services.clock.now()
        let exchange = services.textExchange
        let documents = try documents(shiftedBy: (now - Self.written) / Self.day * Self.day)
        try await services.database.write { db in
            for (index, document) in documents.enumerated() {
                let at = now - Milliseconds(60 - index * 2) * Self.day
                _ = try exchange.take(document, ownerElse: owner, at: at, in: db)
            }
        }
        try await change(at: now)
        try await follow(at: now)
        try await propose(at: now)
    }

    private func documents(shiftedBy shift: Milliseconds) throws -> [TextDocument] {
        let manager = FileManager.default
        return try manager.contentsOfDirectory(atPath: folder.path).sorted().compactMap { name in
            let text = folder.appending(path: name)
            guard !name.hasPrefix("."), let files = try? manager.contentsOfDirectory(atPath: text.path) else {
                return nil
            }
            var bytes: [String: [UInt8]] = [:]
            for file in files { bytes[file] = Array(try Data(contentsOf: text.appending(path: file))) }
            return shifted(try MarkdownFolder.document(name, bytes), by: shift)
        }
    }

    private func shifted(_ document: TextDocument, by shift: Milliseconds) -> TextDocument {
        var document = document
        document.publishAt = document.publishAt.map { $0 + shift }
        document.embargoUntil = document.embargoUntil.map { $0 + shift }
        document.reviewAt = document.reviewAt.map { $0 + shift }
        for field in TextField.allCases where field.isDay {
            guard let time = document.fields[field.rawValue].flatMap({ ISO8601.startOfDay($0) }) else { continue }
            document.fields[field.rawValue] = String(ISO8601.string(time + shift).prefix(10))
        }
        return document
    }

    /// A second version: the translations of what it changed are outdated, all but the one that needs no new one.
    private func change(at now: Milliseconds) async throws {
        guard let edwin = founded.viewers["edwin"] else { return }
        let store = services.knowledge
        try await services.database.write { db in
            let text = try store.require(slug: "who-writes-the-almanac", visibleTo: edwin, in: db)
            let body = try store.body(of: text.id, in: db)
            let changed = body.replacing("write to us, and say where", with: "write to us and say where")
                .replacing("volunteers from many countries", with: "volunteers from more than ninety countries")
            let saved = try store.save(
                TextContent(title: text.title, body: changed, note: "How many countries, by the count of October"),
                of: text, seen: text.version, by: edwin.memberID, at: now - 9 * Self.day, in: db)
            let small = try store.changes(of: saved, to: saved.version, in: db).filter {
                $0.before.contains(", and say")
            }
            try store.translations.waive(
                small.map { ($0.id, $0.before, $0.after) }, of: saved, by: edwin.memberID, at: now - 9 * Self.day,
                in: db)
        }
    }

    /// Some translators have followed the change, others not yet.
    private func follow(at now: Milliseconds) async throws {
        let changes = [
            ("de", "vielen Ländern", "mehr als neunzig Ländern", "nils"),
            ("es", "muchos países", "más de noventa países", "pilar"),
            ("ja", "多くの国", "九十を超える国", "haruto"), ("zh", "许多国家", "九十多个国家", "lin"),
        ]
        let store = services.knowledge
        for (language, old, new, name) in changes {
            guard let member = founded.viewers[name] else { continue }
            try await services.database.write { db in
                let text = try store.require(slug: "who-writes-the-almanac", visibleTo: member, in: db)
                let known = try store.translations.translations(of: text.id, into: language, in: db)
                let entries = known.values.filter { $0.words.contains(old) }.map {
                    TranslationEntry(
                        paragraph: $0.paragraph, words: $0.words.replacing(old, with: new), isDraft: false, seen: $0.at)
                }
                _ = try store.translations.save(
                    entries, of: text, into: language, by: member.memberID, at: now - 7 * Self.day, in: db)
            }
        }
    }

    private func propose(at now: Milliseconds) async throws {
        guard let edwin = founded.viewers["edwin"], let pilar = founded.viewers["pilar"],
            let ragnhild = founded.viewers["ragnhild"]
        else { return }
        let (store, proposals) = (services.knowledge, services.proposals)
        try await services.database.write { db in
            let text = try store.require(slug: "thanks-for-a-photo", visibleTo: ragnhild, in: db)
            let body = try store.body(of: text.id, in: db)
            func add(_ from: String, _ to: String, _ why: String, _ author: ID, _ days: Milliseconds) throws -> ID {
                try proposals.add(
                    title: text.title, body: body.replacing(from, with: to), comment: why, for: text, base: 1,
                    by: author, at: now - days * Self.day, in: db)
            }
            let first = try add(
                "Thank you for your photo.", "Thank you for sending us your photo.", "Warmer.", pilar.memberID, 6)
            let saved = try proposals.accept(
                first, answer: "It is, thank you.", by: edwin, at: now - 5 * Self.day, in: db)
            let changes = try store.changes(of: saved, to: saved.version, in: db)
            try store.translations.waive(
                changes.map { ($0.id, $0.before, $0.after) }, of: saved, by: edwin.memberID, at: now - 5 * Self.day,
                in: db)
            let second = try add(
                "Please answer", "Please just answer", "Shorter would be better still.", ragnhild.memberID, 4)
            try proposals.decline(
                second, answer: "“Just” does not translate well; let us keep it plain.", by: edwin,
                at: now - 3 * Self.day, in: db)
            _ = try add(
                "We look at it again on {{date:+14}}.",
                "We look at it again on {{date:+14}}, even if we do not hear from you.",
                "People ask what happens if they forget.", ragnhild.memberID, 1)
        }
    }
}
