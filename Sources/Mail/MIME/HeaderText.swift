/// Header fields of an original as people read them, for those who look at one outside of the parsers: in time
/// proportional to their length, and with no converter but those this program names itself.
package enum HeaderText {
    /// Bytes of one value that are decoded.
    private static let longest = 2048

    /// Names in lower case, values unfolded and with their encoded words (RFC 2047) decoded, in order. At most so many
    /// bytes are looked at.
    package static func fields(of raw: [UInt8], atMost most: Int) -> [(name: String, value: String)] {
        var found: [(name: String, value: [UInt8])] = []
        let end = min(raw.count, most)
        var start = 0
        while start < end {
            let stop = raw[start..<end].firstIndex(of: 0x0A) ?? end
            let line = raw[start..<stop].last == 0x0D ? raw[start..<(stop - 1)] : raw[start..<stop]
            guard let first = line.first else { break }
            if first == 0x20 || first == 0x09 {
                if !found.isEmpty { found[found.count - 1].value += [0x20] + ASCII.trimmed(line) }
            } else if let colon = line.firstIndex(of: 0x3A) {
                let name = ASCII.lowercased(ASCII.trimmed(line[..<colon]))
                found.append((name, Array(ASCII.trimmed(line[(colon + 1)...]))))
            }
            start = stop + 1
        }
        return found.map { ($0.name, decoded($0.value)) }
    }

    /// A value whose encoded words name a charset nobody knows stays as it is.
    static func decoded(_ value: [UInt8]) -> String {
        guard value.count <= longest, EncodedWords.needsDecoding(value),
            charsets(value).allSatisfy(Charset.isNamed)
        else { return String(decoding: value, as: UTF8.self) }
        return EncodedWords.decode(value)
    }

    /// What stands between `=?` and the next question mark, where `?b?` or `?q?` follows.
    private static func charsets(_ value: [UInt8]) -> [String] {
        value.indices.dropLast(4).compactMap { start in
            guard value[start] == 0x3D, value[start + 1] == 0x3F,
                let mark = value[(start + 2)...].prefix(80).firstIndex(of: 0x3F), mark + 2 < value.count,
                [0x62, 0x71].contains(ASCII.lower(value[mark + 1])), value[mark + 2] == 0x3F
            else { return nil }
            return String(decoding: value[(start + 2)..<mark], as: UTF8.self)
        }
    }
}
