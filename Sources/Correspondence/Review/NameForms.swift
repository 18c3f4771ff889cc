import Text

/// Names of people in the forms in which they stand in sentences: in any case, with the endings of German, English and
/// Russian, with what Arabic writes before a word, and inside the unspaced words of Chinese and Japanese.
///
/// Rather a word too many than a name too few: who reads the result sees what was taken.
struct NameForms: Sendable {
    /// Folded parts of names in scripts with spaces.
    private var words: Set<String> = []
    /// Names of wiki accounts, as a whole word.
    private var accounts: Set<String> = []
    /// Beginnings of Russian names, to which endings are put.
    private var stems: Set<String> = []
    /// Parts of names without spaces that stand for a person anywhere, the longest first.
    private(set) var unspaced: [String] = []
    /// Parts of names without spaces, where a form of address follows: 王先生, 田中さん.
    private(set) var addressed: Set<String> = []
    /// Of more than one word, the longest first.
    private(set) var whole: [String] = []

    /// Parts of the names of people of this very ticket: also where they are a word of their own, in lower case.
    private var near: Set<String> = []

    /// `names` of people of the desk, `near` of those of the ticket, `users` of wiki accounts, which are no person's
    /// name: of several words only all together.
    init(_ names: [String], near: [String] = [], users: [String] = []) {
        var (whole, unspaced) = (Set<String>(), Set<String>())
        for name in Set(names + near) {
            let parts = Self.parts(of: name)
            if parts.count > 1 || name.contains("@"), name.count >= 5 { whole.insert(name.trimming) }
            for part in parts {
                if Self.isUnspaced(part) {
                    Self.addUnspaced(part, &unspaced, &addressed)
                } else {
                    add(part)
                }
            }
            addJoined(parts)
        }
        for name in Set(near) { self.near.formUnion(Self.parts(of: name).map(Self.key)) }
        for name in Set(users) { addUser(name, &whole, &unspaced) }
        self.whole = Self.longestFirst(whole)
        self.unspaced = Self.longestFirst(unspaced)
    }

    /// `karlweber`, `kweber`, `weberk`: as people call their accounts after themselves.
    private mutating func addJoined(_ parts: [String]) {
        let keys = parts.map(Self.key).filter { !$0.isEmpty && !Self.isUnspaced($0) }
        guard keys.count >= 2, let first = keys.first, let last = keys.last else { return }
        let joined = [
            first + last, last + first, first.prefix(1) + last, last + first.prefix(1), first + last.prefix(1),
        ]
        words.formUnion(joined.filter { $0.count >= 5 })
    }

    private mutating func addUser(_ name: String, _ whole: inout Set<String>, _ unspaced: inout Set<String>) {
        let name = name.trimming
        guard name.count >= 2 else { return }
        let parts = name.split { !$0.isLetter && !$0.isNumber }
        if parts.count > 1 {
            whole.formUnion([name, name.replacing("_", with: " "), name.replacing(" ", with: "_")])
        } else if Self.isUnspaced(name) {
            unspaced.insert(name)
        } else {
            accounts.insert(name.lowercased())
            if !name.contains(where: \.isNumber) { add(name) }
        }
    }

    private static func longestFirst(_ all: Set<String>) -> [String] {
        all.sorted { ($1.count, $0) < ($0.count, $1) }
    }

    /// Words of letters; an address is asked for what stands before its @.
    private static func parts(of name: String) -> [String] {
        name.prefix { $0 != "@" }.split { !$0.isLetter }.map(String.init)
    }

    private mutating func add(_ part: String) {
        let key = Self.key(part)
        guard key.count >= 2, !Ordinary.never.contains(key) else { return }
        words.insert(key)
        if key.hasPrefix("ال"), key.count >= 5 { words.insert(String(key.dropFirst(2))) }
        guard let first = key.unicodeScalars.first, (0x400...0x52F).contains(first.value) else { return }
        stems.formUnion(Self.russianStems(key))
    }

