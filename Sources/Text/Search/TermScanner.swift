import CICU

/// Walks a text once and gives each search term with the bytes it came from. The rules stand in `SearchTerms`.
struct TermScanner {
    /// Longest term in bytes.
    static let limit = 64

    /// ASCII letters and digits in lower case; 0 for all else, which separates words.
    private static let ascii: [UInt8] = (0..<128).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(byte) | 0x20
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(byte)
        default: 0
        }
    }

    private enum Run { case none, word, pairs }

    private var run = Run.none
    /// The word or, in a script without spaces, the character being read, with the marks that belong to it.
    private var current: [UInt8] = []
    private var currentStart = 0
    private var currentEnd = 0
    private var hasMarks = false
    private var last: UInt32 = 0
    /// The character before `current` in a script without spaces.
    private var previous: [UInt8] = []
    private var previousStart = 0
    private var hasPrevious = false
    private var hasPair = false
    private var folded = [UInt32](repeating: 0, count: Int(CICU_FOLD_MAX))

    /// Calls `emit` with the UTF-8 bytes of each term and the range of `bytes` it covers, in order.
    static func scan(_ text: String, _ emit: (ArraySlice<UInt8>, Range<Int>) -> Void) {
        var text = text
        text.withUTF8 { bytes in
            var scanner = TermScanner()
            scanner.walk(bytes, emit)
        }
    }

    private mutating func walk(_ bytes: UnsafeBufferPointer<UInt8>, _ emit: (ArraySlice<UInt8>, Range<Int>) -> Void) {
        current.reserveCapacity(256)
        var index = 0
        Self.ascii.withUnsafeBufferPointer { ascii in
            while index < bytes.count {
                let byte = bytes[index]
                if byte < 128 {
                    let lower = ascii[Int(byte)]
                    if lower == 0 {
                        if run != .none { finish(emit) }
                    } else {
                        addWord(UInt32(lower), index..<index + 1, emit)
                    }
                    index += 1
                } else {
                    let (scalar, length) = Self.decode(bytes, index)
                    add(scalar, index..<index + length, emit)
                    index += length
                }
            }
        }
        finish(emit)
    }

    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> (UInt32, Int) {
        let first = UInt32(bytes[index])
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var scalar = first & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for offset in 1..<length { scalar = scalar << 6 | UInt32(bytes[index + offset] & 0x3F) }
        return (scalar, length)
    }

    private mutating func add(_ scalar: UInt32, _ range: Range<Int>, _ emit: (ArraySlice<UInt8>, Range<Int>) -> Void) {
        let count = folded.withUnsafeMutableBufferPointer { cicu_fold(scalar, $0.baseAddress) }
        for index in 0..<Int(count) {
            let value = folded[index] & 0xFF_FFFF
            switch Int(folded[index] >> 24) {
            case Int(CICU_WORD):
                if let letters = ScriptFolding.letters(value) {
                    for letter in letters { addWord(letter, range, emit) }
                } else {
                    addWord(value, range, emit)
                }
            case Int(CICU_PAIR): addPair(value, range, emit)
            case Int(CICU_MARK): addMark(value, range)
            default: finish(emit)
            }
        }
    }

    @inline(__always)
    private mutating func addWord(
        _ scalar: UInt32, _ range: Range<Int>, _ emit: (ArraySlice<UInt8>, Range<Int>) -> Void
    ) {
        if run != .word {
            finish(emit)
            run = .word
            currentStart = range.lowerBound
        }
        append(scalar, range)
    }

    private mutating func addPair(
        _ scalar: UInt32, _ range: Range<Int>, _ emit: (ArraySlice<UInt8>, Range<Int>) -> Void
    ) {
        if run == .pairs {
            emitPair(emit)
        } else {
            finish(emit)
            run = .pairs
            hasPair = false
            hasPrevious = false
        }
        currentStart = range.lowerBound
        append(scalar, range)
    }

    /// A mark alone, without a letter before it, is dropped.
    private mutating func addMark(_ mark: UInt32, _ range: Range<Int>) {
        guard run != .none else { return }
        if let kept = ScriptFolding.mark(mark, after: last) {
            hasMarks = true
            append(kept, range)
            if kept == ScriptFolding.hamza { last = 0 }
        } else {
            currentEnd = range.upperBound
        }
    }

    @inline(__always)
    private mutating func append(_ scalar: UInt32, _ range: Range<Int>) {
        currentEnd = range.upperBound
        last = scalar
        // Room for what composition takes away; more than this cannot be part of a term.
        guard current.count < 4 * Self.limit else { return }
        if scalar < 0x80 {
            current.append(UInt8(truncatingIfNeeded: scalar))
        } else {
            appendWide(scalar)
        }
    }

    private mutating func appendWide(_ scalar: UInt32) {
        if (0x1100...0x11FF).contains(scalar) { hasMarks = true }
        if let unicode = Unicode.Scalar(scalar) { current.append(contentsOf: UTF8.encode(unicode) ?? .init()) }
    }

    private mutating func finish(_ emit: (ArraySlice<UInt8>, Range<Int>) -> Void) {
        switch run {
        case .none: return
        case .word:
            compose()
            emit(Self.cut(current), currentStart..<currentEnd)
        case .pairs:
            emitPair(emit)
            if !hasPair { emit(Self.cut(previous), previousStart..<currentEnd) }
            hasPrevious = false
        }
        current.removeAll(keepingCapacity: true)
        run = .none
        last = 0
    }

    /// Ends a character of a script without spaces: with the one before it, it makes a term.
    private mutating func emitPair(_ emit: (ArraySlice<UInt8>, Range<Int>) -> Void) {
        compose()
        if hasPrevious {
            emit(Self.cut(previous + current), previousStart..<currentEnd)
            hasPair = true
        }
        hasPrevious = true
        previousStart = currentStart
        swap(&previous, &current)
        current.removeAll(keepingCapacity: true)
    }

    private mutating func compose() {
        guard hasMarks else { return }
        hasMarks = false
        current = Normalization.nfc(current)
    }

    private static func cut(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        guard bytes.count > limit else { return bytes[...] }
        var end = limit
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return bytes[..<end]
    }
}
