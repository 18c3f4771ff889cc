import Base

extension SearchQuery {
    /// The query as text that `parse` reads as the same query, whatever the time.
    package func describe() -> String { expression.canonical.written(isInside: false) }
}

extension SearchExpression {
    /// As `parse` would give it: flat, without what asks nothing.
    var canonical: SearchExpression {
        switch self {
        case .all(let list): .every(list.map(\.canonical))
        case .any(let list): .either(list.map(\.canonical))
        case .not(let inner): .opposite(inner.canonical)
        case .condition: self
        }
    }

    fileprivate func written(isInside: Bool) -> String {
        switch self {
        case .all(let list): Self.joined(list, by: " ", isInside: isInside)
        case .any(let list): Self.joined(list, by: " OR ", isInside: isInside)
        case .not(let inner): "-" + inner.written(isInside: true)
        case .condition(let condition): condition.written
        }
    }

    private static func joined(_ list: [SearchExpression], by separator: String, isInside: Bool) -> String {
        let text = list.map { $0.written(isInside: true) }.joined(separator: separator)
        return isInside ? "(" + text + ")" : text
    }
}

extension SearchCondition {
    fileprivate var written: String {
        switch self {
        case .terms(let terms, let isPrefix, let field):
            (field.map { $0.rawValue + ":" } ?? "") + Self.written(terms, isPrefix: isPrefix)
        case .queue(let name): "queue:" + Self.quoted(name)
        case .state(let state): "state:" + state
        case .owner(let name): "owner:" + Self.quoted(name)
        case .isOwnerAway: "owner:away"
        case .tag(let tag): "tag:" + Self.quoted(tag)
        case .language(let code): "language:" + Self.quoted(code)
        case .before(let time): "before:" + Self.written(time)
        case .after(let time): "after:" + Self.written(time)
        case .hasAttachment: "has:attachment"
        case .hasDraft: "has:draft"
        case .isUnread: "is:unread"
        case .isSnoozed: "is:snoozed"
        case .isScheduled: "is:scheduled"
        case .isDue: "is:due"
        case .isOverdue: "is:overdue"
        case .isSoon: "is:soon"
        case .hasDeadline: "has:deadline"
        case .contact(let id): "contact:\(id)"
        case .priority(let priority): "priority:" + Self.priorities[min(max(priority, 1), 4) - 1]
        case .outcome(let outcome): "outcome:" + outcome
        case .ticketNumber(let number): "#" + number
        }
    }

    /// Quotes keep a term from being read as a ticket's number or, alone, as a beginning.
    private static func written(_ terms: [String], isPrefix: Bool) -> String {
        let text = terms.joined(separator: " ")
        let isBare = terms.count == 1 && (isPrefix || text.count > 1) && !TicketNumber.isValid(text)
        return (isBare ? text : "\"" + text + "\"") + (isPrefix ? "*" : "")
    }

    private static func written(_ time: Milliseconds) -> String {
        let text = ISO8601.string(time)
        return text.hasSuffix("T00:00:00.000Z") ? String(text.prefix { $0 != "T" }) : text
    }

    private static func quoted(_ value: String) -> String {
        let isBare = value.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
                || "-_.@".unicodeScalars.contains(scalar)
        }
        guard !isBare else { return value }
        // By scalars: a quotation mark with a combining mark after it is another Character.
        let doubled = value.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
        return "\"" + String(String.UnicodeScalarView(doubled)) + "\""
    }
}
