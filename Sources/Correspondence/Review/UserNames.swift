import Foundation

/// Names of wiki accounts that a mail tells of: `User:Ibis87`, links to somebody's pages, `@Ibis87`, "my user name is
/// ibis87".
enum UserNames {
    /// Characters of a mail that are read.
    private static let longest = 20_000
    /// Bytes behind "user name" in which the name is looked for.
    private static let reach = 160

    static func all(in text: String) -> Set<String> {
        let text = String(text.prefix(longest))
        let traces =
            PersonalTraces.links(in: text) + PersonalTraces.wikiLinks(in: text) + PersonalTraces.mentions(in: text)
        let found = traces.compactMap(name) + told(in: text)
        return Set(found).filter {
            (2...60).contains($0.count) && $0.contains(where: \.isLetter) && !never.contains($0.lowercased())
        }
    }

    // MARK: - Said

    /// In ten languages; ASCII letters in lower case, and without a first letter that is no ASCII.
    private static let phrases: [[UInt8]] = [
        "user name", "username", "account name", "benutzername", "nombre de usuario", "nombre de usuaria",
        "nom d'utilisateur", "nom d’utilisateur", "nom d'utilisatrice", "nom d’utilisatrice", "nome de usuário",
        "nome de usuária", "nome de utilizador", "nome de utilizadora", "мя участника", "мя участницы",
        "мя пользователя", "اسم المستخدم", "सदस्यनाम", "利用者名", "ユーザー名", "用户名", "用戶名", "使用者名稱",
    ].map { Array($0.utf8) }
    private static let joining = [
        "is", "ist", "lautet", "es", "est", "é", "هو", "हूँ", "है", "は", "是", "—", "–", "-", ":", "：",
    ]
    private static let never: Set<String> = [
        "is", "and", "or", "on", "the", "not", "for", "there", "talk", "here", "name", "page", "me", "ist", "und", "et",
        "a", "an", "no", "now", "still", "so", "too", "already", "in", "of", "unknown", "wrong", "blocked", "known",
        "taken", "missing", "same", "my", "his", "her", "their", "your", "this", "that", "nicht", "kein", "mein",
        "falsch", "gesperrt", "el", "la", "le", "mi", "mon", "ma", "meu", "minha", "não", "pas", "не", "мой",
    ]

    /// `Benutzername: Ibis87`, "mein Benutzername ist Ibis87".
    private static func told(in text: String) -> [String] {
        let bytes = Array(text.utf8)
        let lower = bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }
        var found: [String] = []
        for phrase in phrases {
            var start = 0
            while let place = Self.place(of: phrase, in: lower, from: start) {
                start = place + phrase.count
                let rest = String(decoding: bytes[start..<min(start + reach, bytes.count)], as: UTF8.self)
                if let name = told(behind: rest) { found.append(name) }
            }
        }
        return found
    }

    private static func place(of phrase: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard let first = phrase.first, bytes.count - start >= phrase.count else { return nil }
        for place in start...(bytes.count - phrase.count) where bytes[place] == first {
            if bytes[place..<place + phrase.count].elementsEqual(phrase) { return place }
        }
        return nil
    }

    private static func told(behind text: String) -> String? {
        var rest = text[...]
        // "usernames" is another word.
        if let first = rest.first, first.isASCII, first.isLetter { return nil }
        var isSaid = false
        for _ in 0..<3 {
            rest = rest.drop { $0.isWhitespace || "\"“„«「'".contains($0) }
            let word = joining.first { word in
                guard rest.hasPrefix(word) else { return false }
                let next = rest.dropFirst(word.count).first
                return !(word.last?.isCased ?? false) || !(next?.isLetter ?? false)
            }
            guard let word else { break }
            isSaid = true
            rest = rest.dropFirst(word.count)
        }
        let name = String(rest.prefix { $0.isLetter || $0.isNumber || "_-".contains($0) })
        // Without "is" or a colon only what no ordinary word looks like.
        return isSaid || name.contains { $0.isUppercase || $0.isNumber } ? name : nil
    }

    // MARK: - Traces

    /// What stands after the last `User:` of a trace, or of `{{ping|…}}`.
    private static func name(in trace: String) -> String? {
        let plain = (trace.removingPercentEncoding ?? trace).replacing("_", with: " ")
        if plain.hasPrefix("@") { return String(plain.dropFirst()) }
        if plain.hasPrefix("{{") {
            return plain.split(separator: "|").dropFirst().first.map {
                String($0.prefix { !"}".contains($0) }).trimming
            }
        }
        let folded = plain.lowercased()
        for page in PersonalTraces.pages {
            guard let range = folded.range(of: page.replacing("_", with: " ")) else { continue }
            let offset = folded.distance(from: folded.startIndex, to: range.upperBound)
            guard offset <= plain.count else { continue }
            let rest = plain.dropFirst(offset).prefix { !"|]}#?&/<>\"".contains($0) }
            return String(rest).trimming
        }
        return nil
    }
}
