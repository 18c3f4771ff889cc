import Base

/// A part of a message that words can be looked for in; nil elsewhere means all parts.
package enum SearchField: String, Sendable, Equatable { case subject, from, to }

/// One thing to ask of a ticket; names are as people write them, terms are `SearchTerms`.
package enum SearchCondition: Sendable, Equatable {
    /// Terms at consecutive positions; with `isPrefix` the last is only the beginning of one.
    case terms([String], isPrefix: Bool, field: SearchField?)
    case queue(String)
    /// One of `SearchCondition.states`.
    case state(String)
    /// A name or address, or `me` or `none`.
    case owner(String)
    /// Its owner is away on the day (UTC) of this time.
    case isOwnerAway(Milliseconds)
    case tag(String)
    case language(String)
    /// Times before this one; not this one itself.
    case before(Milliseconds)
    /// Times from this one on.
    case after(Milliseconds)
    case hasAttachment
    /// The viewer began an answer.
    case hasDraft
    case isUnread
    /// Waits until a date.
    case isSnoozed
    /// A letter goes out by itself at a time.
    case isScheduled
    /// Came back from waiting, and nobody did anything yet.
    case isDue
    /// An answer was due before this time.
    case isOverdue(Milliseconds)
    /// An answer is due between these times.
    case isSoon(Milliseconds, Milliseconds)
    /// The person named a date.
    case hasDeadline
    /// Of the person with this id: links of ours lead there.
    case contact(ID)
    /// 1 low to 4 urgent.
    case priority(Int)
    /// One of `SearchCondition.outcomes`.
    case outcome(String)
    case ticketNumber(String)

    /// What `priority:` takes, lowest first.
    package static let priorities = ["low", "normal", "high", "urgent"]
    /// What `outcome:` takes.
    package static let outcomes = ["successful", "unsuccessful", "no-reply"]
    /// How far ahead `is:soon` looks: a day.
    package static let soon: Milliseconds = 86_400_000
    /// What `state:` takes.
    package static let states = ["new", "open", "waiting", "answered", "closed", "junk"]
}

/// Conditions put together; `.all([])` asks nothing and is true of every ticket.
package indirect enum SearchExpression: Sendable, Equatable {
    case all([SearchExpression])
    case any([SearchExpression])
    case not(SearchExpression)
    case condition(SearchCondition)
}

/// What a person asks of search: words, `"phrases"`, `-not`, `OR`, parentheses and fields.
///
/// `OR` binds tighter than standing next to each other. A word of several terms (an address, a hyphenated word,
/// Chinese)
/// is a phrase. `word*` is a beginning; so is a character alone in a script without spaces, and any character asked
/// alone.
/// What has no term is passed over, quotes and parentheses may stay open, and `other:words` are words.
package struct SearchQuery: Sendable, Equatable {
    package var expression: SearchExpression

    package init(expression: SearchExpression) { self.expression = expression }

    /// The most a query may hold, in Unicode scalars and in conditions.
    package static let longest = 2000
    package static let mostConditions = 64

    /// Reads what a person wrote; relative dates count back from `now`. Throws `invalid` with a message for people.
    package static func parse(_ text: String, now: Milliseconds) throws(Failure) -> SearchQuery {
        guard text.utf8.count <= 4 * longest, text.unicodeScalars.count <= longest else {
            throw Failure(.invalid, "search-too-long")
        }
        var lexer = SearchLexer(text, now: now)
        var parser = SearchParser()
        var conditions = 0
        var tokens = 0
        while let token = try lexer.next() {
            if case .condition = token { conditions += 1 }
            guard conditions <= mostConditions else { throw Failure(.invalid, "search-too-long") }
            tokens += 1
            parser.add(token)
        }
        let expression = parser.finish()
        if tokens == 1, lexer.lastIsBareWord { return SearchQuery(expression: expression.asPrefixIfOneCharacter) }
        return SearchQuery(expression: expression)
    }
}

extension SearchExpression {
    /// All of these, flat; what asks nothing is left out.
    static func every(_ list: [SearchExpression]) -> SearchExpression {
        let flat = list.flatMap { item -> [SearchExpression] in
            if case .all(let inner) = item { inner } else { [item] }
        }
        return flat.count == 1 ? flat[0] : .all(flat)
    }

    /// One of these, flat; what asks nothing is left out.
    static func either(_ list: [SearchExpression]) -> SearchExpression {
        let flat = list.filter { $0 != .all([]) }.flatMap { item -> [SearchExpression] in
            if case .any(let inner) = item { inner } else { [item] }
        }
        return flat.count == 1 ? flat[0] : flat.isEmpty ? .all([]) : .any(flat)
    }

    /// The opposite; twice is once, and the opposite of nothing asked is nothing asked.
    static func opposite(_ inner: SearchExpression) -> SearchExpression {
        switch inner {
        case .not(let twice): twice
        case .all([]): inner
        default: .not(inner)
        }
    }

    /// Of conditions that must all hold, the first terms that `pick` makes something of, and what else is asked.
    package func takingOut<Found>(
        _ pick: (_ terms: [String], _ isPrefix: Bool, _ field: SearchField?) throws -> Found?
    ) rethrows -> (found: Found, rest: SearchExpression)? {
        var list = if case .all(let list) = self { list } else { [self] }
        for (index, item) in list.enumerated() {
            guard case .condition(.terms(let terms, let isPrefix, let field)) = item,
                let found = try pick(terms, isPrefix, field)
            else { continue }
            list.remove(at: index)
            return (found, .all(list))
        }
        return nil
    }

    /// Whether a single thing is asked.
    package var isOneCondition: Bool {
        switch self {
        case .condition: true
        case .all(let list): list.count == 1 && list[0].isOneCondition
        case .any, .not: false
        }
    }

    /// The terms that are looked for rather than excluded, in order.
    package var wanted: [(terms: [String], isPrefix: Bool)] {
        switch self {
        case .all(let list), .any(let list): list.flatMap(\.wanted)
        case .not(.not(let inner)): inner.wanted
        case .not: []
        case .condition(.terms(let terms, let isPrefix, _)): terms.isEmpty ? [] : [(terms, isPrefix)]
        case .condition: []
        }
    }

    /// Whether it asks for words of tickets, so that what fits tells what is in them.
    package var asksForWords: Bool {
        switch self {
        case .all(let list), .any(let list): list.contains(where: \.asksForWords)
        case .not(let inner): inner.asksForWords
        case .condition(.terms(let terms, _, _)): !terms.isEmpty
        case .condition: false
        }
    }

    /// Names of queues it asks for or excludes.
    package var queues: [String] {
        switch self {
        case .all(let list), .any(let list): list.flatMap(\.queues)
        case .not(let inner): inner.queues
        case .condition(.queue(let name)): [name]
        case .condition: []
        }
    }

    /// People that are named, by id.
    package var contacts: [ID] {
        switch self {
        case .all(let list), .any(let list): list.flatMap(\.contacts)
        case .not(let inner): inner.contacts
        case .condition(.contact(let id)): [id]
        case .condition: []
        }
    }

    /// A single character typed alone finds the words that begin with it.
    fileprivate var asPrefixIfOneCharacter: SearchExpression {
        switch self {
        case .condition(.terms(let terms, _, let field)) where terms.count == 1 && terms[0].count == 1:
            .condition(.terms(terms, isPrefix: true, field: field))
        case .not(let inner): .not(inner.asPrefixIfOneCharacter)
        default: self
        }
    }
}
