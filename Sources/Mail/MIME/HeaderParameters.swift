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
        return plain.map { unmarked($0) ?? EncodedWords.decode($0) }
    }

    /// `UTF-8''na%C3%AFve.pdf` where no star says so, and names that are nothing but percent signs of UTF-8.
    private static func unmarked(_ value: [UInt8]) -> String? {
        guard value.contains(0x25), ASCII.isPure(value) else { return nil }
        if let (charset, rest) = labelled(value[...]), hasHighPercent(rest) {
            return Charset.decode(unpercented(rest), label: charset).text
        }
        guard hasHighPercent(value[...]) else { return nil }
        let bytes = unpercented(value[...])
        return Charset.isValidUTF8(bytes) ? String(decoding: bytes, as: UTF8.self) : nil
    }

    /// The charset and what stands behind `charset'language'`; some leave one of the apostrophes out.
    private static func labelled(_ value: ArraySlice<UInt8>) -> (charset: String, rest: ArraySlice<UInt8>)? {
        guard let first = value.firstIndex(of: 0x27) else { return nil }
        let charset = String(decoding: value[..<first], as: UTF8.self)
        let isName = { (byte: UInt8) in
            ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == 0x2D || byte == 0x5F || byte == 0x3A || byte == 0x2B
        }
        guard first > value.startIndex, value[..<first].allSatisfy(isName) else { return nil }
        let behind = value[(first + 1)...]
        if let second = behind.firstIndex(of: 0x27), behind[..<second].allSatisfy({ ASCII.isLetter($0) || $0 == 0x2D })
        {
            return (charset, behind[(second + 1)...])
        }
        return ["utf-8", "iso-8859-1"].contains(charset.lowercased()) ? (charset, behind) : nil
    }

    private static func hasHighPercent(_ value: ArraySlice<UInt8>) -> Bool {
        value.indices.dropLast(2).contains { index in
            value[index] == 0x25 && (EncodedWords.hex(value[index + 1]) ?? 0) >= 8
                && EncodedWords.hex(value[index + 2]) != nil
        }
    }

    /// `charset'language'` leads the first piece; percent signs count in the pieces marked so, and behind a marked one
    /// in those whose percent signs make letters beyond ASCII.
    private static func joined(_ unsorted: [(number: Int, isEncoded: Bool, value: [UInt8])]) -> String {
        var charset = ""
        var bytes: [UInt8] = []
        let pieces = unsorted.sorted { $0.number < $1.number }
        let isMarked = pieces.contains(where: \.isEncoded)
        for (index, piece) in pieces.enumerated() {
            var value = piece.value[...]
            if index == 0, piece.isEncoded {
                if let (label, rest) = labelled(value) {
                    (charset, value) = (label, rest)
                } else if value.starts(with: [0x27, 0x27]) {
                    value = value.dropFirst(2)
                }
            }
            let isEncoded = piece.isEncoded || (isMarked && hasHighPercent(value))
            bytes += isEncoded ? unpercented(value) : Array(value)
        }
        if ASCII.find("=?", in: bytes[...]) != nil { return EncodedWords.decode(bytes) }
        if !isMarked, let text = unmarked(bytes) { return text }
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
