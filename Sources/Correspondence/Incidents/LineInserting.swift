import Base
import Storage

/// Puts the agreed line of an incident into one reply, and keeps the link.
///
/// Only the newest version of a language, while it holds, by who may say it, and only where the ticket belongs to the
/// incident. What changes afterwards is said by the check before sending (`StaleLine`).
struct LineInserting: Sendable {
    let grouping: GroupAnswering

    private var answering: Answering { grouping.answering }

    /// Returns the draft with the words at its end; a draft without words becomes a letter with a greeting.
    func insert(
        _ id: ID, into draft: ID, by viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> Draft {
        let draft = try answering.drafts.require(draft, visibleTo: viewer, in: db)
        let ticket = try answering.stores.tickets.require(draft.ticket, visibleTo: viewer, in: db)
        guard viewer.may(.draft, queue: ticket.queue), draft.kind == .answer else {
            throw Failure(.refused, "error-refused")
        }
        let incidents = grouping.incidents
        guard let (incident, line) = try incidents.line(id, of: ticket, visibleTo: viewer, in: db) else {
            throw Failure(.refused, "incident-line-gone")
        }
        if let problem = Self.problem(line, by: viewer.memberID, at: at) { throw Failure(.refused, problem) }
        let words = LineWords(stores: answering.stores, greet: grouping.greet)
        let address = draft.to.first ?? ""
        var content = draft.content
        let passage: String
        if content.text.trimming.isEmpty {
            passage = try words.letter(line, ticket, to: address, in: db)
            content.text = passage
        } else {
            passage = try words.passage(line, ticket, to: address, in: db)
            content.text += "\n\n" + passage
        }
        let saved = try answering.drafts.change(
            draft.id, to: content, seenVersion: draft.seenVersion, expecting: draft.version, by: viewer.memberID,
            at: at, in: db)
        let uses = LineUseStore(ids: answering.ids)
        try uses.add(line.id, words: passage, to: saved, by: viewer.memberID, at: at, in: db)
        try incidents.note(
            "incident-line-inserted", incident, viewer, ticket: ticket.id, data: ["line": String(line.id)], at: at,
            in: db)
        return saved
    }

    /// Why somebody may not say a version now; nil where they may.
    static func problem(_ line: IncidentLine, by member: ID, at: Milliseconds) -> String? {
        guard line.expiresAt > at else { return "incident-line-ran-out" }
        return line.speakers.isEmpty || line.speakers.contains(member) ? nil : "incident-line-speaker"
    }
}

extension IncidentStore {
    /// The newest version of a language, of an incident the ticket belongs to; nil for any other.
    func line(
        _ id: ID, of ticket: Ticket, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> (incident: Incident, line: IncidentLine)? {
        for (incident, _) in try of(ticket: ticket, visibleTo: viewer, in: db) where incident.state != .proposed {
            if let line = try lines(of: incident.id, in: db).first(where: { $0.id == id }) { return (incident, line) }
        }
        return nil
    }

    /// Any version, old ones too, with its incident where the viewer sees that.
    func version(
        _ line: ID, of id: ID, visibleTo viewer: Viewer, in db: any Connection
    ) throws -> (incident: Incident, line: IncidentLine) {
        let incident = try require(id, visibleTo: viewer, in: db)
        guard let found = try lines(of: id, withOld: true, in: db).first(where: { $0.id == line }) else {
            throw Failure(.notFound, "error-not-found")
        }
        return (incident, found)
    }
}
