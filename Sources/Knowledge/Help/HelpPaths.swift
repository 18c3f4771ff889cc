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
    /// The same list in a language, from its beginning.
    static func list(_ asked: HelpReading.Asked, _ language: String) -> String {
        var path = list(language)
        if let topic = asked.topic { path = Self.topic(topic, language) }
        if asked.isPress { path += "&press=1" }
        return asked.query.isEmpty ? path : path + "&query=" + URLEncoding.encode(asked.query)
    }
    static func feed(_ language: String) -> String { "/help/feed?language=\(language)" }
}