    private static func addUnspaced(_ part: String, _ anywhere: inout Set<String>, _ addressed: inout Set<String>) {
        if part.count >= 2 { anywhere.insert(part) }
        for length in 1..<max(2, part.count) {
            let (front, back) = (String(part.prefix(length)), String(part.suffix(length)))
            addressed.insert(front)
            if length >= 2 { anywhere.formUnion([front, back]) }
        }
        addressed.insert(part)
    }

    // MARK: - Asking

    /// Whether a word as it was written, with its apostrophes, names somebody. `isSpokenTo`: it stands where people
    /// are named, as after "thanks" or before "wrote".
    func isName(_ word: String, isSpokenTo: Bool = false) -> Bool {
        let bare = word.lowercased().prefix { !"'’ʼ".contains($0) }
        if accounts.contains(String(bare)) || accounts.contains(word.lowercased()) { return true }
        return word.split { !$0.isLetter }.contains { isNamePart(String($0), isSpokenTo) }
    }

    /// Whether a word is somebody's name of this ticket, too, and stays only since it is an ordinary word here.
    func mayBeName(_ word: String) -> Bool {
        word.split { !$0.isLetter }.contains {
            near.contains(Self.key(String($0))) && words.contains(Self.key(String($0)))
        }
    }

    private func isNamePart(_ part: String, _ isSpokenTo: Bool) -> Bool {
        let key = Self.key(part)
        guard key.count >= 2 else { return false }
        if part.first?.isLowercase ?? false, !isSpokenTo {
            if Ordinary.words.contains(key), !near.contains(key) || Ordinary.everywhere.contains(key) { return false }
            if key.count == 2, key.utf8.count == 2 { return false }
        }
        if words.contains(key) { return true }
        switch key.unicodeScalars.first?.value ?? 0 {
        case 0x400...0x52F: return isRussianForm(key)
        case 0x600...0x6FF: return isArabicForm(key)
        case 0x900...0x97F: return key.hasSuffix("जी") && words.contains(String(key.dropLast("जी".count)))
        default: return isLatinForm(key)
        }
    }

    /// The genitive of German, the plural of English.
    private func isLatinForm(_ key: String) -> Bool {
        ["s", "es", "ens"].contains { ending in
            key.hasSuffix(ending) && key.count - ending.count >= 3 && words.contains(String(key.dropLast(ending.count)))
        }
    }

    private func isRussianForm(_ key: String) -> Bool {
        (0...4).contains { length in
            key.count - length >= 2 && stems.contains(String(key.dropLast(length)))
                && Ordinary.russianEndings.contains(String(key.suffix(length)))
        }
    }

    private static func russianStems(_ key: String) -> Set<String> {
        var stems: Set<String> = [key]
        let characters = Array(key)
        for ending in ["ий", "ый", "ой", "ая", "яя"] where key.hasSuffix(ending) && characters.count >= 5 {
            stems.insert(String(key.dropLast(2)))
        }
        if let last = characters.last, "аяоеийьы".contains(last), characters.count >= 3 {
            stems.insert(String(key.dropLast()))
        }
        // Павел, Павла; Лев, Льва.
        if characters.count >= 3, "еоё".contains(characters[characters.count - 2]), let last = characters.last {
            stems.insert(String(characters.dropLast(2)) + (characters.count == 3 ? "ь" : "") + String(last))
        }
        return stems.filter { $0.count >= 2 }
    }

    /// و ف ب ل ك and the article are written before the word they belong to.
    private func isArabicForm(_ key: String) -> Bool {
        var rests: [Substring] = [key[...]]
        for _ in 0..<3 {
            rests += rests.compactMap { rest in
                rest.first.flatMap { "وفبلكس".contains($0) } ?? false ? rest.dropFirst() : nil
            }
        }
        rests += rests.filter { $0.hasPrefix("ال") }.map { $0.dropFirst(2) }
        return rests.contains { $0.count >= 3 && words.contains(String($0)) }
    }

