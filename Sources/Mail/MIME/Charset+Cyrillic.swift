/// Russian mail whose label names another Cyrillic table than the one it was written with.
extension Charset {
    private static let cyrillicTables = ["CP1251", "KOI8-R", "CP866", "ISO-8859-5"]
    /// The commonest letters of Russian and its neighbours: two thirds of a text, a third of one read wrongly.
    private static let common = Set("оеаинтсрвлёіОЕАИНТСРВЛЁІ".unicodeScalars)
    private static let fewestLetters = 8

    /// The text by the table it was written with, when the one it was read with gives none; nil when that is right.
    static func otherCyrillic(_ bytes: [UInt8], readAs name: String, _ text: String) -> String? {
        let own = name == "KOI8-U" ? "KOI8-R" : name
        guard cyrillicTables.contains(own) else { return nil }
        guard let share = likelihood(text), share < 0.5 else { return nil }
        var best: (text: String, share: Double)?
        for table in cyrillicTables where table != own {
            guard let other = convert(bytes, from: table), other.errors == 0, let value = likelihood(other.text) else {
                continue
            }
            if value > max(0.55, share + 0.15, best?.share ?? 0) { best = (other.text, value) }
        }
        return best?.text
    }

    /// The share of common letters, less what is written like nothing: capitals behind small letters. Nil for texts of
    /// too few letters to say anything.
    private static func likelihood(_ text: String) -> Double? {
        var (letters, good, odd) = (0, 0, 0)
        var isAfterSmall = false
        for scalar in text.unicodeScalars.prefix(20_000) {
            let isCapital = (0x0400...0x042F).contains(scalar.value)
            let isSmall = (0x0430...0x045F).contains(scalar.value)
            if isCapital || isSmall {
                letters += 1
                if common.contains(scalar) { good += 1 }
                if isCapital, isAfterSmall { odd += 1 }
            }
            isAfterSmall = isSmall
        }
        return letters < fewestLetters ? nil : Double(good - odd) / Double(letters)
    }
}
