/// Which tickets' languages somebody knows by the languages they named. A ticket has the language alone, as it is
/// detected: who named Traditional Chinese is asked about Chinese, and who named Chinese about a ticket that somebody
/// marked as Traditional.
package enum SpokenLanguages {
    /// Codes that tickets may have, in order; empty where none were named, which means all.
    package static func of(_ named: [String]) -> [String] {
        let bases = Set(named.map(base))
        return Set(named).union(bases).union(Languages.codes.filter { bases.contains(base($0)) }).sorted()
    }

    /// Whether somebody who named these knows a ticket's language.
    package static func include(_ language: String, named: [String]) -> Bool {
        named.isEmpty || named.contains { base($0) == base(language) }
    }

    private static func base(_ code: String) -> String { String(code.prefix { $0 != "-" }) }
}
