import Base
import Knowledge
import Storage
import Text

/// A text that may help to answer a ticket, and why.
package struct Suggestion: Sendable, Equatable {
    package var text: ID
    package var title: String
    package var kind: TextKind
    /// The language of the title: another than the writer's where the text has none in it.
    package var language: String
    /// Words of the letter, as they are written there, that stand in it too.
    package var terms: [String]
    /// Similar tickets that were answered with it.
    package var tickets: Int
    /// In the writer's language: whole, outdated, or in another language.
    package var state: State
    /// A rule, a macro or a member put it on the ticket: the first of the list.
    package var isProposed = false

    package enum State: String, Sendable { case whole, outdated, missing }
}

/// Suggests texts for a ticket, from the words of the mail and from how similar tickets were answered. No service of
/// others is asked, and no letter of anybody is suggested: only texts the viewer may read. Costs a bounded number of
/// rows, however many tickets there are.
package struct Suggesting: Sendable {
    /// Answers looked at for one word, and similar ones that count.
    private static let mostRows = 150
    private static let mostSimilar = 60
    /// Words of a letter that are asked for.
    private static let mostTerms = 14
    /// Share of a letter's words another must have to be similar.
    private static let likeness = 0.25

    let stores: Filing.Stores
    let knowledge: KnowledgeStore

    package init(stores: Filing.Stores, knowledge: KnowledgeStore) {
        self.stores = stores
        self.knowledge = knowledge
    }

    /// For a ticket the caller was allowed to see; what was proposed for it first, then the best.
    package func suggestions(
        for ticket: Ticket, limit: Int = 5, visibleTo viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> [Suggestion] {
        var found = try likely(for: ticket, limit: limit, visibleTo: viewer, at: at, in: db)
        guard let proposed = ticket.proposedText else { return found }
        let known = found.firstIndex { $0.text == proposed }.map { found.remove(at: $0) }
        let language = try WriterLanguage.of(ticket, in: db) ?? "en"
        guard var first = try known ?? suggestion(proposed, language, visibleTo: viewer, at: at, in: db) else {
            return found
        }
        first.isProposed = true
        return Array(([first] + found).prefix(limit))
    }

    /// By the words of the mail and by how similar tickets were answered.
    private func likely(
        for ticket: Ticket, limit: Int, visibleTo viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> [Suggestion] {
        let asked = try db.first(
            """
            SELECT subject, new_text FROM message WHERE ticket_id = \(ticket.id) AND direction = 'in'
            ORDER BY sent_at DESC, id DESC LIMIT 1
            """)
        guard let asked else { return [] }
        let letter = try asked.text("subject") + "\n" + asked.text("new_text")
        let terms = LessonTerms.of(letter)
        guard !terms.isEmpty else { return [] }
        let language = try WriterLanguage.of(ticket, in: db) ?? "en"
        let chain = LanguageChain.of(language)
        var found: [ID: (weight: Double, terms: [String], tickets: Int)] = [:]
        let matches = try knowledge.matches(
            Array(terms.prefix(Self.mostTerms)), languages: chain, kinds: Inserting.kinds, limit: 2 * limit,
            visibleTo: viewer, at: at, in: db)
        for match in matches { found[match.text.id] = (match.weight, match.terms, 0) }
        for (text, use) in try used(terms, except: ticket.id, viewer, in: db) {
            found[text, default: (0, [], 0)].weight += use.weight
            found[text, default: (0, [], 0)].tickets = use.tickets
        }
        let best = found.sorted { ($1.value.weight, $0.key) < ($0.value.weight, $1.key) }.prefix(3 * limit)
        let words = LessonTerms.words(of: letter)
        var suggestions: [Suggestion] = []
        for (id, reason) in best where suggestions.count < limit {
            guard var made = try suggestion(id, language, visibleTo: viewer, at: at, in: db) else { continue }
            made.terms = words.written(reason.terms, most: 4)
            made.tickets = reason.tickets
            suggestions.append(made)
        }
        return suggestions
    }

    /// Texts with the words somebody types, newest change first; the last word may be only begun.
    package func found(
        _ typed: String, for ticket: Ticket, limit: Int, visibleTo viewer: Viewer, at: Milliseconds,
        in db: any Connection
    ) throws -> [Suggestion] {
        var filter = TextFilter()
        filter.kinds = Inserting.kinds
        filter.state = .published
        let isOpen = typed.last.map { $0.isLetter || $0.isNumber } ?? false
        filter.query = try SearchQuery.parse(isOpen ? typed + "*" : typed, now: at)
        let page = try TextList().page(filter, visibleTo: viewer, limit: 2 * limit, in: db)
        let language = try WriterLanguage.of(ticket, in: db) ?? "en"
        return try page.texts.filter { $0.audience != .confidential && $0.isUsable(at: at) }.prefix(limit).map {
            try suggestion($0, language, in: db)
        }
    }

    /// Without a reason; nil for what the viewer may not use in a letter now.
    private func suggestion(
        _ id: ID, _ language: String, visibleTo viewer: Viewer, at: Milliseconds, in db: any Connection
    ) throws -> Suggestion? {
        guard let text = try knowledge.find(id, visibleTo: viewer, in: db), text.audience != .confidential,
            Inserting.kinds.contains(text.kind), text.isUsable(at: at)
        else { return nil }
        return try suggestion(text, language, in: db)
    }

    private func suggestion(
        _ text: KnowledgeText, _ language: String, in db: any Connection
    ) throws -> Suggestion {
        let rendered = try knowledge.rendered(text, in: language, mixing: .oneLanguage, in: db)
        return Suggestion(
            text: text.id, title: rendered.title.words, kind: text.kind, language: rendered.title.language, terms: [],
            tickets: 0, state: rendered.isWhole ? .whole : rendered.fallbacks > 0 ? .missing : .outdated)
    }

    /// Texts that answered letters with the same words, in queues the viewer sees.
    private func used(
        _ terms: [String], except ticket: ID, _ viewer: Viewer, in db: any Connection
    ) throws -> [ID: (weight: Double, tickets: Int)] {
        let similar = try Self.similar(terms.map(LessonTerms.hash), side: AnswerLearning.question, in: db)
        guard !similar.isEmpty else { return [:] }
        let rows = try db.rows(
            """
            SELECT answered.message_id, answered.text_id, answered.ticket_id FROM answered
            JOIN ticket ON ticket.id = answered.ticket_id JOIN queue ON queue.id = ticket.queue_id
            WHERE answered.message_id IN \(list: similar.map(\.message)) AND answered.text_id IS NOT NULL
                AND answered.ticket_id <> \(ticket) AND ticket.is_protected = 0 AND queue.is_confidential = 0
                AND ticket.queue_id IN \(list: viewer.queues(.see))
            """)
        let likeness = Dictionary(
            similar.map { ($0.message, $0.likeness) }, uniquingKeysWith: { first, _ in first })
        var tickets: [ID: Set<ID>] = [:]
        var weights: [ID: Double] = [:]
        for row in rows {
            let text = try row.int("text_id")
            tickets[text, default: []].insert(try row.int("ticket_id"))
            weights[text, default: 0] += likeness[try row.int("message_id")] ?? 0
        }
        return weights.reduce(into: [:]) { $0[$1.key] = ($1.value, tickets[$1.key]?.count ?? 0) }
    }

    /// Answers whose words (of one side) are like these, the likest first: weighed by how rare a word is among the
    /// newest that have it.
    static func similar(
        _ terms: [Int64], side: Int, in db: any Connection
    ) throws -> [(message: ID, likeness: Double)] {
        guard !terms.isEmpty else { return [] }
        let parts = terms.map { term -> SQL in
            """
            SELECT * FROM (SELECT term, message_id FROM answered_term WHERE term = \(term) AND side = \(side)
                ORDER BY message_id DESC LIMIT \(mostRows)) AS newest
            """
        }
        var having: [Int64: [ID]] = [:]
        for row in try db.rows(SQL.joined(parts, by: " UNION ALL ")) {
            having[try row.int("term"), default: []].append(try row.int("message_id"))
        }
        let weights = terms.map { 1 / (1 + Double(having[$0]?.count ?? 0)).squareRoot() }
        let whole = weights.reduce(0, +)
        var shared: [ID: Double] = [:]
        for (term, weight) in zip(terms, weights) {
            for message in having[term] ?? [] { shared[message, default: 0] += weight }
        }
        return shared.map { (message: $0.key, likeness: $0.value / whole) }.filter { $0.likeness >= likeness }
            .sorted { ($1.likeness, $1.message) < ($0.likeness, $0.message) }.prefix(mostSimilar).map { $0 }
    }
}
