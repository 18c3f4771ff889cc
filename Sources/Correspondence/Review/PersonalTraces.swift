import Base
import Text

/// Ways to a person that are no name: links to what somebody did and to their pages, user names, numbers of tickets,
/// addresses of networks and of houses.
enum PersonalTraces {
    /// As they stand in the text, each once, the longest first.
    static func all(in text: String) -> [String] {
        var found = Set(links(in: text) + wikiLinks(in: text) + mentions(in: text))
        found.formUnion(places(in: text) + networks(in: text))
        return found.filter { !$0.isEmpty }.sorted { ($1.count, $0) < ($0.count, $1) }
    }

    // MARK: - Links

    /// Names of pages that belong to a person, and of lists of what they did, in ten languages.
    static let pages = [
        "user:", "user talk:", "user_talk:", "benutzer:", "benutzerin:", "benutzer diskussion:", "bd:",
        "benutzerin diskussion:", "usuario:", "usuaria:", "usuario discusión:", "usuaria discusión:", "utilisateur:",
        "utilisatrice:", "discussion utilisateur:", "discussion utilisatrice:", "usuário:", "usuária:", "usuário(a):",
        "utilizador:", "utilizadora:", "usuário discussão:", "usuário(a) discussão:", "utilizador discussão:",
        "участник:", "участница:", "обсуждение участника:", "обсуждение участницы:", "مستخدم:", "مستخدمة:",
        "نقاش المستخدم:", "نقاش المستخدمة:", "सदस्य:", "सदस्य वार्ता:", "利用者:", "利用者‐会話:", "利用者-会話:",
        "用户:", "用戶:", "用户讨论:", "用戶討論:", "使用者:", "使用者討論:",
    ]
    private static let deeds = [
        "diff=", "oldid=", "diff/", "permalink/", "permanentlink/", "contributions/", "contribs/", "beiträge/",
        "contribuciones/", "contribuições/", "вклад/", "مساهمات/", "योगदान/", "投稿記録/", "用户贡献/", "用戶貢獻/",
        "差分/", "差异/", "差異/", "фарк/", "فرق/", "/tickets/", "/contacts/", "logid=", "xtools",
    ]

    static func isPersonal(_ link: String) -> Bool {
        let plain = (link.removingPercentEncoding ?? link).lowercased().replacing("_", with: " ")
        return deeds.contains { plain.contains($0) } || pages.contains { plain.contains($0) }
    }

    static func links(in text: String) -> [String] {
        text.split { $0.isWhitespace || "<>\"|".contains($0) }.compactMap { word in
            guard word.contains("://") || word.hasPrefix("www.") || word.hasPrefix("//") else { return nil }
            let start = word.firstRange(of: "http")?.lowerBound ?? word.startIndex
            var link = String(word[start...])
            while let last = link.last, ".,;:!?)]，。、".contains(last) { link.removeLast() }
            return isPersonal(link) ? link : nil
        }
    }

    /// `[[User:Anna|Anna]]`, `{{ping|Anna}}`.
    static func wikiLinks(in text: String) -> [String] {
        var found: [String] = []
        let links = between(text, "[[", "]]") + between(text, "[", "]")
        for inside in links where isPersonal(String(inside.prefix { $0 != "|" })) {
            found += ["[[\(inside)]]", "[\(inside)]"].filter { text.contains($0) }.prefix(1)
        }
        let templates: Set = ["u", "user", "ping", "re", "reply to", "@", "benutzer", "mention", "u2", "userlinks"]
        for inside in between(text, "{{", "}}") {
            let name = inside.prefix { $0 != "|" }.lowercased()
            if templates.contains(name.trimming), inside.contains("|") { found.append("{{\(inside)}}") }
        }
        return found
    }

    private static func between(_ text: String, _ open: String, _ close: String) -> [String] {
        text.components(open).dropFirst().compactMap { part in
            guard let end = part.firstRange(of: close) else { return nil }
            let inside = part[..<end.lowerBound]
            return inside.count <= 200 && !inside.contains("\n") ? String(inside) : nil
        }
    }

    /// `User:Anna87` and `@Anna87` outside links.
    static func mentions(in text: String) -> [String] {
        text.split { $0.isWhitespace || "()<>\"„“”«»,;".contains($0) }.compactMap { word in
            var word = String(word)
            while let last = word.last, ".:!?。，、".contains(last) { word.removeLast() }
            if word.hasPrefix("@"), word.dropFirst().first?.isLetter ?? false { return word }
            let folded = word.lowercased()
            let page = pages.first { folded.hasPrefix($0) && folded.count > $0.count }
            return page == nil ? nil : word
        }
    }

    // MARK: - Places

    private static func networks(in text: String) -> [String] {
        let fourth = #/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/#
        let sixth = #/\b(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{1,4}\b/#
        return text.matches(of: fourth).map { String($0.output) } + text.matches(of: sixth).map { String($0.output) }
    }

    /// Streets with a number, as they are written in the ten languages.
    private static func places(in text: String) -> [String] {
        let german = #/(?i)\b[\p{L}\-]*(?:straße|strasse|str\.|weg|platz|gasse|allee|ufer)\s+\d{1,4}\s?[a-z]?\b/#
        let english =
            #/
            \b\d{1,5}[A-Za-z]?,?\s(?:[A-Z][\p{L}'’]+\s){1,3}
            (?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Square|Way|Close|Court|Boulevard|Blvd)\b
            /#
        let french =
            #/
            (?i)\b\d{1,4}(?:\s?bis|\s?ter)?,?\s(?:rue|avenue|boulevard|place|chemin|impasse|quai|allée)\s
            [\p{L}'’\-]{2,20}(?:\s[\p{L}'’\-]{2,20}){0,3}
            /#
        let southern =
            #/
            (?i)\b(?:calle|c\/|avenida|av\.|plaza|paseo|rua|travessa|praça|largo|via)\s
            [\p{L}'’\.]{2,20}(?:\s[\p{L}'’\.]{2,20}){0,4},?\s(?:n\.?º?\s?)?\d{1,4}\b
            /#
        let russian =
            #/
            (?i)(?:ул\.|улица|проспект|пр-т|пер\.|переулок|пл\.|площадь|наб\.)\s?[\p{L}\-\.]{2,20}
            (?:\s[\p{L}\-\.]{2,20}){0,3},?\s(?:д\.\s?|дом\s)?\d{1,4}(?:,?\s?кв\.?\s?\d{1,4})?
            /#
        let arabic = #/(?:شارع|ميدان)(?:\s\p{L}{2,20}){1,4}[،,]?\s(?:رقم\s)?\p{Nd}{1,4}/#
        let eastern =
            #/
            \p{Han}{1,6}(?:市|区|區|町|村)[\p{Han}\p{Katakana}ー]{0,12}[\p{Nd}一二三四五六七八九十]{1,4}
            (?:丁目|番地|番|号|號|-|－)[\p{Nd}\-－番地号號丁目]*
            /#
        var found: [String] = []
        found += text.matches(of: german).map { String($0.output) }
        found += text.matches(of: english).map { String($0.output) }
        found += text.matches(of: french).map { String($0.output) }
        found += text.matches(of: southern).map { String($0.output) }
        found += text.matches(of: russian).map { String($0.output) }
        found += text.matches(of: arabic).map { String($0.output) }
        return found + text.matches(of: eastern).map { String($0.output) }
    }
}

extension String {
    /// Parted at another text.
    fileprivate func components(_ separator: String) -> [Substring] {
        var (parts, rest) = ([Substring](), self[...])
        while let range = rest.firstRange(of: separator) {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }
}
