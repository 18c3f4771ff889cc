import Base

/// One row of an answer: values by column name.
package struct Row: Sendable {
    package final class Columns: Sendable {
        let names: [String]
        let positions: [String: Int]

        init(_ names: [String]) {
            self.names = names
            positions = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        }
    }

    let columns: Columns
    let values: [Value]

    package func value(_ name: String) throws -> Value {
        guard let position = columns.positions[name] else {
            throw Failure(.internal, "error-internal", details: "no column \(name)")
        }
        return values[position]
    }

    package func int(_ name: String) throws -> Int64 {
        guard case .int(let value) = try value(name) else { throw wrongType(name) }
        return value
    }

    package func bool(_ name: String) throws -> Bool { try int(name) != 0 }

    package func text(_ name: String) throws -> String {
        guard case .text(let value) = try value(name) else { throw wrongType(name) }
        return value
    }

    package func bytes(_ name: String) throws -> [UInt8] {
        guard case .bytes(let value) = try value(name) else { throw wrongType(name) }
        return value
    }

    package func optionalInt(_ name: String) throws -> Int64? { try value(name) == .null ? nil : int(name) }
    package func optionalText(_ name: String) throws -> String? { try value(name) == .null ? nil : text(name) }

    /// All values in the order of the statement, with their names.
    package var pairs: [(name: String, value: Value)] { Array(zip(columns.names, values)) }

    private func wrongType(_ name: String) -> Failure {
        Failure(.internal, "error-internal", details: "column \(name) has another type")
    }
}
