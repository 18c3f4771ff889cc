/// The two engines; one SQL text runs on both.
package enum Engine: String, Sendable, CaseIterable {
    case sqlite, postgres
}

/// A value bound to a statement or read from a row.
package enum Value: Sendable, Hashable {
    case null
    case int(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])
}

/// What can be bound by interpolation.
package protocol Bindable {
    var value: Value { get }
}

extension Int64: Bindable { package var value: Value { .int(self) } }
extension Int: Bindable { package var value: Value { .int(Int64(self)) } }
extension Bool: Bindable { package var value: Value { .int(self ? 1 : 0) } }
extension Double: Bindable { package var value: Value { .real(self) } }
extension String: Bindable {
    /// U+0000 is dropped: PostgreSQL's text cannot hold it.
    package var value: Value { .text(utf8.contains(0) ? String(unicodeScalars.filter { $0.value != 0 }) : self) }
}
extension Array: Bindable where Element == UInt8 { package var value: Value { .bytes(self) } }
extension Value: Bindable { package var value: Value { self } }

/// SQL text with its values, written as an interpolated string: `"SELECT … WHERE id = \(id)"` binds, never pastes.
package struct SQL: ExpressibleByStringInterpolation, Sendable {
    package enum Piece: Sendable {
        case text(String)
        case value(Value)
        case plannedAnew
    }

    /// Put into a statement whose best plan depends on its values, such as a search for a word that may be rare or
    /// common: PostgreSQL then plans it for them each time, and keeps no plan that was made for others.
    package static let plannedAnew = SQL(pieces: [.plannedAnew])

    package var pieces: [Piece]

    var isPlannedAnew: Bool {
        pieces.contains { if case .plannedAnew = $0 { true } else { false } }
    }

    private init(pieces: [Piece]) { self.pieces = pieces }

    package init(stringLiteral value: String) { pieces = [.text(value)] }
    package init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }
    /// Text without values, such as a migration's.
    package init(text: String) { pieces = [.text(text)] }

    package struct StringInterpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(interpolationCount * 2 + 1)
        }

        package mutating func appendLiteral(_ literal: String) { pieces.append(.text(literal)) }
        package mutating func appendInterpolation(_ value: some Bindable) { pieces.append(.value(value.value)) }
        package mutating func appendInterpolation<T: Bindable>(_ value: T?) {
            pieces.append(.value(value?.value ?? .null))
        }
        /// Another statement's text and values.
        package mutating func appendInterpolation(_ sql: SQL) { pieces += sql.pieces }
        /// `(a, b, c)` for IN; an empty list matches nothing.
        package mutating func appendInterpolation(list values: [some Bindable]) {
            pieces.append(.text("("))
            if values.isEmpty { pieces.append(.text("NULL")) }
            for (index, value) in values.enumerated() {
                if index > 0 { pieces.append(.text(", ")) }
                pieces.append(.value(value.value))
            }
            pieces.append(.text(")"))
        }
    }

    package static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum.pieces += right.pieces
        return sum
    }

    /// Statements joined by a separator such as `" AND "`.
    package static func joined(_ parts: [SQL], by separator: String) -> SQL {
        var sum = SQL(text: "")
        for (index, part) in parts.enumerated() {
            if index > 0 { sum.pieces.append(.text(separator)) }
            sum.pieces += part.pieces
        }
        return sum
    }

    /// The text with `?1`… or `$1`… in order of appearance, and the values in that order.
    func rendered(for engine: Engine) -> (text: String, values: [Value]) {
        let mark = engine == .sqlite ? "?" : "$"
        var text = ""
        var values: [Value] = []
        for piece in pieces {
            switch piece {
            case .plannedAnew: break
            case .text(let part): text += part
            case .value(let value):
                values.append(value)
                text += mark
                text += String(values.count)
            }
        }
        return (text, values)
    }
}
