/// What search takes for the same letter, script by script, after compatibility and case folding.
enum ScriptFolding {
    static let hamza: UInt32 = 0x654
    private static let breve: UInt32 = 0x306

    /// The letters that stand for this one; nil when it stands for itself.
    static func letters(_ letter: UInt32) -> [UInt32]? {
        switch letter {
        case 0..<0xC0: nil
        case 0xC0..<0x180: latin[letter]
        case 0x621..<0x700: arabic[letter].map { [$0] } ?? (letter == 0x640 ? [] : nil)
        default: nil
        }
    }

    /// The mark to keep after `base`, or nil to drop it: most marks of Latin, Greek, Cyrillic, Arabic and Hebrew go,
    /// those of all other scripts are part of the word and stay.
    static func mark(_ mark: UInt32, after base: UInt32) -> UInt32? {
        switch mark {
        case breve: (0x400..<0x530).contains(base) ? mark : nil
        case 0x300..<0x370, 0x483..<0x48A, 0x1AB0..<0x1B00, 0x1DC0..<0x1E00, 0x20D0..<0x2100, 0xFE20..<0xFE30: nil
        case 0x591..<0x5C8: nil
        case hamza: hamzaSeats.contains(base) ? mark : nil
        case 0x610..<0x61B, 0x64B..<0x660, 0x670, 0x6D6..<0x6EE, 0x8D3..<0x900: nil
        case 0x93C: nil
        case 0x901: 0x902
        default: mark
        }
    }

    /// Waw, yeh, heh and their like carry a hamza that makes another letter; alef does not.
    private static let hamzaSeats: Set<UInt32> = [0x648, 0x64A, 0x647, 0x6D5]

    /// Letters that Unicode does not take apart.
    private static let latin: [UInt32: [UInt32]] = [
        0xE6: [0x61, 0x65], 0xF0: [0x64], 0xF8: [0x6F], 0xFE: [0x74, 0x68], 0x111: [0x64], 0x127: [0x68],
        0x131: [0x69], 0x142: [0x6C], 0x153: [0x6F, 0x65], 0x167: [0x74],
    ]

    /// Forms of alef; alef maksura, Persian and Urdu yeh; teh marbuta and Urdu heh; Persian kaf.
    private static let arabic: [UInt32: UInt32] = [
        0x671: 0x627, 0x672: 0x627, 0x673: 0x627, 0x675: 0x627, 0x649: 0x64A, 0x6CC: 0x64A, 0x629: 0x647,
        0x6C1: 0x647, 0x6C3: 0x647, 0x6A9: 0x643,
    ]
}
