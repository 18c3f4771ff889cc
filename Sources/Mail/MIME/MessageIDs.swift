/// Message ids in Message-ID, In-Reply-To and References, read leniently.
enum MessageIDs {
    static let limit = 1000

    /// Ids without angle brackets, in order, each once. Without any brackets, words with an `@` count.
    static func extract(_ value: [UInt8]) -> [String] {
        if EncodedWords.needsDecoding(value) { return extract(ascii: Array(EncodedWords.decode(value).utf8)) }
        return extract(ascii: value)
    }

    private static func extract(ascii value: [UInt8]) -> [String] {
        var ids: [String] = []
        var seen: Set<String> = []
        func add(_ bytes: ArraySlice<UInt8>) {
            let id = String(decoding: bytes.filter { !ASCII.isSpace($0) && $0 != 0 }, as: UTF8.self)
            if !id.isEmpty, id.utf8.count <= 998, ids.count < limit, seen.insert(id).inserted { ids.append(id) }
        }
        var open: Int?
        for index in value.indices {
            if value[index] == 0x3C {
                open = index + 1
            } else if value[index] == 0x3E, let start = open {
                add(value[start..<index])
                open = nil
            }
        }
        if !ids.isEmpty { return ids }
        let isSeparator = { (byte: UInt8) in
            ASCII.isSpace(byte) || byte == 0x2C || byte == 0x3B || byte == 0x3C || byte == 0x3E
        }
        for word in value.split(whereSeparator: isSeparator) where word.contains(0x40) { add(word) }
        return ids
    }

    /// The id of a message: the first one, or whatever stands there.
    static func own(_ value: [UInt8]) -> String {
        if let first = extract(value).first { return first }
        let bare = ASCII.trimmed(value[...]).filter { $0 > 0x20 && $0 != 0x3C && $0 != 0x3E && $0 < 0x80 }
        return String(decoding: bare.prefix(998), as: UTF8.self)
    }
}
