/// JSON by hand, for answers whose keys and order are a contract (RFC 8259).
package enum JSONText {
    /// A string with its quotation marks.
    package static func quote(_ text: String) -> String {
        var out: [UInt8] = [34]
        out.reserveCapacity(text.utf8.count + 2)
        let digits = Array("0123456789abcdef".utf8)
        for byte in text.utf8 {
            switch byte {
            case 34, 92: out += [92, byte]
            case 10: out += [92, 110]
            case 13: out += [92, 114]
            case 9: out += [92, 116]
            case 0..<32: out += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: out.append(byte)
            }
        }
        out.append(34)
        return String(decoding: out, as: UTF8.self)
    }

    package static func quote(_ text: String?) -> String { text.map { quote($0) } ?? "null" }

    package static func array(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

    /// Members in their order; values are JSON already.
    package static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }
}
