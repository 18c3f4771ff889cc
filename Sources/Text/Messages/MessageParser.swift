/// Reads the banana format in one pass over its bytes.
struct MessageParser {
    typealias Piece = MessageTemplate.Piece
    private static let deepest = 8

    private(set) var isBroken = false
    private let bytes: [UInt8]
    private let readsBraces: Bool
    private var index = 0

    init(_ text: String, readsBraces: Bool) {
        bytes = Array(text.utf8)
        self.readsBraces = readsBraces
    }

    /// Up to the end; inside a choice (depth > 0) up to `|` or `}}`.
    mutating func pieces(depth: Int) -> [Piece] {
        var pieces: [Piece] = []
        var start = index
        while index < bytes.count, !isBroken {
            if depth > 0, bytes[index] == UInt8(ascii: "|") || starts("}}") { break }
            let here = index
            let piece = readsBraces && starts("{{") ? choice(depth: depth + 1) : reference().map(Piece.argument)
            if let piece {
                append(start..<here, to: &pieces)
                pieces.append(piece)
                start = index
            } else if !isBroken {
                index += 1
            }
        }
        append(start..<index, to: &pieces)
        return pieces
    }

    private func append(_ range: Range<Int>, to pieces: inout [Piece]) {
        if !range.isEmpty { pieces.append(.text(String(decoding: bytes[range], as: UTF8.self))) }
    }

    // `{{PLURAL:$1|…}}` or `{{GENDER:$1|…}}`; anything else breaks the message.
    private mutating func choice(depth: Int) -> Piece? {
        index += 2
        let isPlural = take("PLURAL:")
        guard depth <= Self.deepest, isPlural || take("GENDER:"), let argument = reference() else { return fail() }
        var exact: [(number: Double, pieces: [Piece])] = []
        var forms: [[Piece]] = []
        while take("|") {
            if isPlural, let number = exactNumber() {
                exact.append((number, pieces(depth: depth)))
            } else {
                forms.append(pieces(depth: depth))
            }
        }
        guard !isBroken, take("}}"), !forms.isEmpty || !exact.isEmpty else { return fail() }
        if isPlural { return .plural(.init(argument: argument, exact: exact, forms: forms)) }
        return .gender(argument, forms)
    }

    private mutating func fail() -> Piece? {
        isBroken = true
        return nil
    }

    // `$1` to `$99`.
    private mutating func reference() -> Int? {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "$") else { return nil }
        let digits = digits(from: index + 1, atMost: 2)
        guard let number = Int(String(decoding: digits, as: UTF8.self)), number > 0 else { return nil }
        index += 1 + digits.count
        return number
    }

    // `0=`.
    private mutating func exactNumber() -> Double? {
        let digits = digits(from: index, atMost: 9)
        let end = index + digits.count
        guard end < bytes.count, bytes[end] == UInt8(ascii: "="),
            let number = Double(String(decoding: digits, as: UTF8.self))
        else { return nil }
        index = end + 1
        return number
    }

    private func digits(from start: Int, atMost limit: Int) -> ArraySlice<UInt8> {
        bytes[min(start, bytes.count)...].prefix(limit).prefix { (0x30...0x39).contains($0) }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        guard starts(text) else { return false }
        index += text.utf8CodeUnitCount
        return true
    }

    private func starts(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard index + count <= bytes.count else { return false }
        return text.withUTF8Buffer { $0.elementsEqual(bytes[index..<index + count]) }
    }
}
