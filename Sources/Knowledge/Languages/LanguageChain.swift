/// Which languages stand in for one another: the reader's own, what its speakers read next, English.
package enum LanguageChain {
    /// The languages to try for a reader, lower case, their own first: `pt-BR` → `pt-br`, `pt`, `en`.
    package static func of(_ language: String) -> [String] {
        var chain: [String] = []
        func add(_ code: String) { if !code.isEmpty, !chain.contains(code) { chain.append(code) } }
        let code = normal(language)
        add(code)
        for next in next[code] ?? [] { add(next) }
        var parts = code.split(separator: "-")
        while parts.count > 1 {
            parts.removeLast()
            let shorter = parts.joined(separator: "-")
            add(shorter)
            for next in next[shorter] ?? [] { add(next) }
        }
        add("en")
        return chain
    }

    /// BCP 47 in lower case: `pt_BR` and `pt-BR` are `pt-br`.
    package static func normal(_ language: String) -> String {
        language.lowercased().replacing("_", with: "-").filter {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")
        }
    }

    /// Whether readers of one take the other for their own: `pt` and `pt-br`, but not `zh` and `zh-hant`, or `sr-latn`.
    package static func isSame(_ one: String, _ other: String) -> Bool {
        if one == other { return true }
        let (first, second) = (one.split(separator: "-"), other.split(separator: "-"))
        guard let primary = first.first, primary == second.first else { return false }
        if primary == "zh" {
            let traditional: Set<Substring> = ["hant", "tw", "hk", "mo"]
            return traditional.isDisjoint(with: first) == traditional.isDisjoint(with: second)
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

    /// What speakers of a language read when there is nothing in it, nearest first.
    static let next: [String: [String]] = [
        "ab": ["ru"], "an": ["es"], "arz": ["ar"], "ary": ["ar"], "ast": ["es"], "av": ["ru"], "ay": ["es"],
        "ba": ["ru"], "bar": ["de"], "be": ["ru"], "bm": ["fr"], "bpy": ["bn"], "br": ["fr"], "ca": ["es"],
        "ce": ["ru"], "co": ["fr", "it"], "cv": ["ru"], "de-at": ["de"], "de-ch": ["de"], "dsb": ["hsb", "de"],
        "dty": ["ne"], "eml": ["it"], "en-ca": ["en"], "en-gb": ["en"], "es-419": ["es"], "es-mx": ["es-419", "es"],
        "ext": ["es"], "ff": ["fr"], "fr-ca": ["fr"], "frp": ["fr"], "frr": ["de"], "fur": ["it"], "fy": ["nl"],
        "gag": ["tr"], "gan": ["zh-hant", "zh"], "gl": ["pt", "es"], "gn": ["es"], "gsw": ["de"], "hif": ["hi"],
        "hsb": ["dsb", "de"], "ht": ["fr"], "hyw": ["hy"], "inh": ["ru"], "jv": ["id"], "kbd": ["ru"],
        "kk": ["ru"], "kl": ["da"], "krc": ["ru"], "ks": ["ur"], "ksh": ["de"], "kv": ["ru"], "ky": ["ru"],
        "lb": ["de"], "li": ["nl"], "lij": ["it"], "lmo": ["it"], "ln": ["fr"], "ltg": ["lv"], "mai": ["hi"],
        "mg": ["fr"], "mhr": ["ru"], "min": ["id"], "mrj": ["ru"], "mwl": ["pt"], "myv": ["ru"], "mzn": ["fa"],
        "nah": ["es"], "nap": ["it"], "nb": ["no", "nn"], "nds": ["de"], "nds-nl": ["nl"], "nn": ["nb", "no"],
        "no": ["nb", "nn"], "oc": ["ca", "fr"], "olo": ["fi"], "os": ["ru"], "pcd": ["fr"], "pdc": ["de"],
        "pms": ["it"], "ps": ["fa"], "pt": ["pt-br"], "pt-br": ["pt"], "qu": ["es"], "rm": ["de"],
        "rue": ["uk", "ru"], "sah": ["ru"], "sc": ["it"], "scn": ["it"], "sco": ["en"], "se": ["nb", "fi"],
        "sg": ["fr"], "sgs": ["lt"], "simple": ["en"], "su": ["id"], "szl": ["pl"], "tet": ["pt"], "tg": ["ru"],
        "tt": ["ru"], "ty": ["fr"], "tyv": ["ru"], "udm": ["ru"], "uk": ["ru"], "vec": ["it"], "vls": ["nl"],
        "wa": ["fr"], "wo": ["fr"], "wuu": ["zh"], "yi": ["he"], "yue": ["zh-hant", "zh"], "za": ["zh"],
        "zh": ["zh-hans"], "zh-cn": ["zh"], "zh-hans": ["zh"], "zh-hant": ["zh"], "zh-hk": ["zh-hant", "zh"],
        "zh-mo": ["zh-hk", "zh-hant", "zh"], "zh-sg": ["zh"], "zh-tw": ["zh-hant", "zh"],
    ]
}
