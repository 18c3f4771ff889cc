package struct Messages: Sendable {
    package func text(_ key: String, _ language: String, _ arguments: [String]) -> String { key }
}
package enum LanguageNames { package static func name(of: String, in: String) -> String { of } }
