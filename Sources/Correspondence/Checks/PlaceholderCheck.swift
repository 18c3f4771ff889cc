import Knowledge

/// What a writer meant to fill in.
enum PlaceholderCheck {
    /// Names in double braces that nobody means otherwise.
    private static let names: Set<String> = ["name", "number", "date", "link", "topic", "article", "title", "username"]

    /// Words in brackets that ask for something, in ten languages.
    private static let asked: Set<String> = [
        "name", "your name", "first name", "last name", "date", "link", "article", "title", "username", "insert",
        "vorname", "nachname", "ihr name", "datum", "artikel", "titel", "benutzername", "anrede",
        "nombre", "apellido", "fecha", "enlace", "artículo", "título", "usuario",
        "nom", "prénom", "lien", "titre", "utilisateur",
        "nome", "sobrenome", "data", "ligação", "artigo", "usuário", "utilizador",
        "имя", "фамилия", "дата", "ссылка", "статья", "название", "участник",
        "الاسم", "اسم", "التاريخ", "الرابط", "المقالة", "العنوان",
        "नाम", "दिनांक", "तारीख", "लिंक", "लेख", "शीर्षक",
        "名前", "お名前", "氏名", "日付", "リンク", "記事", "題名", "姓名", "名字", "日期", "链接", "連結", "条目", "標題", "标题",
    ]

    static func findings(in checked: CheckedText) -> [Finding] {
        var found = braces(in: checked.prose) + brackets(in: checked.prose)
        for line in checked.prose.split(separator: "\n") {
            for word in line.split(whereSeparator: \.isWhitespace) where isGap(word) {
                found.append(Finding(.placeholder, "gap", String(word), isBlocking: true))
            }
        }
        var seen: Set<String> = []
        return found.filter { seen.insert($0.fingerprint).inserted }
    }

    /// `{{contact.name}}` is ours; `{{Infobox}}` may be what the letter is about, and is only asked about.
    private static func braces(in text: String) -> [Finding] {
        parts(of: text, between: "{{", and: "}}").map { inner, _ in
            let name = inner.trimming
            let isOurs = names.contains(name.lowercased()) || !Placeholders.all(in: "{{\(inner)}}").isEmpty
            return Finding(.placeholder, isOurs ? "braces" : "wiki", "{{\(name)}}", isBlocking: isOurs)
        }
    }

    /// `[name]`, but not `[name](address)`, `[1]` or `[[page]]`.
    private static func brackets(in text: String) -> [Finding] {
        var found: [Finding] = []
        for (open, close) in [("[", "]"), ("<", ">"), ("【", "】"), ("［", "］")] {
            for (inner, next) in parts(of: text, between: open, and: close) where next != "(" && next != "]" {
                let words = inner.trimming.lowercased()
                if asked.contains(words), open == "[" || open == "<" || standsInSentence(next) {
                    found.append(Finding(.placeholder, "brackets", "\(open)\(inner)\(close)", isBlocking: true))
                }
            }
        }
        return found
    }

    /// Wide brackets also name the lines of a form (【お名前】…); before a form of address or a particle they are a gap.
    private static func standsInSentence(_ next: Character?) -> Bool {
        next.map { "様さ殿先氏のはをがにでともへや先生女士，、。！".contains($0) } ?? false
    }

    /// Three X, `____`, `%NAME%`, `$NAME`.
    private static func isGap(_ word: Substring) -> Bool {
        let core = word.trimmingPrefix(while: { ".,;:!?\"'()".contains($0) })
        let letters = core.prefix { $0.isLetter || $0.isNumber || "_%$".contains($0) }
        guard letters.count >= 3, letters.utf8.count <= 40 else { return false }
        if letters.allSatisfy({ $0 == "_" }) || letters.allSatisfy({ $0 == "X" }) { return true }
        let inner = letters.dropFirst().dropLast()
        let isName = inner.allSatisfy { $0.isUppercase || $0 == "_" } && inner.contains { $0.isLetter }
        return letters.first == "%" && letters.last == "%" && isName && inner.count >= 2
    }

    private static func parts(
        of text: String, between open: String, and close: String
    ) -> [(inner: String, next: Character?)] {
        var found: [(inner: String, next: Character?)] = []
        var rest = text[...]
        while let start = rest.firstRange(of: open) {
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: close) else { break }
            let inner = rest[..<end.lowerBound]
            guard inner.count <= 60, !inner.contains("\n"), !inner.contains(open) else { continue }
            rest = rest[end.upperBound...]
            found.append((String(inner), rest.first))
        }
        return found
    }
}

extension StringProtocol {
    /// Without white space around it.
    var trimming: String {
        let inner = drop { $0.isWhitespace }
        guard let last = inner.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(inner[...last])
    }
}
