import Base
import Text
import Web

/// What is agreed about the ticket's incidents, inside the composer's form: a button inserts a line.
struct LineBox: Sendable {
    let items: [LineChoice]
    /// Posts the composer's form with `line`.
    let insertPath: String
}

struct LineChoice: Sendable {
    let id: String
    /// The incident.
    let name: Phrase
    let path: String
    let language: LanguageSign
    let version: Phrase
    let text: String
    let expiry: Phrase
    /// Why it may not be said now, or that it is not the person's language.
    let warning: Phrase?
    let mayInsert: Bool
}

/// Makes the box: the line in the person's language first; nil where nothing is agreed.
struct LineBoxMaker: Sendable {
    let ticket: Ticket
    let viewer: Viewer
    let signs: Signs

    func box(_ found: [TicketIncidentView.Agreed]) -> LineBox? {
        let items = found.flatMap { agreed in
            agreed.lines.sorted { (rank($0), $0.language) < (rank($1), $1.language) }.map { choice($0, agreed) }
        }
        return items.isEmpty ? nil : LineBox(items: items, insertPath: IncidentPaths.insert(ticket.id))
    }

    /// 0 the language of the ticket, 1 another form of it, 2 any other.
    private func rank(_ line: IncidentLine) -> Int {
        guard let language = ticket.language else { return 2 }
        if line.language == language { return 0 }
        return LanguageCode.base(line.language) == LanguageCode.base(language) ? 1 : 2
    }

    private func choice(_ line: IncidentLine, _ agreed: TicketIncidentView.Agreed) -> LineChoice {
        let problem = LineInserting.problem(line, by: viewer.memberID, at: signs.now)
        let isOther = ticket.language != nil && rank(line) == 2
        return LineChoice(
            id: String(line.id), name: IncidentMaker.name(agreed.incident, subject: agreed.subject),
            path: IncidentPaths.show(agreed.incident.id),
            language: signs.language(line.language) ?? LanguageSign(code: line.language, name: line.language),
            version: Phrase("incident-line-version", .number(line.version)), text: line.text,
            expiry: Phrase("incident-line-until", .text(signs.moment(line.expiresAt).exact)),
            warning: problem.map { Phrase($0) } ?? (isOther ? Phrase("incident-composer-other") : nil),
            mayInsert: problem == nil)
    }
}
