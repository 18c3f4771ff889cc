import Text

/// Which languages stand in for one another: the reader's own, what its speakers read next, English.
package enum LanguageChain {
    /// The languages to try for a reader, lower case, their own first: `pt-BR` → `pt-br`, `pt`, `en`. What is written
    /// otherwise but read by the same people (`zh-tw` for `zh-hant`, `sr-latn` for `sr`, `en-gb` for `en`) comes before
    /// another language.
    package static func of(_ language: String) -> [String] {
        var chain: [String] = []
        func add(_ code: String) { if !code.isEmpty, !chain.contains(code) { chain.append(code) } }
        func addAll(_ code: String) {
            add(code)
            for next in (nearest[code] ?? []) + variants(of: code) + (next[code] ?? []) { add(next) }
        }
        let code = normal(language)
        var parts = code.split(separator: "-")
        add(code)
        if parts.count == 3 { add("\(parts[0])-\(parts[2])") }
        addAll(code)
        while parts.count > 1 {
            parts.removeLast()
            addAll(parts.joined(separator: "-"))
        }
        addAll("en")
        return chain
    }

    /// The other ways in which a language is written; those of the same script first.
    private static func variants(of code: String) -> [String] {
        let primary = String(code.prefix { $0 != "-" })
        let all = [primary] + (written[primary] ?? [])
        let script = LanguageScripts.script(ofCode: code)
        let own = all.filter { LanguageScripts.script(ofCode: $0) == script && $0 != primary }
        // A region's spelling is followed by the language's own, which the caller adds.
        if LanguageScripts.of(primary) == nil { return code == primary ? own : [] }
        let others = all.filter { LanguageScripts.script(ofCode: $0) != script && $0 != primary }
        return own + [primary] + others
    }

    /// Codes in use for one language beside its own, as the wikis and browsers have them.
    private static let written: [String: [String]] = {
        var written: [String: [String]] = [
            "de": ["de-at", "de-ch"], "en": ["en-gb", "en-us", "en-ca"], "es": ["es-419", "es-mx"],
            "fr": ["fr-ca", "fr-ch"], "nl": ["nl-be"], "pt": ["pt-br", "pt-pt"],
            "sr": ["sr-cyrl", "sr-ec", "sr-latn", "sr-el"],
            "zh": [
                "zh-hans", "zh-cn", "zh-sg", "zh-my", "zh-hant", "zh-tw", "zh-hk", "zh-mo",
            ],
        ]
        for (language, scripts) in LanguageScripts.all where written[language] == nil {
            written[language] = scripts.map { "\(language)-\($0)" }
        }
        return written
    }()

    /// BCP 47 in lower case: `pt_BR` and `pt-BR` are `pt-br`.
    package static func normal(_ language: String) -> String {
        language.lowercased().replacing("_", with: "-").filter {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")
        }
    }

    /// Whether readers of one take the other for their own: `pt` and `pt-br`, `zh-tw` and `zh-hant`, `sr` and
    /// `sr-cyrl`;
    /// but not `zh` and `zh-hant`, or `sr` and `sr-latn`.
    package static func isSame(_ one: String, _ other: String) -> Bool {
        if one == other { return true }
        let (first, second) = (one.split(separator: "-"), other.split(separator: "-"))
        guard let primary = first.first, primary == second.first else { return false }
        guard LanguageScripts.script(ofCode: one) == LanguageScripts.script(ofCode: other) else { return false }
        if LanguageScripts.of(String(primary)) != nil {
            return (first.dropFirst() + second.dropFirst()).allSatisfy { $0.count == 2 || $0.count == 4 }
        }
        return (first.dropFirst() + second.dropFirst()).allSatisfy { $0.count == 2 || $0.allSatisfy(\.isNumber) }
    }

    /// A language as it may stand in an address, in lower case; nil for anything else.
    package static func tag(_ text: String) -> String? {
        let code = normal(text)
        let parts = code.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = parts.first, (2...3).contains(first.count) || code == "simple",
            first.allSatisfy(\.isLetter), parts.count <= 3, parts.allSatisfy({ (1...8).contains($0.count) })
        else { return nil }
        return code
    }

    /// Of several in the same script, the one that is read first.
    private static let nearest = ["zh-mo": ["zh-hk"], "zh-my": ["zh-sg"], "es-mx": ["es-419"]]

    private static func zh(hant: Bool) -> [String] { variants(of: hant ? "zh-hk" : "zh-cn") }

    /// What speakers of a language read when there is nothing in it, nearest first.
    static let next: [String: [String]] = [
        "ab": ["ru"], "an": ["es"], "arz": ["ar"], "ary": ["ar"], "ast": ["es"], "av": ["ru"], "ay": ["es"],
        "ba": ["ru"], "bar": ["de"], "be": ["ru"], "bm": ["fr"], "bpy": ["bn"], "br": ["fr"], "ca": ["es"],
        "ce": ["ru"], "co": ["fr", "it"], "cv": ["ru"], "dsb": ["hsb", "de"], "dty": ["ne"], "eml": ["it"],
        "ext": ["es"], "ff": ["fr"], "frp": ["fr"], "frr": ["de"], "fur": ["it"], "fy": ["nl"],
        "gag": ["tr"], "gan": zh(hant: true), "gl": ["pt", "es"], "gn": ["es"], "gsw": ["de"], "hif": ["hi"],
        "hsb": ["dsb", "de"], "ht": ["fr"], "hyw": ["hy"], "inh": ["ru"], "jv": ["id"], "kbd": ["ru"],
        "kk": ["ru"], "kl": ["da"], "krc": ["ru"], "ks": ["ur"], "ksh": ["de"], "kv": ["ru"], "ky": ["ru"],
        "lb": ["de"], "li": ["nl"], "lij": ["it"], "lmo": ["it"], "ln": ["fr"], "ltg": ["lv"], "mai": ["hi"],
        "mg": ["fr"], "mhr": ["ru"], "min": ["id"], "mrj": ["ru"], "mwl": ["pt"], "myv": ["ru"], "mzn": ["fa"],
        "nah": ["es"], "nap": ["it"], "nb": ["no", "nn"], "nds": ["de"], "nds-nl": ["nl"], "nn": ["nb", "no"],
        "no": ["nb", "nn"], "oc": ["ca", "fr"], "olo": ["fi"], "os": ["ru"], "pcd": ["fr"], "pdc": ["de"],
        "pms": ["it"], "ps": ["fa"], "qu": ["es"], "rm": ["de"], "rue": ["uk", "ru"], "sah": ["ru"], "sc": ["it"],
        "scn": ["it"], "sco": ["en"], "se": ["nb", "fi"],
        "sg": ["fr"], "sgs": ["lt"], "simple": ["en"], "su": ["id"], "szl": ["pl"], "tet": ["pt"], "tg": ["ru"],
        "tt": ["ru"], "ty": ["fr"], "tyv": ["ru"], "udm": ["ru"], "uk": ["ru"], "vec": ["it"], "vls": ["nl"],
        "wa": ["fr"], "wo": ["fr"], "wuu": zh(hant: false), "yi": ["he"], "yue": zh(hant: true), "za": zh(hant: false),
    ]
}
