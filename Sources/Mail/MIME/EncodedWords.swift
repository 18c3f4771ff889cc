import CGMime

/// RFC 2047 as it is really written: words inside quotes, split characters, missing blanks, raw 8-bit beside them.
enum EncodedWords {
    /// A run of a header value, decoded; `isEncoded` tells whether it came from encoded words.
    struct Run {
        var text: String
        var isEncoded: Bool
    }

    /// Decoded text in one line: unfolded, without control characters, trimmed.
    static func decode(_ value: [UInt8]) -> String {
        if ASCII.find("=?", in: value[...]) == nil, ASCII.isPure(value) { return oneLine(value) }
        var whole = ""
        for run in runs(value) { whole += run.text }
        return oneLine(Array(whole.utf8))
    }

    static func needsDecoding(_ value: [UInt8]) -> Bool {
        !ASCII.isPure(value) || ASCII.find("=?", in: value[...]) != nil || value.contains(0x1B)
    }

    /// CR, LF and other control characters out, blanks at both ends off.
    static func oneLine(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        for byte in ASCII.trimmed(bytes[...]) {
            if byte == 0x0D || byte == 0x0A { continue }
            out.append(byte < 0x20 || byte == 0x7F ? 0x20 : byte)
        }
        return String(decoding: ASCII.trimmed(out[...]), as: UTF8.self)
    }

    /// The value cut into raw and encoded runs; adjacent words of one charset are decoded together.
    static func runs(_ value: [UInt8]) -> [Run] {
        let bytes = value.filter { $0 != 0x0D && $0 != 0x0A }
        var out: [Run] = []
        var raw: [UInt8] = []
        var words: [Word] = []
        var index = 0
        func flushWords() {
            if !words.isEmpty { out.append(Run(text: decode(words), isEncoded: true)) }
            words = []
        }
        func flushRaw() {
            if !raw.isEmpty { out.append(Run(text: Charset.decode(raw, label: nil).text, isEncoded: false)) }
            raw = []
        }
        while index < bytes.count {
            if bytes[index] == 0x3D, let (word, end) = word(in: bytes, at: index) {
                if raw.allSatisfy(ASCII.isSpace), !words.isEmpty { raw = [] }
                if !raw.isEmpty {
                    flushWords()
                    flushRaw()
                }
                words.append(word)
                index = end
            } else {
                raw.append(bytes[index])
                index += 1
            }
        }
        flushWords()
        flushRaw()
        return out
    }

    private struct Word {
        var charset: String
        var isBase64: Bool
        var payload: ArraySlice<UInt8>
    }

    /// The encoded word that starts at `start`, and the index behind it.
    private static func word(in bytes: [UInt8], at start: Int) -> (Word, Int)? {
        guard start + 6 < bytes.count, bytes[start + 1] == 0x3F else { return nil }
        let limit = min(bytes.count, start + 80)
        guard let mark = bytes[(start + 2)..<limit].firstIndex(of: 0x3F), mark > start + 2, mark + 2 < bytes.count,
            bytes[mark + 2] == 0x3F
        else { return nil }
        let charset = bytes[(start + 2)..<mark]
        let kind = ASCII.lower(bytes[mark + 1])
        guard kind == 0x62 || kind == 0x71, charset.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        var end = mark + 3
        while end + 1 < bytes.count, bytes[end] != 0x3F || bytes[end + 1] != 0x3D { end += 1 }
        guard end + 1 < bytes.count else { return nil }
        let payload = bytes[(mark + 3)..<end]
        return (
            Word(charset: String(decoding: charset, as: UTF8.self), isBase64: kind == 0x62, payload: payload), end + 2
        )
    }

    private static func decode(_ words: [Word]) -> String {
        var out = ""
        var index = 0
        while index < words.count {
            var bytes: [UInt8] = []
            var base64: [UInt8] = []
            let charset = words[index].charset
            while index < words.count, words[index].charset.lowercased() == charset.lowercased() {
                let word = words[index]
                if word.isBase64 {
                    base64 += word.payload
                    // Four letters make three bytes; a sender that cut inside of them goes on in the next word.
                    let letters = base64.count { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == 0x2B || $0 == 0x2F }
                    if letters % 4 == 0 || base64.contains(0x3D) {
                        bytes += TransferEncoding.base64.decode(base64)
                        base64 = []
                    }
                } else {
                    bytes += quoted(word.payload)
                }
                index += 1
            }
            if !base64.isEmpty { bytes += TransferEncoding.base64.decode(base64 + [0x3D, 0x3D]) }
            out += Charset.decode(bytes, label: charset).text
        }
        return out
    }

    /// The Q encoding; stray `=` stays as it is.
    private static func quoted(_ payload: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        var index = payload.startIndex
        while index < payload.endIndex {
            let byte = payload[index]
            if byte == 0x3D, index + 2 < payload.endIndex, let high = hex(payload[index + 1]),
                let low = hex(payload[index + 2])
            {
                out.append(high << 4 | low)
                index += 3
                continue
            }
            out.append(byte == 0x5F ? 0x20 : byte)
            index += 1
        }
        return out
    }

    static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: return byte - 0x30
        case 0x41...0x46: return byte - 0x37
        case 0x61...0x66: return byte - 0x57
        default: return nil
        }
    }
}
