import Base
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
    package init(expression: SearchExpression) { self.expression = expression }
    package static func parse(_ text: String, now: Milliseconds) throws(Failure) -> SearchQuery { SearchQuery(expression: .all([])) }
}
package enum Excerpt {
    package struct Piece: Sendable, Equatable { package var text: String; package var isMatch: Bool }
    package static func make(of text: String, matching query: SearchQuery, length: Int) -> [Piece] { [] }
}
