import Base
import Hummingbird
import Storage
import Web

/// Writing the agreed lines, and answering everybody.
extension IncidentRoutes {
    @Sendable func write(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let (id, now) = (try context.requireID(), desk.clock.now())
        let wording = IncidentStore.Wording(
            language: form["language"], text: form["text"],
            expiresAt: LocalTime.parse(form.trimmed("expires"), zone: signs(context).zone) ?? 0,
            speakers: form.all("speaker").compactMap { ID($0) })
        do {
            _ = try await desk.database.write { [store] db in
                try store.write(wording, for: id, by: context.viewer, at: now, in: db)
            }
            return site.redirect(IncidentPaths.show(id) + "?notice=changed")
        } catch let failure as Failure where [.invalid, .refused].contains(failure.code) {
            return try await show(id, context, problem: failure, entered: form)
        }
    }

    @Sendable func answer(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = try await site.form(request, of: context.visitor)
        let id = try context.requireID()
        do {
            let answer = try await grouping.start(id, everybody: form.has("everybody"), by: context.viewer)
            return site.redirect(IncidentPaths.answer(answer))
        } catch let failure as Failure where [.invalid, .refused, .conflict].contains(failure.code) {
            return try await show(id, context, problem: failure)
        }
    }

    @Sendable func undoAnswer(_ request: Request, _ context: SignedInContext) async throws -> Response {
        _ = try await site.form(request, of: context.visitor)
        let answer = try context.requireID()
        try await grouping.undo(answer, by: context.viewer)
        return site.redirect(IncidentPaths.answer(answer))
    }

    @Sendable func showAnswer(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let answer = try context.requireID()
        let viewer = context.viewer
        let view = try await desk.database.read { [grouping] db -> GroupAnswerView in
            try GroupAnswerView.read(answer, grouping, viewer, in: db)
        }
        try await desk.noteOpened(.ticket, of: view.letters.map(\.ticket.id), by: viewer)
        return site.page(view.page(viewer, signs(context)), for: context.visitor)
    }
}

/// One answer to all, as one viewer sees it: only tickets they see.
struct GroupAnswerView: Sendable {
    var incident: Incident
    var subject: String
    var answer: GroupAnswer
    var letters: [(letter: GroupAnswer.Letter, ticket: Ticket)]
    var lines: [ID: IncidentLine]
    /// Messages that can still be taken back.
    var queued: Int
    var counts: (sent: Int, all: Int)

    static func read(
        _ id: ID, _ grouping: GroupAnswering, _ viewer: Viewer, in db: any Connection
    ) throws -> Self {
        let answer = try grouping.answers.require(id, in: db)
        let found = try grouping.incidents.require(answer.incident, visibleTo: viewer, in: db)
        let all = try grouping.answers.letters(of: id, in: db)
        let tickets = grouping.answering.stores.tickets
        let seen = try all.compactMap { letter -> (letter: GroupAnswer.Letter, ticket: Ticket)? in
            guard let ticket = try tickets.target(of: letter.ticket, in: db), viewer.may(.see, queue: ticket.queue)
            else { return nil }
            return (letter, ticket)
        }
        let lines = try grouping.incidents.lines(of: found.id, withOld: true, in: db)
        let queued = try db.int(
            """
            SELECT COUNT(*) AS n FROM incident_letter JOIN outbox ON outbox.message_id = incident_letter.message_id
            WHERE incident_letter.answer_id = \(id) AND incident_letter.state = 'sent' AND outbox.state = 'queued'
                AND outbox.not_before > \(grouping.answering.clock.now())
            """)
        return GroupAnswerView(
            incident: found, subject: try grouping.incidents.subject(of: found, visibleTo: viewer, in: db),
            answer: answer, letters: seen, lines: Dictionary(uniqueKeysWithValues: lines.map { ($0.id, $0) }),
            queued: Int(queued),
            counts: (
                all.count { $0.state == .sent }, all.count { $0.state == .sent || $0.state == .waiting }
            ))
    }

    func page(_ viewer: Viewer, _ signs: Signs) -> GroupAnswerPage {
        let isMoving = answer.state == .waiting || answer.state == .going
        let mayUndo = answer.author == viewer.memberID && answer.state != .cancelled && (isMoving || queued > 0)
        let seconds = max(0, Int((answer.notBefore - signs.now + 999) / 1000))
        return GroupAnswerPage(
            heading: IncidentMaker.name(incident, subject: subject), backPath: IncidentPaths.show(incident.id),
            selfPath: IncidentPaths.answer(answer.id),
            status: Phrase(
                "incident-answer-\(answer.state.rawValue)", .number(counts.sent), .number(counts.all)),
            undo: mayUndo
                ? RoundUndo(path: IncidentPaths.answerUndo(answer.id), seconds: seconds) : nil,
            isMoving: isMoving, people: letters.map { person($0, $1, signs) })
    }

    private func person(_ letter: GroupAnswer.Letter, _ ticket: Ticket, _ signs: Signs) -> GroupPerson {
        let line = letter.line.flatMap { lines[$0] }
        return GroupPerson(
            name: ticket.sender, number: ticket.number, path: TicketPaths.show(ticket.id),
            language: signs.language(line?.language ?? ticket.language),
            line: line.map { Phrase("incident-line-version", .number($0.version)) },
            state: Phrase("incident-letter-\(letter.state.rawValue)"), isSent: letter.state == .sent,
            problem: letter.problem.isEmpty ? nil : Phrase(letter.problem, .text("")))
    }
}
