import Base
import Foundation
import Storage
import Web

/// What the composer sends.
struct DraftForm: Sendable {
    let content: Draft.Content
    let kind: Draft.Kind
    /// The draft it was made from; nil for a new one.
    let draft: ID?
    let draftVersion: Int64?
    /// Whether the sender of the form knows of drafts at all; a short form does not.
    let knowsDrafts: Bool
    /// The ticket's version the writer had before them.
    let seen: Int64?
    let files: [DraftFile]
    /// Local time of `datetime-local`.
    let at: String
    /// Why it is to be sent although the check holds it back.
    let because: String

    init(_ form: Form) {
        var content = Draft.Content(
            to: Draft.addresses(in: form["to"]), cc: Draft.addresses(in: form["cc"]), subject: form.trimmed("subject"),
            text: form["text"])
        content.from = EmailAddress.folded(form["from"])
        content.hasSignature = form.has("signature") || !form.has("signature-shown")
        kind = Draft.Kind(rawValue: form["kind"]) ?? .answer
        content.then = Draft.Then(rawValue: form["then"]) ?? .answered
        self.content = content
        draft = ID(form["draft"])
        draftVersion = Int64(form["draft-version"])
        knowsDrafts = form.has("draft")
        seen = Int64(form["version"])
        files = form.files.filter { $0.name == "attachment" }.map {
            DraftFile(filename: $0.filename, contentType: $0.contentType, bytes: $0.bytes)
        }
        at = form.trimmed("at")
        because = form.trimmed("because")
    }

    /// Saves what was written, right or wrong. `conflict` (`draft-collision`) when somebody changed the draft
    /// meanwhile.
    func save(_ id: ID, _ desk: Desk, by viewer: Viewer) async throws -> Draft {
        let now = desk.clock.now()
        let saved = try await desk.database.write { db in
            let ticket = try desk.stores.tickets.require(id, visibleTo: viewer, in: db)
            guard viewer.may(.draft, queue: ticket.queue) else { throw Failure(.refused, "error-refused") }
            let seen = seen ?? ticket.version
            if let draft, let draftVersion {
                let known = try desk.drafts.require(draft, visibleTo: viewer, in: db)
                guard known.ticket == id else { throw Failure(.notFound, "error-not-found") }
                if known.content == content, known.seenVersion == seen, known.version == draftVersion { return known }
                return try desk.drafts.change(
                    draft, to: content, seenVersion: seen, expecting: draftVersion, by: viewer.memberID, at: now,
                    in: db)
            }
            let own = try desk.drafts.find(ticket: id, author: viewer.memberID, kind: kind, in: db)
            if knowsDrafts, let own, own.content != content { throw Failure(.conflict, "draft-collision") }
            return try desk.drafts.save(
                content, ticket: ticket, author: viewer.memberID, seenVersion: seen, kind: kind, at: now, in: db)
        }
        guard !files.isEmpty else { return saved }
        for file in files {
            try await desk.database.write { db in
                try desk.drafts.addFile(
                    filename: file.filename, contentType: file.contentType, bytes: file.bytes, to: saved.id, in: db)
                try desk.drafts.noteFiles(of: saved.id, by: viewer.memberID, at: now, in: db)
            }
        }
        return try await desk.database.read { db in try desk.drafts.require(saved.id, visibleTo: viewer, in: db) }
    }
}

/// A time without zone, as a browser's field gives it.
enum LocalTime {
    /// `2026-11-22T09:30` in a zone; nil when it is none.
    static func parse(_ text: String, zone: TimeZone) -> Milliseconds? {
        let numbers = text.split(whereSeparator: { "-T:".contains($0) }).map { Int($0) }
        guard text.utf8.count <= 19, (5...6).contains(numbers.count), !numbers.contains(nil) else { return nil }
        let parts = numbers.compactMap { $0 }
        guard (1970...9999).contains(parts[0]), (1...12).contains(parts[1]), (1...31).contains(parts[2]),
            (0...23).contains(parts[3]), (0...59).contains(parts[4])
        else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let date = DateComponents(
            year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4])
        guard date.isValidDate(in: calendar) else { return nil }
        return calendar.date(from: date).map { Milliseconds($0.timeIntervalSince1970 * 1000) }
    }

    /// Nine o'clock of the next day that begins; the morning before anybody reads it.
    static func nextMorning(_ now: Milliseconds, zone: TimeZone) -> Milliseconds {
        let tomorrow = text(now + 86_400_000, zone: zone).prefix(11)
        return parse(tomorrow + "09:00", zone: zone) ?? now + 86_400_000
    }

    static func text(_ time: Milliseconds, zone: TimeZone) -> String {
        let local =
            time + Milliseconds(
                zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time) / 1000))) * 1000
        return String(ISO8601.string(local).prefix(16))
    }
}
