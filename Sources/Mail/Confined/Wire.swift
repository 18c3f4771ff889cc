/// Appends values to bytes: little-endian integers, and a 32-bit length before each text and list.
struct WireWriter {
    var bytes: [UInt8] = []

    mutating func length(_ value: Int) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func integer(_ value: Int64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func flag(_ value: Bool) { bytes.append(value ? 1 : 0) }

    mutating func text(_ value: String) {
        length(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    mutating func optional<Value>(_ value: Value?, _ write: (inout WireWriter, Value) -> Void) {
        flag(value != nil)
        if let value { write(&self, value) }
    }

    mutating func write<Value>(_ list: [Value], _ write: (inout WireWriter, Value) -> Void) {
        length(list.count)
        for value in list { write(&self, value) }
    }
}

/// Reads what `WireWriter` wrote. Never traps on other bytes: `isBroken` says so at the end.
struct WireReader {
    private let bytes: [UInt8]
    private var position: Int
    private(set) var isBroken = false

    init(_ bytes: [UInt8], from position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    var rest: [UInt8] { Array(bytes[min(position, bytes.count)...]) }

    mutating func length() -> Int { Int(number(UInt32.self)) }
    mutating func integer() -> Int64 { Int64(bitPattern: number(UInt64.self)) }
    mutating func flag() -> Bool { number(UInt8.self) != 0 }

    mutating func text() -> String {
        let count = length()
        guard count <= bytes.count - position else {
            isBroken = true
            return ""
        }
        defer { position += count }
        return String(decoding: bytes[position..<position + count], as: UTF8.self)
    }

    mutating func optional<Value>(_ read: (inout WireReader) -> Value) -> Value? { flag() ? read(&self) : nil }

    mutating func list<Value>(_ read: (inout WireReader) -> Value) -> [Value] {
        let count = length()
        var values: [Value] = []
        while values.count < count && !isBroken { values.append(read(&self)) }
        return values
    }

    private mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number {
        let size = MemoryLayout<Number>.size
        guard size <= bytes.count - position else {
            isBroken = true
            return 0
        }
        defer { position += size }
        return (0..<size).reduce(Number(0)) { $0 | Number(bytes[position + $1]) << Number(8 * $1) }
    }
}
