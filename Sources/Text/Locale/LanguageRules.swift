import CICU

/// How one language counts and writes numbers. Small numbers, nearly all that pages show, are asked of ICU once.
struct LanguageRules: Sendable {
    /// Longer runs of digits are names (ticket numbers), not amounts.
    static let longestNumber = 9
    private static let small = 0...200

    /// Plural categories of the language, and those that whole numbers reach.
    let categories: Int
    let integerCategories: Int

    private let tag: String
    private let isRightToLeft: Bool
    private let numbers: [String]
    private let forms: [Int]
    private let formOfCategory: [Int]

    init(_ tag: String) {
        let bits = cicu_plural_categories(tag)
        var formOfCategory: [Int] = []
        var next = 0
        for category in 0..<6 {
            formOfCategory.append(next)
            if bits & (1 << category) != 0 { next += 1 }
        }
        let reached = Self.small.map { Int(cicu_plural_category(tag, Double($0))) }
        self.tag = tag
        isRightToLeft = ["ar", "fa", "he", "ur"].contains(tag.prefix { $0 != "-" })
        self.formOfCategory = formOfCategory
        categories = next
        integerCategories = Set(reached).count
        forms = reached.map { formOfCategory[$0] }
        numbers = Self.small.map { Self.formatted($0, tag) }
    }

    /// Which form of the language's forms, in CLDR's order, goes with a number; what is no number takes the last.
    func form(of argument: String) -> Int {
        if let value = Self.amount(argument), Self.small.contains(value) { return forms[value] }
        guard let value = Double(argument) else { return categories - 1 }
        return formOfCategory[Int(cicu_plural_category(tag, value))]
    }

    /// An amount as the language writes it; words as they are.
    func written(_ argument: MessageArgument) -> String {
        switch argument {
        case .words(let text): text
        case .isolated(let text): Isolation.written(text, isRightToLeft: isRightToLeft)
        case .amount(let text): number(text)
        }
    }

    /// Digits as the language writes them; any other text stays as it is, also digits that start with a zero.
    func number(_ argument: String) -> String {
        guard let value = Self.amount(argument) else { return argument }
        return Self.small.contains(value) ? numbers[value] : Self.formatted(value, tag)
    }

    private static func amount(_ argument: String) -> Int? {
        let digits = argument.utf8
        guard (1...longestNumber).contains(digits.count), digits.first != 0x30 || digits.count == 1 else { return nil }
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    private static func formatted(_ value: Int, _ tag: String) -> String {
        ICUText.text { cicu_format_number(tag, Double(value), $0, $1) } ?? String(value)
    }
}
