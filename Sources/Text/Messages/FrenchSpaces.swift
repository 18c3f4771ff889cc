/// French sets a space before `:` `;` `?` `!` `»` and after `«`; no line may end there. Translators write plain ones.
enum FrenchSpaces {
    private static let space: Unicode.Scalar = " "
    private static let fixed: Unicode.Scalar = "\u{A0}"

    static func kept(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            let before = index > 0 ? scalars[index - 1] : space
            let after = index + 1 < scalars.count ? scalars[index + 1] : space
            let isFixed = scalar == space && (before == "«" || ":;?!»".unicodeScalars.contains(after))
            out.append(isFixed ? fixed : scalar)
        }
        return String(out)
    }
}
