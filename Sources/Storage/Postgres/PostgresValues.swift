import Base
import CPostgres
import Foundation

/// Values in libpq's binary form.
struct PostgresParameters {
    let types: [Oid]
    private let buffers: [[UInt8]?]
    private let formats: [Int32]

    init(_ values: [Value]) {
        types = values.map(Self.type)
        buffers = values.map(Self.buffer)
        formats = values.map { if case .text = $0 { 0 } else { 1 } }
    }

    /// Distinguishes statements of equal text whose values have other types.
    var signature: String { types.map { "/\($0)" }.joined() }

    func withPointers<T>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> T
    ) -> T {
        // One block for all values: each ends with a zero byte, as text must.
        var block: [UInt8] = []
        var offsets: [Int?] = []
        var lengths: [Int32] = []
        for buffer in buffers {
            offsets.append(buffer == nil ? nil : block.count)
            lengths.append(Int32(buffer?.count ?? 0))
            if let buffer {
                block += buffer
                block.append(0)
            }
        }
        return block.withUnsafeBytes { raw in
            let start = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers: [UnsafePointer<CChar>?] = offsets.map { offset in offset.flatMap { start?.advanced(by: $0) } }
            return pointers.withUnsafeBufferPointer { body($0.baseAddress, lengths, formats) }
        }
    }

    private static func type(_ value: Value) -> Oid {
        switch value {
        case .null: 0
        case .int: 20
        case .real: 701
        case .text: 25
        case .bytes: 17
        }
    }

    private static func buffer(_ value: Value) -> [UInt8]? {
        switch value {
        case .null: nil
        case .int(let int): bigEndian(UInt64(bitPattern: int))
        case .real(let real): bigEndian(real.bitPattern)
        case .text(let text): Array(text.utf8)
        case .bytes(let bytes): bytes
        }
    }

    private static func bigEndian(_ bits: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
    }
}

/// Rows of a binary result.
struct PostgresResult {
    let result: OpaquePointer?

    func rows() throws -> [Row] {
        let width = Int(PQnfields(result))
        let height = Int(PQntuples(result))
        let columns = Row.Columns((0..<width).map { String(cString: PQfname(result, Int32($0))) })
        let types = (0..<width).map { PQftype(result, Int32($0)) }
        var rows: [Row] = []
        rows.reserveCapacity(height)
        for line in 0..<height {
            rows.append(Row(columns: columns, values: try (0..<width).map { try value(line, $0, types[$0]) }))
        }
        return rows
    }

    private func value(_ line: Int, _ column: Int, _ type: Oid) throws -> Value {
        if PQgetisnull(result, Int32(line), Int32(column)) == 1 { return .null }
        let count = Int(PQgetlength(result, Int32(line), Int32(column)))
        let bytes = UnsafeRawBufferPointer(start: PQgetvalue(result, Int32(line), Int32(column)), count: count)
        switch type {
        case 20: return .int(Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) }))
        case 23: return .int(Int64(Int32(bitPattern: bytes.reduce(0) { $0 << 8 | UInt32($1) })))
        case 21: return .int(Int64(Int16(bitPattern: bytes.reduce(0) { $0 << 8 | UInt16($1) })))
        case 16: return .int(bytes.first == 0 ? 0 : 1)
        case 701: return .real(Double(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) }))
        case 700: return .real(Double(Float(bitPattern: bytes.reduce(0) { $0 << 8 | UInt32($1) })))
        case 25, 19, 705, 1042, 1043: return .text(String(decoding: bytes, as: UTF8.self))
        case 17: return .bytes(Array(bytes))
        case 2278: return .null
        default: throw Failure(.internal, "error-internal", details: "a column of PostgreSQL type \(type)")
        }
    }
}