    // MARK: - Letters

    /// The same for all spellings of a word.
    private static func key(_ part: String) -> String {
        SearchTerms.terms(of: part).joined().replacing("ё", with: "е")
    }

    static func isUnspaced(_ text: String) -> Bool {
        text.unicodeScalars.first.map { isUnspaced($0) } ?? false
    }

    static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        (0x3005...0x3007).contains(scalar.value) || (0x3041...0x9FFF).contains(scalar.value)
            || (0xAC00...0xD7A3).contains(scalar.value) || (0x20000...0x3FFFF).contains(scalar.value)
    }

    /// Words that stand in names and mean nobody.
    private enum Ordinary {
        /// Of names and addresses, but never taken for one: they are in every sentence, or of a whole house.
        static let never: Set<String> = [
            "de", "da", "do", "du", "des", "del", "della", "der", "den", "dem", "di", "dos", "das", "la", "le", "les",
            "el", "los", "las", "von", "van", "vom", "zu", "zur", "und", "and", "the", "of", "or", "for", "to", "in",
            "im", "am", "an", "at", "as", "be", "by", "he", "if", "is", "it", "me", "my", "no", "on", "so", "up", "us",
            "we", "es", "er", "um", "ob", "ei", "se", "si", "su", "tu", "un", "va", "ya", "yo", "en", "et", "ou", "il",
            "au", "ce", "ma", "sa", "ta", "ne", "ni", "je", "mr", "mrs", "ms", "dr", "prof", "herr", "frau", "info",
            "mail", "email", "contact", "press", "office", "team", "desk", "help", "support", "service", "admin",
            "post", "noreply", "reply", "hello", "news", "editor", "reader", "group", "people", "test", "web", "wiki",
            "redaktion", "presse", "kontakt", "prensa", "contacto", "contato", "imprensa", "redaction", "bureau",
            "webmaster", "postmaster", "hilfe", "aide", "ayuda", "ajuda", "sales", "anfrage", "wikipedia", "wikimedia",
            "commons", "foundation", "и", "от", "для", "на", "по", "из", "في", "من", "على",
        ]
        /// Names only where they begin with a capital.
        static let words: Set<String> = [
            "will", "may", "mark", "art", "hope", "rose", "bill", "grace", "frank", "pat", "sue", "rich", "april",
            "june", "august", "faith", "joy", "dawn", "drew", "grant", "chase", "miles", "rob", "ray", "wood", "king",
            "young", "long", "short", "brown", "white", "black", "green", "gray", "best", "good", "page", "case",
            "read", "price", "wolf", "ernst", "gut", "klein", "gross", "lange", "kurz", "weiss", "schwarz", "neu",
            "alt", "recht", "sommer", "winter", "petit", "grand", "blanc", "noir", "bon", "luz", "paz", "cruz", "rico",
            "franco", "claro", "leal", "mais",
        ]
        /// Of these, such as stand in nearly every text: in lower case they name nobody, unless somebody is spoken to.
        static let everywhere: Set<String> = [
            "will", "may", "art", "best", "good", "long", "short", "page", "case", "read", "gut", "klein", "gross",
            "lange", "kurz", "neu", "alt", "recht", "petit", "grand", "bon", "claro", "mais",
        ]
        static let russianEndings: Set<String> = [
            "", "а", "я", "у", "ю", "е", "и", "ы", "о", "ом", "ем", "ой", "ей", "ою", "ею", "ым", "им", "ого", "его",
            "ому", "ему", "ых", "их", "ыми", "ими", "ам", "ям", "ами", "ями", "ах", "ях", "ов", "ев", "ая", "яя", "ую",
            "юю", "ый", "ий", "ь", "ии", "ией", "ию", "ия", "ин", "ина",
        ]
    }
}
