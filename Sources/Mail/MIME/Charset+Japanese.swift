/// ISO-2022-JP as Japanese mail programs write it, with the characters of NEC and IBM that the standard lacks.
extension Charset {
    /// Rewritten to Shift_JIS as Windows has it, whose table knows these characters, 髙 and ① among them.
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
                out.append(byte | 0x80)
                index += 1
            } else {
                out += shiftJIS(byte, index + 1 < bytes.count ? bytes[index + 1] : 0)
                index += 2
            }
        }
        return convert(out, from: "CP932")
    }

    /// Row and cell of JIS, each 0x21 to 0x7E, as Shift_JIS writes them; a byte that nothing begins with for others.
    private static func shiftJIS(_ row: UInt8, _ cell: UInt8) -> [UInt8] {
        guard (0x21...0x7E).contains(cell) else { return [0xFD] }
        let pair = (row - 0x21) / 2 + 0x81
        let lead = pair > 0x9F ? pair + 0x40 : pair
        let isOdd = row % 2 == 1
        return [lead, isOdd ? cell + (cell >= 0x60 ? 0x20 : 0x1F) : cell + 0x7E]
    }
}
