import Base

/// A ZIP archive of files that are stored as they are, written one after the other.
///
/// Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16. Less than 4 GiB and 65,535 files.
struct ZipWriter {
    private struct Entry {
        var name: [UInt8]
        var sum: UInt32
        var size: Int
        var offset: Int
    }

    private static let mostFiles = 65_000
    private static let mostBytes = 4_000_000_000

    private var entries: [Entry] = []
    private var offset = 0

    /// True when a file of this size does not go in any more.
    func isFull(for size: Int) -> Bool { entries.count >= Self.mostFiles || offset + size > Self.mostBytes }

    /// What is to be written for a file.
    mutating func add(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        let entry = Entry(name: Array(name.utf8), sum: CRC32.of(bytes), size: bytes.count, offset: offset)
        entries.append(entry)
        let head = Self.number(0x0403_4B50, 4) + Self.common(entry) + entry.name
        offset += head.count + bytes.count
        return head + bytes
    }

    /// What is to be written at the end.
    func end() -> [UInt8] {
        var directory: [UInt8] = []
        for entry in entries {
            directory += Self.number(0x0201_4B50, 4) + Self.number(20, 2) + Self.common(entry)
            directory += [UInt8](repeating: 0, count: 10) + Self.number(entry.offset, 4) + entry.name
        }
        let count = Self.number(entries.count, 2)
        return directory + Self.number(0x0605_4B50, 4) + [0, 0, 0, 0] + count + count
            + Self.number(directory.count, 4) + Self.number(offset, 4) + [0, 0]
    }

    /// Version, names in UTF-8, stored, the first of January 1980, sum, sizes, lengths.
    private static func common(_ entry: Entry) -> [UInt8] {
        let head = number(20, 2) + number(0x0800, 2) + number(0, 2) + number(0, 2) + number(0x21, 2)
        let sizes = number(Int(entry.sum), 4) + number(entry.size, 4) + number(entry.size, 4)
        return head + sizes + number(entry.name.count, 2) + number(0, 2)
    }

    private static func number(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

/// The checksum of ZIP (ISO 3309).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { start in
        (0..<8).reduce(UInt32(start)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
    }

    static func of(_ bytes: [UInt8]) -> UInt32 {
        let table = table
        return ~bytes.reduce(~UInt32(0)) { sum, byte in table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ (sum >> 8) }
    }
}
