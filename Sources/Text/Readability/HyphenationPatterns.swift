import Foundation

/// Where a word may be broken, by F. Liang's patterns ("Word Hy-phen-a-tion by Com-put-er", Stanford 1983), read from
/// the `hyph_*.dic` files that Debian, LibreOffice and pyphen share.
///
/// libhyphen reads the same files, but takes 3.4 s and 40 MB for the German one; here it is a table of hashes.
struct HyphenationPatterns: Sendable {
    /// Letters of a break that are always left before and behind it.
    private static let margin = 2
    /// A word longer than this is no word.
    private static let longestWord = 80

    /// Hash of a pattern's letters → where its values begin in `values`: first their offset, their count, then they.
    private var places: [UInt64: Int32] = [:]
    private var values: [UInt8] = []
    private var longest = 0

    /// Nil when there is no such file, or it is in an encoding we do not know.
    init?(file: String) {
        guard let data = FileManager.default.contents(atPath: file) else { return nil }
        self.init(bytes: [UInt8](data))
    }

    /// The first line names the encoding.
    init?(bytes: [UInt8]) {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: true)
        guard let first = lines.first, let coding = Coding(String(decoding: first, as: UTF8.self)) else { return nil }
        places.reserveCapacity(lines.count)
        for line in lines.dropFirst() {
            if line.first == 0x25 || line.first == 0x23 { continue }
            add(coding.scalars(line))
        }
        guard !places.isEmpty else { return nil }
    }

    /// How often a word in lower case can be broken; one more than that are its syllables.
    func breaks(in word: some Sequence<Unicode.Scalar>) -> Int {
        let letters = [0x2E] + word.map(\.value) + [0x2E]
        guard letters.count > 2 * Self.margin + 1, letters.count <= Self.longestWord + 2 else { return 0 }
        var points = [UInt8](repeating: 0, count: letters.count + 1)
        for start in 0..<letters.count {
            var hash = Self.seed
            for end in start..<min(letters.count, start + longest) {
                hash = Self.mixed(hash, letters[end])
                guard let place = places[hash].map(Int.init) else { continue }
                let first = start + Int(values[place])
                for index in 0..<Int(values[place + 1]) where first + index < points.count {
                    points[first + index] = max(points[first + index], values[place + 2 + index])
                }
            }
        }
        // `points[i]` stands before letter i of the word with its dots: i - 1 letters of the word stand before it.
        let last = letters.count - 2 - Self.margin
        guard last >= Self.margin else { return 0 }
        return (Self.margin...last).count { points[$0 + 1] % 2 == 1 }
    }

    private static let seed: UInt64 = 0xcbf2_9ce4_8422_2325

    private static func mixed(_ hash: UInt64, _ letter: UInt32) -> UInt64 {
        (hash ^ UInt64(letter)) &* 0x0000_0100_0000_01b3 ^ (hash >> 29)
    }

    /// One pattern: letters with digits between them. Options of the format (`LEFTHYPHENMIN 2`) have capitals.
    private mutating func add(_ line: [UInt32]) {
        var letters: [UInt32] = []
        var digits: [UInt8] = [0]
        for scalar in line {
            switch scalar {
            case 0x0D: continue
            case 0x20, 0x41...0x5A: return
            // What changes at the break is not our matter.
            case 0x2F: break
            case 0x30...0x39:
                digits[digits.count - 1] = UInt8(scalar - 0x30)
                continue
            default:
                letters.append(scalar)
                digits.append(0)
                continue
            }
            break
        }
        guard !letters.isEmpty, letters.count < 100, let first = digits.firstIndex(where: { $0 > 0 }),
            let last = digits.lastIndex(where: { $0 > 0 })
        else { return }
        places[letters.reduce(Self.seed, Self.mixed)] = Int32(values.count)
        values += [UInt8(first), UInt8(last - first + 1)] + digits[first...last]
        longest = max(longest, letters.count)
    }

    /// The encodings such files have.
    private enum Coding {
        case utf8, latin1, koi8, cp1251

        init?(_ name: String) {
            switch name.uppercased().filter({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
            case "UTF8": self = .utf8
            case "ISO88591", "ISO885915", "ASCII": self = .latin1
            case "KOI8R", "KOI8U": self = .koi8
            case "MICROSOFTCP1251", "CP1251": self = .cp1251
            default: return nil
            }
        }

        func scalars(_ line: ArraySlice<UInt8>) -> [UInt32] {
            switch self {
            case .utf8: String(decoding: line, as: UTF8.self).unicodeScalars.map(\.value)
            case .latin1: line.map { UInt32($0) }
            case .koi8: line.map { $0 == 0xA3 ? 0x451 : $0 < 0xC0 ? UInt32($0) : Self.koi8Letters[Int($0) % 32] }
            case .cp1251: line.map { $0 == 0xB8 ? 0x451 : $0 < 0xE0 ? UInt32($0) : UInt32($0) - 0xE0 + 0x430 }
            }
        }

        private static let koi8Letters = "юабцдефгхийклмнопярстужвьызшэщчъ".unicodeScalars.map(\.value)
    }
}
