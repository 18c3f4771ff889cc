import CGMime
import Glibc

/// Bytes of any charset to text, judging by the content when the label lies.
enum Charset {
    enum Encoding: Equatable {
        case utf8, ascii, windows1252, unknown
        case iconv(String)
    }

    struct Decoded {
        var text: String
        /// `charset-guessed`, `charset-wrong`, `charset-unknown` or `encoding-broken`; nil when all is well.
        var problem: String?
    }

    /// `label` is nil or empty when the sender names none.
    static func decode(_ bytes: [UInt8], label: String?) -> Decoded {
        let encoding = label.map(resolve) ?? .unknown
        if ASCII.isPure(bytes), !isSevenBitCode(encoding, bytes) {
            return Decoded(text: String(decoding: bytes, as: UTF8.self))
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]), isValidUTF8(bytes) {
            return Decoded(text: String(decoding: bytes.dropFirst(3), as: UTF8.self))
        }
        switch encoding {
        case .utf8: return decodeDeclaredUTF8(bytes)
        case .ascii, .unknown: return guessed(bytes, isLabelled: !(label ?? "").isEmpty)
        case .windows1252:
            if isValidUTF8(bytes) {
                return Decoded(text: String(decoding: bytes, as: UTF8.self), problem: "charset-wrong")
            }
            return western(bytes)
        case .iconv(let name): return decodeByIconv(bytes, name)
        }
    }

    /// Strict UTF-8, as Unicode defines it.
    static func isValidUTF8(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) != nil }
    }

    private static func isSevenBitCode(_ encoding: Encoding, _ bytes: [UInt8]) -> Bool {
        switch encoding {
        case .iconv(let name):
            return name == "UTF-7" || name == "UTF-16" || name.contains("2022") || name.hasPrefix("utf-")
                || name == "hz-gb-2312"
        case .unknown, .ascii: return CharsetGuess.hasJapaneseEscape(bytes)
        default: return false
        }
    }

    private static func decodeDeclaredUTF8(_ bytes: [UInt8]) -> Decoded {
        if let text = bytes.withUnsafeBufferPointer({ String(validating: $0, as: UTF8.self) }) {
            return Decoded(text: text)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let broken = text.unicodeScalars.reduce(0) { $0 + ($1 == "\u{FFFD}" ? 1 : 0) }
        let sound = text.unicodeScalars.reduce(0) { $0 + ($1.value > 0x7F && $1 != "\u{FFFD}" ? 1 : 0) }
        if broken > sound { return Decoded(text: CharsetGuess.decode(bytes), problem: "charset-wrong") }
        return Decoded(text: text, problem: "encoding-broken")
    }

    /// What calls itself western, unless its bytes cannot be that.
    private static func western(_ bytes: [UInt8]) -> Decoded {
        let text = windows1252(bytes)
        guard CharsetGuess.isHardlyWestern(bytes) else { return Decoded(text: text) }
        let other = CharsetGuess.decode(bytes)
        return Decoded(text: other, problem: other == text ? nil : "charset-wrong")
    }

    private static func guessed(_ bytes: [UInt8], isLabelled: Bool) -> Decoded {
        let text =
            isValidUTF8(bytes) && !CharsetGuess.hasJapaneseEscape(bytes)
            ? String(decoding: bytes, as: UTF8.self) : CharsetGuess.decode(bytes)
        return Decoded(text: text, problem: isLabelled ? "charset-wrong" : "charset-guessed")
    }

    private static func decodeByIconv(_ bytes: [UInt8], _ name: String) -> Decoded {
        guard let converted = convert(bytes, from: name) else {
            var decoded = guessed(bytes, isLabelled: true)
            decoded.problem = "charset-unknown"
            return decoded
        }
        if isBetterAsUTF8(bytes, name, converted.errors) {
            return Decoded(text: String(decoding: bytes, as: UTF8.self), problem: "charset-wrong")
        }
        if name == "ISO-2022-JP-3", converted.errors > 0, let other = japanese(bytes), other.errors < converted.errors {
            return Decoded(text: other.text, problem: other.errors > 0 ? "encoding-broken" : nil)
        }
        if let other = otherCyrillic(bytes, readAs: name, converted.text) {
            return Decoded(text: other, problem: "charset-wrong")
        }
        if name == "BIG5-HKSCS", converted.errors > 0, let other = convert(bytes, from: "CP950"), other.errors == 0 {
            return Decoded(text: other.text)
        }
        return Decoded(text: converted.text, problem: converted.errors > 0 ? "encoding-broken" : nil)
    }

    /// Text of a single-byte set is never valid UTF-8 by chance; a few characters of a double-byte set may be.
    private static func isBetterAsUTF8(_ bytes: [UInt8], _ name: String, _ errors: Int) -> Bool {
        guard !ASCII.isPure(bytes), !name.hasPrefix("UTF-16"), isValidUTF8(bytes) else { return false }
        let isDoubleByte = ["GB18030", "CP949", "CP932", "EUC-JP-MS", "BIG5-HKSCS"].contains(name)
        if !isDoubleByte || errors > 0 { return true }
        return String(decoding: bytes, as: UTF8.self).unicodeScalars.lazy.filter { $0.value > 0x7F }.count >= 4
    }

    /// Text with U+FFFD for what is broken, and how many such places; nil when iconv does not know the name.
    static func convert(_ bytes: [UInt8], from name: String) -> (text: String, errors: Int)? {
        guard let converter = g_iconv_open("UTF-8", name), converter != GIConv(bitPattern: -1) else { return nil }
        defer { g_iconv_close(converter) }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + bytes.count / 2)
        var errors = 0
        var source = bytes
        source.withUnsafeMutableBytes { raw in
            var input = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            var left: gsize = gsize(raw.count)
            while left > 0 {
                let result = step(converter, &input, &left, &out)
                if result == .done { break }
                if result == .broken {
                    errors += 1
                    out += [0xEF, 0xBF, 0xBD]
                    input = input?.advanced(by: 1)
                    left -= 1
                }
            }
            var none: UnsafeMutablePointer<CChar>?
            var zero: gsize = 0
            _ = step(converter, &none, &zero, &out)
        }
        return (String(decoding: out, as: UTF8.self), errors)
    }

    private enum Step { case done, more, broken }

    private static func step(
        _ converter: GIConv, _ input: inout UnsafeMutablePointer<CChar>?, _ left: inout gsize, _ out: inout [UInt8]
    ) -> Step {
        withUnsafeTemporaryAllocation(byteCount: 8192, alignment: 1) { buffer in
            var target = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            var room: gsize = 8192
            let before = left
            let result = g_iconv(converter, &input, &left, &target, &room)
            let code = errno
            out.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<(8192 - Int(room))]))
            if result != gsize.max { return .done }
            // A converter that neither reads nor writes would turn for ever.
            if code == E2BIG, before != left || room < 8192 { return .more }
            return .broken
        }
    }

    static func windows1252(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + bytes.count / 4)
        for byte in bytes {
            if byte < 0x80 {
                out.append(byte)
            } else if byte >= 0xA0 {
                out.append(0xC0 | byte >> 6)
                out.append(0x80 | byte & 0x3F)
            } else {
                out.append(contentsOf: String(upperHalf[Int(byte) - 0x80]).utf8)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static let upperHalf: [Unicode.Scalar] = Array(
        "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ".unicodeScalars)
}
