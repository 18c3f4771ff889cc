import Base
import Text

/// Mail addresses, telephone numbers, bank accounts and other numbers of people, as they stand in a text.
enum PrivateData {
    enum Kind: String { case mail, phone, account, number }

    struct Item: Hashable {
        let kind: Kind
        /// As it was written.
        let text: String
        /// The same however it was written.
        let key: String

        static func == (left: Item, right: Item) -> Bool { left.key == right.key }
        func hash(into hasher: inout Hasher) { hasher.combine(key) }
    }

    /// Each once, in order; what stands in addresses of pages is left out.
    static func items(in text: String) -> [Item] {
        var found: [Item] = []
        for line in text.split(separator: "\n") {
            let line = CheckedText.withoutLinks(line)
            let (rest, mails) = takeMails(line)
            found += mails
            found += numbers(in: rest)
        }
        var seen: Set<String> = []
        return found.filter { seen.insert($0.key).inserted }
    }

    private static func takeMails(_ line: String) -> (rest: String, mails: [Item]) {
        guard line.contains("@") else { return (line, []) }
        var mails: [Item] = []
        let words = line.split(whereSeparator: { $0.isWhitespace || "<>()[]{},;\"'|،，；".contains($0) })
        for word in words where word.contains("@") {
            var word = word
            while let last = word.last, ".:!?。".contains(last) { word.removeLast() }
            if let start = word.firstRange(of: "mailto:") { word = word[start.upperBound...] }
            let folded = EmailAddress.folded(String(word))
            if EmailAddress.isPlausible(folded) { mails.append(Item(kind: .mail, text: String(word), key: folded)) }
        }
        let rest = line.split(whereSeparator: { $0.isWhitespace || "<>".contains($0) }).filter { !$0.contains("@") }
        return (rest.joined(separator: " "), mails)
    }

    // MARK: - Numbers

    private static func numbers(in line: String) -> [Item] {
        let plain = line.unicodeScalars.map(ascii)
        guard plain.count(where: { isDigit($0) }) >= 5 else { return [] }
        var found: [Item] = []
        var index = 0
        while index < plain.count {
            guard index == 0 || !isAlphanumeric(plain[index - 1]), isAlphanumeric(plain[index]) || plain[index] == 0x2B
            else {
                index += 1
                continue
            }
            if let (length, key) = account(plain, from: index) {
                found.append(Item(kind: .account, text: written(line, index, length), key: key))
                index += length
            } else if let (length, key) = digits(plain, from: index) {
                let kind: Kind = plain[index] == 0x2B || plain[index] == 0x30 ? .phone : .number
                if let key { found.append(Item(kind: kind, text: written(line, index, length), key: key)) }
                index += length
            } else {
                let length = plain[index...].prefix(while: isAlphanumeric).count
                if let key = identifier(plain[index..<index + length]) {
                    found.append(Item(kind: .number, text: written(line, index, length), key: key))
                }
                index += max(1, length)
            }
        }
        return found
    }

    /// An IBAN (ISO 13616): two letters, two check digits, remainder 1 by 97.
    private static func account(_ text: [UInt8], from start: Int) -> (length: Int, key: String)? {
        guard start + 15 <= text.count, isLetter(text[start]), isLetter(text[start + 1]), isDigit(text[start + 2]),
            isDigit(text[start + 3])
        else { return nil }
        var characters: [UInt8] = []
        var best: (length: Int, key: String)?
        for index in start..<min(text.count, start + 44) {
            if text[index] == 0x20 { continue }
            guard isAlphanumeric(text[index]), characters.count < 34 else { break }
            characters.append(text[index] & 0xDF | (isDigit(text[index]) ? 0x20 : 0))
            if characters.count >= 15, remainder(characters) == 1 {
                best = (index - start + 1, String(decoding: characters, as: UTF8.self))
            }
        }
        return best
    }

    private static func remainder(_ account: [UInt8]) -> Int {
        (account[4...] + account[..<4]).reduce(0) { rest, byte in
            isDigit(byte) ? (rest * 10 + Int(byte - 0x30)) % 97 : (rest * 100 + Int(byte - 0x41) + 10) % 97
        }
    }

    /// A run of digits with the usual separators: seven or more. The key is nil for what is nobody's own: a day, a
    /// ticket's number, a book's, a help line's.
    private static func digits(_ text: [UInt8], from start: Int) -> (length: Int, key: String?)? {
        var groups: [Int] = [0]
        var digits: [UInt8] = []
        var end = start
        var index = start
        while index < text.count {
            let byte = text[index]
            if isDigit(byte) {
                digits.append(byte)
                groups[groups.count - 1] += 1
                end = index + 1
            } else if index - end < 3 || index == start, isSeparator(byte) {
                if groups.last != 0 { groups.append(0) }
            } else {
                break
            }
            index += 1
        }
        if end < text.count, isAlphanumeric(text[end]) { return nil }
        guard digits.count >= 7, digits.count <= 20 else { return nil }
        groups.removeAll { $0 == 0 }
        let run = PublicNumber.Run(
            digits: digits.map { Int($0 - 0x30) }, groups: groups, hasPlus: text[start] == 0x2B,
            hasPoints: text[start..<end].contains(0x2E))
        let number = String(decoding: digits, as: UTF8.self)
        if PublicNumber.isPublic(run) || TicketNumber.isValid(number) { return (end - start, nil) }
        return (end - start, "#" + number.suffix(9))
    }

    /// Letters and digits together: a passport, a customer number.
    private static func identifier(_ word: ArraySlice<UInt8>) -> String? {
        guard (7...24).contains(word.count), word.count(where: isDigit) >= 5, word.contains(where: isLetter) else {
            return nil
        }
        let name = String(decoding: word, as: UTF8.self).uppercased()
        return PublicNumber.isPublic(name) ? nil : name
    }

    /// Space, hyphen, point, slash, brackets, plus.
    private static func isSeparator(_ byte: UInt8) -> Bool {
        [0x20, 0x28, 0x29, 0x2B, 0x2D, 0x2E, 0x2F].contains(byte)
    }

    /// Digits of all scripts as ASCII; other letters outside ASCII end a word.
    private static func ascii(_ scalar: Unicode.Scalar) -> UInt8 {
        if scalar.isASCII { return UInt8(scalar.value) }
        if scalar.value == 0xA0 || scalar.value == 0x202F { return 0x20 }
        guard scalar.properties.generalCategory == .decimalNumber, let value = scalar.properties.numericValue else {
            return 0
        }
        return 0x30 + UInt8(value)
    }

    private static func written(_ line: String, _ start: Int, _ length: Int) -> String {
        String(String.UnicodeScalarView(line.unicodeScalars.dropFirst(start).prefix(length))).trimming
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
}
