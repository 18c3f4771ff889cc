import Base

/// A small picture made of numbers: stripes between two colours, as PNG without compression.
enum Picture {
    private static let width = 160
    private static let height = 120

    static func png(seed: UInt64) -> [UInt8] {
        var chance = Chance(seed: seed)
        let from = (0..<3).map { _ in chance.number(40...230) }
        let to = (0..<3).map { _ in chance.number(40...230) }
        let stripe = chance.number(6...30)
        var rows: [UInt8] = []
        for y in 0..<height {
            rows.append(0)
            for x in 0..<width {
                let isMarked = (x + y) / stripe % 2 == 0
                for channel in 0..<3 {
                    let value = from[channel] + (to[channel] - from[channel]) * y / height
                    rows.append(UInt8(isMarked ? value : value * 4 / 5))
                }
            }
        }
        let header = bytes(UInt32(width)) + bytes(UInt32(height)) + [8, 2, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
            + chunk("IDAT", stored(rows)) + chunk("IEND", [])
    }

    /// A zlib stream of blocks that are not compressed.
    private static func stored(_ data: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var position = 0
        while position < data.count {
            let end = min(position + 65_535, data.count)
            let count = UInt16(end - position)
            stream.append(end == data.count ? 1 : 0)
            stream += [UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8)]
            stream += data[position..<end]
            position = end
        }
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in data {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return stream + bytes(high << 16 | low)
    }

    private static func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(kind.utf8) + data
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in body {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
        }
        return bytes(UInt32(data.count)) + body + bytes(~sum)
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [UInt8(number >> 24), UInt8(number >> 16 & 0xFF), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]
    }
}
