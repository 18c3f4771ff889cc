/// Parameters of Content-Type and Content-Disposition (RFC 2231), also as broken clients write them.
enum HeaderParameters {
    /// The decoded value of `name` (lower case), or nil.
    static func value(of name: String, in header: [UInt8]) -> String? {
        var plain: [UInt8]?
        var pieces: [(number: Int, isEncoded: Bool, value: [UInt8])] = []
        for (key, value) in split(header) {
            let parts = key.split(separator: "*", omittingEmptySubsequences: false)
            guard parts.first.map(String.init) == name else { continue }
            if parts.count == 1 {
                plain = plain ?? value
            } else if parts.count == 2, parts[1].isEmpty {
                pieces.append((0, true, value))
            } else if let number = Int(parts[1]), number >= 0, number < 1000 {
                pieces.append((number, parts.count > 2, value))
            }
        }
        if !pieces.isEmpty { return joined(pieces) }
        return plain.map { EncodedWords.decode($0) }
    }

    /// `charset'language'` leads the first piece; percent signs count in the pieces marked so.
    private static func joined(_ unsorted: [(number: Int, isEncoded: Bool, value: [UInt8])]) -> String {
        var charset = ""
        var bytes: [UInt8] = []
        for (index, piece) in unsorted.sorted(by: { $0.number < $1.number }).enumerated() {
            var value = piece.value[...]
            if index == 0, piece.isEncoded, let first = value.firstIndex(of: 0x27),
                let second = value[(first + 1)...].firstIndex(of: 0x27)
            {
                charset = String(decoding: value[..<first], as: UTF8.self)
                value = value[(second + 1)...]
            }
            bytes += piece.isEncoded ? unpercented(value) : Array(value)
        }
        if ASCII.find("=?", in: bytes[...]) != nil { return EncodedWords.decode(bytes) }
        return Charset.decode(bytes, label: charset).text
    }

    private static func unpercented(_ value: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        var index = value.startIndex
        while index < value.endIndex {
            if value[index] == 0x25, index + 2 < value.endIndex, let high = EncodedWords.hex(value[index + 1]),
                let low = EncodedWords.hex(value[index + 2])
            {
                out.append(high << 4 | low)
                index += 3
            } else {
                out.append(value[index])
                index += 1
            }
        }
        return out
    }

    /// Names in lower case with their values, unquoted, in order.
    private static func split(_ header: [UInt8]) -> [(String, [UInt8])] {
        var out: [(String, [UInt8])] = []
        let bytes = header.filter { $0 != 0x0D && $0 != 0x0A }
        var index = bytes.firstIndex(of: 0x3B) ?? bytes.count
        while index < bytes.count, out.count < 1000 {
            index += 1
            let nameStart = index
            while index < bytes.count, bytes[index] != 0x3D, bytes[index] != 0x3B { index += 1 }
            let name = ASCII.lowercased(ASCII.trimmed(bytes[nameStart..<index]))
            guard index < bytes.count, bytes[index] == 0x3D else { continue }
            index += 1
            while index < bytes.count, ASCII.isSpace(bytes[index]) { index += 1 }
            let value = index < bytes.count && bytes[index] == 0x22 ? quoted(bytes, &index) : token(bytes, &index)
            out.append((name, value))
        }
        return out
    }

    /// A quoted string; what stands behind it up to `;` is dropped.
    private static func quoted(_ bytes: [UInt8], _ index: inout Int) -> [UInt8] {
        var out: [UInt8] = []
        index += 1
        while index < bytes.count, bytes[index] != 0x22 {
            // Windows paths come with single backslashes: only a quote or a backslash is taken as escaped.
            if bytes[index] == 0x5C, index + 1 < bytes.count, bytes[index + 1] == 0x22 || bytes[index + 1] == 0x5C {
                index += 1
            }
            out.append(bytes[index])
            index += 1
        }
        while index < bytes.count, bytes[index] != 0x3B { index += 1 }
        return out
    }

    /// An unquoted value up to `;`, blanks inside kept, as senders of `name=my file.pdf` mean it.
    private static func token(_ bytes: [UInt8], _ index: inout Int) -> [UInt8] {
        let start = index
        while index < bytes.count, bytes[index] != 0x3B { index += 1 }
        return Array(ASCII.trimmed(bytes[start..<index]))
    }
}
