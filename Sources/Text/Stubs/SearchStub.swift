import Base
package enum SearchTerms {
    package static let version = 1
    package static func terms(of text: String) -> [String] { text.lowercased().split(separator: " ").map(String.init) }
}
package enum SearchField: String, Sendable, Equatable { case subject, from, to }
package enum SearchCondition: Sendable, Equatable {
    case terms([String], isPrefix: Bool, field: SearchField?)
    case queue(String), state(String), owner(String), tag(String), language(String)
    case before(Milliseconds), after(Milliseconds)
    case hasAttachment, isUnread
    case ticketNumber(String)
}
package indirect enum SearchExpression: Sendable, Equatable {
    case all([SearchExpression]), any([SearchExpression]), not(SearchExpression), condition(SearchCondition)
}
package struct SearchQuery: Sendable, Equatable {
    package var expression: SearchExpression
    package static func parse(_ text: String, now: Milliseconds) throws(Failure) -> SearchQuery { SearchQuery(expression: .all([])) }
}
package enum Excerpt {
    package struct Piece: Sendable, Equatable { package var text: String; package var isMatch: Bool }
    package static func make(of text: String, matching query: SearchQuery, length: Int) -> [Piece] { [] }
}
package enum TicketNumber {
    package static func make(day: Int, counter: Int) -> String { "\(day)" + "\(counter)" }
    package static func find(in text: String) -> [String] { [] }
}
