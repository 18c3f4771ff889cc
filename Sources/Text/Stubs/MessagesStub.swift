import Foundation
package struct Messages: Sendable {
    package init(directory: URL) throws {}
    package func text(_ key: String, _ language: String, _ arguments: [String]) -> String { key }
}
package enum LanguageNames { package static func name(of: String, in: String) -> String { of } }
import Base
package enum DateText { package static func exact(_ time: Milliseconds, language: String, zone: String) -> String { "" } }
