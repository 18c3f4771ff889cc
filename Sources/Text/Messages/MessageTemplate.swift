/// A message, parsed: plain text, arguments, and choices by number or gender.
struct MessageTemplate: Sendable {
    enum Piece: Sendable {
        case text(String)
        /// Arguments count from 1.
        case argument(Int)
        case plural(Plural)
        case gender(Int, [[Piece]])
    }

    struct Plural: Sendable {
        let argument: Int
        /// `0=none`: for exactly this number.
        let exact: [(number: Double, pieces: [Piece])]
        /// In CLDR's order of the language's categories.
        let forms: [[Piece]]
    }

    let pieces: [Piece]
    /// Braces that do not close or name something else than PLURAL and GENDER: then braces are shown as text.
    let isBroken: Bool

    init(_ text: String) {
        var parser = MessageParser(text, readsBraces: true)
        let pieces = parser.pieces(depth: 0)
        isBroken = parser.isBroken
        if isBroken {
            var plain = MessageParser(text, readsBraces: false)
            self.pieces = plain.pieces(depth: 0)
        } else {
            self.pieces = pieces
        }
    }

    /// The message with its arguments put in as they are: they are never parsed.
    func text(_ arguments: [MessageArgument], _ rules: LanguageRules) -> String {
        if pieces.count == 1, case .text(let text) = pieces[0] { return text }
        var text = ""
        Self.append(pieces, arguments, rules, to: &text)
        return text
    }

    private static func append(
        _ pieces: [Piece], _ arguments: [MessageArgument], _ rules: LanguageRules, to text: inout String
    ) {
        for piece in pieces {
            switch piece {
            case .text(let plain): text += plain
            case .argument(let number):
                text += arguments.indices.contains(number - 1) ? rules.written(arguments[number - 1]) : "$\(number)"
            case .plural(let plural): append(chosen(plural, arguments, rules), arguments, rules, to: &text)
            case .gender(let number, let forms): append(chosen(number, forms, arguments), arguments, rules, to: &text)
            }
        }
    }

    private static func chosen(_ plural: Plural, _ arguments: [MessageArgument], _ rules: LanguageRules) -> [Piece] {
        let argument = arguments.indices.contains(plural.argument - 1) ? arguments[plural.argument - 1].text : ""
        if !plural.exact.isEmpty, let value = Double(argument),
            let exact = plural.exact.first(where: { $0.number == value })
        {
            return exact.pieces
        }
        return plural.forms.isEmpty ? [] : plural.forms[min(rules.form(of: argument), plural.forms.count - 1)]
    }

    // As MediaWiki does: without a third form the first one is for everybody else.
    private static func chosen(_ number: Int, _ forms: [[Piece]], _ arguments: [MessageArgument]) -> [Piece] {
        let gender = arguments.indices.contains(number - 1) ? arguments[number - 1].text : ""
        switch gender {
        case "female", "f": return forms[min(1, forms.count - 1)]
        case "male", "m": return forms[0]
        default: return forms.count > 2 ? forms[2] : forms[0]
        }
    }
}
