import Foundation

/// Names of wiki accounts that a mail tells of: `User:Ibis87`, links to somebody's pages, `@Ibis87`, "my user name is
/// ibis87".
enum UserNames {
    private static let longest = 100_000

    static func all(in text: String) -> Set<String> {
        let text = String(text.prefix(longest))
        var found: Set<String> = []
        for trace in PersonalTraces.links(in: text) + PersonalTraces.wikiLinks(in: text)
            + PersonalTraces.mentions(in: text)
        {
            if let name = name(in: trace) { found.insert(name) }
        }
        for match in text.matches(of: told) {
            // Without "is" or a colon only what no ordinary word looks like.
            let isSaid = match.output.1.contains { !$0.isWhitespace }
            let name = String(match.output.2)
            if isSaid || name.contains(where: { $0.isUppercase || $0.isNumber }) { found.insert(name) }
        }
        return found.filter {
            (2...60).contains($0.count) && $0.contains(where: \.isLetter) && !never.contains($0.lowercased())
        }
    }

    private static let never: Set<String> = [
        "is", "and", "or", "on", "the", "not", "for", "there", "talk", "here", "name", "page", "me", "my", "ist", "und",
        "es", "et", "y", "e", "a", "an", "no", "now", "still", "so", "too", "already", "in", "unknown", "wrong",
        "blocked",
        "known", "taken", "missing", "same", "my", "his", "her", "their", "your", "this", "that", "nicht", "kein",
        "mein",
        "falsch", "gesperrt", "el", "la", "le", "mi", "mon", "ma", "meu", "minha", "no", "não", "pas", "не", "мой",
    ]

    /// `Benutzername: Ibis87`, "mein Benutzername ist Ibis87".
    private static var told: Regex<(Substring, Substring, Substring)> {
        #/
        (?i)(?:user\s?name|account\sname|benutzername|nombre\sde\susuari[oa]|nom\sd['’]utilisat(?:eur|rice)|
        nome\sde\s(?:usuári[oa]|utilizador)|имя\s(?:участника|пользователя)|اسم\sالمستخدم|सदस्यनाम|利用者名|ユーザー名|
        用户名|用戶名|使用者名稱)
        ((?:\s?(?:is|ist|es|est|é|lautet|हूँ|है|هو|は|是|—|-))?\s?[:：]?\s*["“„«「]?)([\p{L}\p{N}_\-]{2,60})
        /#
    }

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
