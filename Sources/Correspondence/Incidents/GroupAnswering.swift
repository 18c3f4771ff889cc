import Base
import Jobs
import Storage

/// Answers everybody who wrote about an incident, each with their own mail.
///
/// 1. `start` plans: one letter for each person, in the language they wrote, from the line that is agreed and has not
///    run out; who asked something else gets none. The letters are rows, and a job waits for the undo delay.
/// 2. The job takes one letter after the other. A transaction makes the draft of the ticket; then it is sent as any
///    reply is (`Answering`), by the same gate of reviews; the letter is marked in the transaction that writes its
///    outbox row. So a second run, after whatever crash, sends nobody a second one.
/// 3. `undo` stops all of it: what has not begun, and what waits in the outbox.
/// A ticket that got mail meanwhile, or in which the author writes something of their own, is held.
package struct GroupAnswering: Sendable {
    package static let jobName = "incident-answer"

    let answering: Answering
    let incidents: IncidentStore
    let answers: GroupAnswerStore
    /// "Dear Ana," in a language; nil where we have no words for it.
    package let greet: @Sendable (_ language: String, _ name: String) -> String?

    package init(
        answering: Answering, greet: @escaping @Sendable (_ language: String, _ name: String) -> String?
    ) {
        self.answering = answering
        incidents = IncidentStore(ids: answering.ids, events: answering.stores.events)
        answers = GroupAnswerStore(ids: answering.ids)
        self.greet = greet
    }

    // MARK: - Starting and stopping

    /// Returns the answer. Throws `invalid` when nobody would get a letter.
    package func start(_ id: ID, everybody: Bool = false, by viewer: Viewer) async throws -> ID {
        let now = answering.clock.now()
        let answer = GroupAnswer(
            id: try answering.ids.make(), incident: id, author: viewer.memberID, state: .waiting,
            notBefore: now + answering.undoDelay, madeAt: now)
        try await answering.database.write { db in
            let incident = try incidents.require(id, for: .send, visibleTo: viewer, in: db)
            guard incident.state != .proposed, incident.state != .dismissed else {
                throw Failure(.refused, "incident-not-open")
            }
            let plan = try GroupPlan.make(
                incident, everybody: everybody, self, by: viewer, at: now, in: db)
            guard !plan.sending.isEmpty else { throw Failure(.invalid, "incident-nobody") }
            let letters = plan.entries.map { entry in
                GroupAnswer.Letter(
                    ticket: entry.ticket.id, line: entry.line?.id, contact: entry.ticket.contact,
                    ticketVersion: entry.ticket.version, draft: nil, message: nil,
                    state: entry.problem.isEmpty ? .waiting : .held, problem: entry.problem)
            }
            try answers.add(answer, letters: letters, in: db)
            try answering.stores.jobs.add(Self.jobName, subject: answer.id, after: answering.undoDelay, in: db)
            try incidents.note(
                "incident-answer", incident, viewer,
                data: ["answer": String(answer.id), "count": String(plan.sending.count)], at: now, in: db)
        }
        answering.alarm.ring()
        return answer.id
    }

    /// Stops all that has not left. Throws `conflict` when everything has.
    package func undo(_ id: ID, by viewer: Viewer) async throws {
        let now = answering.clock.now()
        let (sent, stopped) = try await answering.database.write { db -> ([GroupAnswer.Letter], Int) in
            let answer = try answers.require(id, in: db)
            let found = try incidents.require(answer.incident, for: .send, visibleTo: viewer, in: db)
            guard answer.author == viewer.memberID else { throw Failure(.notFound, "error-not-found") }
            guard answer.state != .cancelled else { throw Failure(.conflict, "incident-answer-gone") }
            let letters = try answers.letters(of: id, in: db)
            let waiting = letters.filter { $0.state == .waiting }
            for letter in waiting {
                if let draft = letter.draft { try drop(draft, in: db) }
                try answers.set(.takenBack, ticket: letter.ticket, of: id, in: db)
            }
            try answers.move(id, from: answer.state, to: .cancelled, in: db)
            try incidents.note("incident-answer-undone", found, viewer, data: ["answer": String(id)], at: now, in: db)
            return (letters.filter { $0.state == .sent }, waiting.count)
        }
        var taken = 0
        for letter in sent {
            guard let message = letter.message, try await takeBack(message, letter.ticket, of: id, by: viewer) else {
                continue
            }
            taken += 1
        }
        guard taken + stopped > 0 else { throw Failure(.conflict, "incident-answer-gone") }
    }

    /// False when it has left.
    private func takeBack(_ message: ID, _ ticket: ID, of answer: ID, by viewer: Viewer) async throws -> Bool {
        let draft = try await answering.database.read { db in try answering.drafts.ofMessage(message, in: db)?.id }
        do { _ = try await answering.undo(message: message, by: viewer) } catch let failure as Failure
            where failure.code == .conflict || failure.code == .notFound
        { return false }
        try await answering.database.write { db in
            if let draft { try drop(draft, in: db) }
            try answers.set(.takenBack, ticket: ticket, of: answer, in: db)
        }
        return true
    }

    /// A draft the program made and nobody touched.
    private func drop(_ draft: ID, in db: any Connection) throws {
        guard let found = try answering.drafts.find(draft, in: db), found.sentMessage == nil else { return }
        try answering.drafts.delete(draft, in: db)
    }

    // MARK: - Sending

    package func run(_ job: Job) async throws {
        let begun = try await answering.database.write { db -> (GroupAnswer, Viewer)? in
            guard try answering.stores.jobs.holds(job, in: db), let answer = try answers.find(job.subject, in: db),
                answer.state == .waiting || answer.state == .going
            else { return nil }
            if answer.state == .waiting { try answers.move(answer.id, from: .waiting, to: .going, in: db) }
            let member = try answering.members.require(answer.author, in: db)
            let nobody = Viewer(memberID: member.id, isAdministrator: false, rights: [:])
            return (answer, try member.isDisabled ? nobody : answering.members.viewer(member, in: db))
        }
        if let (answer, viewer) = begun {
            let letters = try await answering.database.read { db in try answers.letters(of: answer.id, in: db) }
            for letter in letters where letter.state == .waiting { try await send(letter.ticket, answer, by: viewer) }
            try await answering.database.write { db in
                guard try answers.find(answer.id, in: db)?.state == .going else { return }
                try answers.move(answer.id, from: .going, to: .done, in: db)
            }
        }
        try await answering.database.write { db in try answering.stores.jobs.finish(job, in: db) }
    }

    private func send(_ ticket: ID, _ answer: GroupAnswer, by viewer: Viewer) async throws {
        do {
            guard let draft = try await makeDraft(ticket, answer, by: viewer) else { return }
            _ = try await answering.send(
                draft: draft, by: viewer, inNameOf: viewer.memberID,
                noting: { message, db in
                    try answers.set(.sent, ticket: ticket, of: answer.id, message: message, in: db)
                },
                deciding: { db in
                    guard try answers.find(answer.id, in: db)?.state == .going else {
                        throw Failure(.conflict, "incident-answer-gone")
                    }
                })
        } catch let failure as Failure where !failure.isTemporary && failure.code != .internal {
            try await answering.database.write { db in
                guard let letter = try answers.letter(ticket, of: answer.id, in: db), letter.state == .waiting else {
                    return
                }
                if let draft = letter.draft { try drop(draft, in: db) }
                try answers.set(.held, ticket: ticket, of: answer.id, problem: failure.messageKey, in: db)
            }
        }
    }

    /// The draft of one letter, unless an earlier attempt made it; nil when nothing is to be sent any more.
    private func makeDraft(_ id: ID, _ answer: GroupAnswer, by viewer: Viewer) async throws -> ID? {
        let now = answering.clock.now()
        return try await answering.database.write { db in
            guard try answers.find(answer.id, in: db)?.state == .going,
                let letter = try answers.letter(id, of: answer.id, in: db), letter.state == .waiting
            else { return nil }
            if let draft = letter.draft {
                guard try answering.drafts.find(draft, in: db) != nil else {
                    throw Failure(.refused, "incident-taken-out")
                }
                return draft
            }
            let ticket = try answering.stores.tickets.require(id, visibleTo: viewer, in: db)
            guard ticket.version == letter.ticketVersion, ticket.mergedInto == nil else {
                throw Failure(.conflict, "incident-wrote-again")
            }
            guard let incident = try incidents.find(answer.incident, in: db),
                try incidents.problem(of: ticket, in: incident, db) == nil
            else { throw Failure(.refused, "incident-taken-out") }
            guard try answering.drafts.find(ticket: id, author: viewer.memberID, in: db) == nil else {
                throw Failure(.refused, "incident-own-draft")
            }
            let lines = try incidents.lines(of: answer.incident, withOld: true, in: db)
            guard let line = lines.first(where: { $0.id == letter.line }), line.expiresAt > now else {
                throw Failure(.refused, "incident-line-expired")
            }
            let draft = try answering.drafts.save(
                try content(line, ticket, in: db), ticket: ticket, author: viewer.memberID,
                seenVersion: ticket.version, at: now, in: db)
            try answers.setDraft(
                draft.id, hash: try ReviewHash.of(draft, in: db), ticket: id, of: answer.id, in: db)
            return draft.id
        }
    }

    /// The line with this person's greeting and number; to them alone.
    private func content(_ line: IncidentLine, _ ticket: Ticket, in db: any Connection) throws -> Draft.Content {
        guard let address = try GroupPlan.address(of: ticket.id, in: db) else {
            throw Failure(.refused, "incident-no-address")
        }
        let words = LineWords(stores: answering.stores, greet: greet)
        let text = try words.letter(line, ticket, to: address, in: db)
        let subject = ticket.subject
        return Draft.Content(
            to: [address], cc: [], subject: subject.lowercased().hasPrefix("re:") ? subject : "Re: \(subject)",
            text: text)
    }
}
