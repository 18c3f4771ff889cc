/// ISO-2022-JP as Japanese mail programs write it, with the characters of NEC and IBM that the standard lacks.
extension Charset {
    /// Rewritten to EUC, which iconv knows with these characters.
    static func japanese(_ bytes: [UInt8]) -> (text: String, errors: Int)? {
        enum Mode { case ascii, kanji, kana }
        var mode = Mode.ascii
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x1B, index + 2 < bytes.count {
                let (first, second) = (bytes[index + 1], bytes[index + 2])
                index += 3
                if first == 0x24, second == 0x42 || second == 0x40 {
                    mode = .kanji
                } else {
                    mode = first == 0x28 && second == 0x49 ? .kana : .ascii
                }
                continue
            }
            if byte <= 0x20 || byte >= 0x7F || mode == .ascii {
                out.append(byte)
                index += 1
            } else if mode == .kana {
                out += [0x8E, byte | 0x80]
                index += 1
            } else {
                out.append(byte | 0x80)
                if index + 1 < bytes.count, bytes[index + 1] > 0x20 { out.append(bytes[index + 1] | 0x80) }
                index += 2
            }
        }
        return convert(out, from: "EUC-JP-MS")
    }
}
