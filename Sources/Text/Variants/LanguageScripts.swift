/// Languages that are written in more than one script; ISO 15924 codes in lower case.
package enum LanguageScripts {
    /// The usual script first: the one that is meant where none is named. Nil for a language with one script only.
    package static func of(_ language: String) -> [String]? { all[language] }

    /// All of them, by language.
    package static let all: [String: [String]] = [
        "az": ["latn", "cyrl", "arab"], "bs": ["latn", "cyrl"], "crh": ["latn", "cyrl"], "gan": ["hant", "hans"],
        "hif": ["latn", "deva"], "iu": ["cans", "latn"], "kk": ["cyrl", "latn", "arab"], "ks": ["arab", "deva"],
        "ku": ["latn", "arab"], "mn": ["cyrl", "mong"], "pa": ["guru", "arab"], "sd": ["arab", "deva"],
        "sh": ["latn", "cyrl"], "shi": ["latn", "tfng"], "sr": ["cyrl", "latn"], "tg": ["cyrl", "latn"],
        "tk": ["latn", "cyrl"], "tt": ["cyrl", "latn"], "ug": ["arab", "latn"], "uz": ["latn", "cyrl"],
        "wuu": ["hans", "hant"], "yue": ["hant", "hans"], "zh": ["hans", "hant"],
    ]

    /// Other names of the same, in codes of languages: `sr-ec` is Serbian in Cyrillic, `zh-tw` Chinese in Traditional.
    private static let named: [String: String] = [
        "sr-ec": "cyrl", "sr-el": "latn", "zh-cn": "hans", "zh-sg": "hans", "zh-my": "hans", "zh-tw": "hant",
        "zh-hk": "hant", "zh-mo": "hant",
    ]

    /// The script a code means: named in it, known for its region, or the usual one; empty where there is one only.
    package static func script(ofCode code: String) -> String {
        let parts = code.split(separator: "-")
        if let script = parts.dropFirst().first(where: { $0.count == 4 && $0.allSatisfy(\.isLetter) }) {
            return String(script)
        }
        if let script = named[parts.prefix(2).joined(separator: "-")] { return script }
        return parts.first.flatMap { all[String($0)]?.first } ?? ""
    }

    /// Of a letter; nil for all that these languages do not use.
    static func script(of scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F: "latn"
        case 0x400...0x52F: "cyrl"
        case 0x620...0x6FF: "arab"
        case 0x900...0x97F: "deva"
        case 0xA00...0xA7F: "guru"
        case 0x1400...0x167F: "cans"
        case 0x1820...0x18AA: "mong"
        case 0x2D30...0x2D67: "tfng"
        default: nil
        }
    }
}
