/// Where sentences name people: after a greeting or thanks, after "from", before "wrote".
enum PeopleNamed {
    /// Whether the word at a place stands where a person is named; `pieces` are words and what is between them.
    static func isSpokenTo(_ pieces: [String], _ place: Int) -> Bool {
        isThanked(pieces, place) || word(before: place, pieces).map { pointing.contains($0) } ?? false
            || word(after: place, pieces).map { doing.contains($0) } ?? false
    }

    /// Whether they are thanked or greeted: unknown, it may be a name still.
    static func isThanked(_ pieces: [String], _ place: Int) -> Bool {
        guard let before = word(before: place, pieces), greeting.contains(before) else { return false }
        return !following.contains(pieces[place].lowercased())
    }

    /// Over a space, and a comma at the most.
    private static func word(before place: Int, _ pieces: [String]) -> String? {
        guard place >= 2, pieces[place - 1].allSatisfy({ $0 == " " || ",،".contains($0) }) else { return nil }
        return pieces[place - 2].lowercased()
    }

    private static func word(after place: Int, _ pieces: [String]) -> String? {
        guard place + 2 < pieces.count, pieces[place + 1] == " " else { return nil }
        return pieces[place + 2].lowercased()
    }

    /// Whether a word ends a mail without being a name.
    static func isPolite(_ word: String) -> Bool {
        let word = word.lowercased()
        return greeting.contains(word) || closing.contains(word)
    }

    private static let closing: Set<String> = [
        "regards", "wishes", "best", "sincerely", "yours", "faithfully", "bye", "gruß", "grüße", "grüßen", "mfg", "lg",
        "vg", "saludos", "atentamente", "cordialement", "salutations", "bisous", "atenciosamente", "abraço", "abraços",
        "уважением", "advance", "voraus", "antemano", "avance",
    ]
    private static let thanks: Set<String> = [
        "thanks", "thank", "thx", "cheers", "kudos", "danke", "dank", "gracias", "merci", "obrigado", "obrigada",
        "valeu", "спасибо", "благодарю", "شكرا", "شكراً", "धन्यवाद", "शुक्रिया",
    ]
    /// The last words of greetings, and of thanks.
    private static let greeting: Set<String> = SalutationWords.all.values.reduce(into: thanks) { found, words in
        for greeting in words.before where greeting != "buenas" {
            if let last = greeting.split(separator: " ").last, last.count >= 2 { found.insert(String(last)) }
        }
    }
    /// What follows thanks and greetings, and names nobody.
    private static let following: Set<String> = SalutationWords.all.values.reduce(
        into: [
            "for", "to", "so", "very", "you", "your", "again", "the", "much", "in", "once", "a", "that", "this", "him",
            "her", "them", "us", "i", "we", "für", "sehr", "schön", "vielmals", "dir", "ihnen", "euch", "dass", "por",
            "para", "muito", "muita", "pelo", "pela", "mucho", "beaucoup", "pour", "à", "bien", "за", "вам", "большое",
            "тебе", "на", "لك", "لكم", "على", "के", "को", "और", "everyone", "goodness", "god", "however",
        ]
    ) { $0.formUnion($1.everybody.union($1.titles)) }

    private static let pointing: Set<String> = [
        "from", "by", "ask", "asked", "tell", "told", "ping", "cc", "von", "frag", "frage", "fragt", "chez", "от",
    ]
    private static let doing: Set<String> = [
        "wrote", "writes", "said", "says", "asked", "asks", "answered", "thinks", "thought", "sent", "schrieb",
        "schreibt", "sagt", "sagte", "fragt", "fragte", "meint", "meinte", "escribió", "dice", "dijo", "pregunta",
        "preguntó", "écrit", "dit", "demande", "escreveu", "disse", "perguntou", "написал", "написала", "спросил",
        "спросила",
    ]
}
