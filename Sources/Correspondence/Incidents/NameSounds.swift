/// The consonants of a name, as seven sounds, so that Dolansky, Долански, دولانسكي, दोलान्स्की and ドランスキ are the same.
enum NameSounds {
    static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F, 0x400...0x52F, 0x620...0x6D3, 0x900...0x95F, 0x30A1...0x30FC: true
        case 0x300...0x36F: true
        default: false
        }
    }

    /// Where a script has capital letters, names begin with one.
    static func mayBeName(_ word: [Unicode.Scalar]) -> Bool {
        word[0].value >= 0x530 || word[0].properties.isUppercase
    }

    static func sounds(_ word: [Unicode.Scalar], most: Int) -> [UInt8] {
        var found: [UInt8] = []
        for index in start(word)..<word.count where found.count < most {
            let next = index + 1 < word.count ? word[index + 1] : " "
            let sound = sound(word[index], before: next)
            if sound != 0, sound != found.last { found.append(sound) }
        }
        return found
    }

    /// Behind the Arabic article.
    private static func start(_ word: [Unicode.Scalar]) -> Int {
        word.count > 5 && word[0] == "\u{627}" && word[1] == "\u{644}" ? 2 : 0
    }

    private static func sound(_ scalar: Unicode.Scalar, before next: Unicode.Scalar) -> UInt8 {
        if scalar == "c" || scalar == "C" { return "eihyEIHY".unicodeScalars.contains(next) ? 3 : 4 }
        return table[scalar] ?? 0
    }

    private static let table: [Unicode.Scalar: UInt8] = {
        let groups: [(String, UInt8)] = [
            ("bpfvBPFV" + "бпфвБПФВ" + "بفپ" + "पफबभव" + "フバビブベボパピプペポヴ", 1),
            ("tdTD" + "тдТД" + "تدطضث" + "टठडढतथदध" + "タテトダデド", 2),
            ("szxjSZXJçčšžśćźżşÇČŠŽŚ" + "сзцчшщжСЗЦЧШЩЖ" + "سزصشجذظچژ" + "चछजझशषस" + "サシスセソザジズゼゾチツヂヅ", 3),
            ("kgqKGQğ" + "кгхКГХ" + "كقغخگک" + "कखगघ" + "カキクケコガギグゲゴ", 4),
            ("mM" + "мМ" + "م" + "म" + "マミムメモ", 5),
            ("nNñÑńň" + "нН" + "ن" + "नणङञ\u{902}\u{901}" + "ナニヌネノン", 6),
            ("lrLRłŁřŘ" + "лрЛР" + "لر" + "रल" + "ラリルレロ", 7),
        ]
        var table: [Unicode.Scalar: UInt8] = [:]
        for (letters, sound) in groups { for scalar in letters.unicodeScalars { table[scalar] = sound } }
        return table
    }()
}
