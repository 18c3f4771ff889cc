import Text
import Web

/// Paths of the public help pages.
enum HelpPaths {
    static let list: PathPattern = "/help"
    static let text: PathPattern = "/help/:name"
    static let file: PathPattern = "/help/:name/file"
    static let feedback: PathPattern = "/help/:name/feedback"
    static let feed: PathPattern = "/help/feed"

    static func text(_ slug: String, _ language: String) -> String { "/help/\(slug)?language=\(language)" }
    static func file(_ slug: String) -> String { "/help/\(slug)/file" }
    static func feedback(_ slug: String, _ language: String) -> String { "/help/\(slug)/feedback?language=\(language)" }
    static func list(_ language: String) -> String { "/help?language=\(language)" }
    static func topic(_ topic: String, _ language: String) -> String {
        "/help?language=\(language)&topic=\(URLEncoding.encode(topic))"
    }
    static func feed(_ language: String) -> String { "/help/feed?language=\(language)" }
}
