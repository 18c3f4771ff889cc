/// What is put into a message: words stay as they are, digits among them too; an amount is written as the language
/// writes numbers. All choose plural forms.
package enum MessageArgument: Sendable, Equatable {
    case words(String)
    /// Words of somebody else within a sentence of ours: their direction is their own, and does not move what stands
    /// beside them.
    case isolated(String)
    /// Digits, with a point for a fraction.
    case amount(String)

    package var text: String {
        switch self {
        case .words(let text), .isolated(let text), .amount(let text): text
        }
    }
}

/// Words of one direction within a sentence of the other.
enum Isolation {
    /// First strong isolate, pop directional isolate.
    private static let (start, end) = ("\u{2068}", "\u{2069}")

    /// As they are where they cannot move anything: plain words in a sentence of the same direction.
    static func written(_ text: String, isRightToLeft: Bool) -> String {
        let isFine = text.unicodeScalars.allSatisfy { scalar in
            isRightToLeft ? isRightToLeftLetter(scalar) || scalar == " " : !isRightToLeftLetter(scalar)
        }
        return isFine ? text : start + text + end
    }

    /// Hebrew, Arabic and the scripts beside them.
    private static func isRightToLeftLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
        default: false
        }
    }
}
