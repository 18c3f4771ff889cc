import Base

/// A person as they stand in mail: addresses, folded, and names.
struct ErasedPerson: Sendable, Equatable {
    var addresses: Set<String>
    var names: Set<String> = []

    func has(_ address: String) -> Bool { addresses.contains(EmailAddress.folded(address)) }
}

/// Finds a person's addresses and whole names in texts, however they are cased and wherever lines break.
///
/// A name is looked for when it has two words, or three signs of a script without spaces: a first name alone is also
/// that of others.
struct PersonWords: Sendable {
    private struct Needle: Sendable {
        /// Folded; a space stands for any white space.
        var scalars: [Unicode.Scalar]
        /// Letters of these stand beside it in a longer one.
        var isAddress: Bool
    }

    private static let fewestSigns = 3
    private let needles: [Needle]

    init(_ person: ErasedPerson) {
        let names = person.names.filter(Self.isWhole).map { Needle(scalars: Self.folded($0), isAddress: false) }
        let addresses = person.addresses.map { Needle(scalars: Self.folded($0), isAddress: true) }
        needles = (addresses + names).filter { !$0.scalars.isEmpty }.sorted { $0.scalars.count > $1.scalars.count }
    }

    private static func isWhole(_ name: String) -> Bool {
        let words = name.split(whereSeparator: \.isWhitespace)
        if words.count > 1 { return words.reduce(0) { $0 + $1.count } >= fewestSigns }
        return name.unicodeScalars.count >= fewestSigns && name.unicodeScalars.allSatisfy { isSpaceless($0) }
    }

    /// Of a script that puts no spaces between words.
    private static func isSpaceless(_ scalar: Unicode.Scalar) -> Bool { (0x2E80...0xFFEF).contains(scalar.value) }

    private static func folded(_ text: String) -> [Unicode.Scalar] {
        text.split(whereSeparator: \.isWhitespace).map { $0.unicodeScalars.map(fold) }.joined(separator: [" "])
            .map { $0 }
    }

    private static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let lower = scalar.properties.lowercaseMapping.unicodeScalars
        return lower.count == 1 ? lower.first ?? scalar : scalar
    }

    func removed(from text: String) -> String {
        guard !needles.isEmpty, !text.isEmpty else { return text }
        let scalars = Array(text.unicodeScalars)
        let folded = scalars.map(Self.fold)
        var out = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            if let end = needles.lazy.compactMap({ Self.match($0, folded, at: index) }).first {
                out.append(contentsOf: Passage.mark.unicodeScalars)
                index = end
            } else {
                out.append(scalars[index])
                index += 1
            }
        }
        return String(out)
    }

    private static func match(_ needle: Needle, _ text: [Unicode.Scalar], at start: Int) -> Int? {
        guard text[start] == needle.scalars[0], start == 0 || !joins(text[start - 1], needle.scalars[0], needle)
        else { return nil }
        var place = start
        for scalar in needle.scalars {
            guard place < text.count else { return nil }
            if scalar == " " {
                let before = place
                while place < text.count, text[place].properties.isWhitespace || text[place] == ">" { place += 1 }
                guard place > before else { return nil }
            } else {
                guard text[place] == scalar else { return nil }
                place += 1
            }
        }
        guard place < text.count, let last = needle.scalars.last else { return place }
        // The full stop of a sentence is none of an address.
        if needle.isAddress, text[place] == "." {
            return place + 1 < text.count && isWord(text[place + 1]) ? nil : place
        }
        return joins(text[place], last, needle) ? nil : place
    }

    /// Whether a sign beside a needle makes it part of something longer.
    private static func joins(_ beside: Unicode.Scalar, _ edge: Unicode.Scalar, _ needle: Needle) -> Bool {
        if needle.isAddress { return isWord(beside) || "+-_.".unicodeScalars.contains(beside) }
        return isWord(beside) && !isSpaceless(edge)
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
}
