/// What a server answered to one command.
struct SMTPReply: Equatable, Sendable {
    let code: Int
    /// All lines in one, for people and the log: valid text, at most 500 scalars.
    let text: String

    var isPositive: Bool { (200..<300).contains(code) }
    var isPermanent: Bool { (500..<600).contains(code) }

    /// Lines with their code, as they came.
    init?(lines: [[UInt8]]) {
        guard let last = lines.last, let code = Self.code(of: last) else { return nil }
        self.code = code
        let texts = lines.map { line in String(decoding: line.dropFirst(4), as: UTF8.self) }
        let joined = ([String(code)] + texts).joined(separator: " ")
        let clean = joined.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
        var text = String.UnicodeScalarView()
        for scalar in clean.prefix(500) where scalar != " " || text.last != " " { text.append(scalar) }
        if text.last == " " { text.removeLast() }
        self.text = String(text)
    }

    init(code: Int, text: String) {
        self.code = code
        self.text = "\(code) \(text)"
    }

    static func code(of line: [UInt8]) -> Int? {
        let digits = line.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1) - 48 }
    }
}
