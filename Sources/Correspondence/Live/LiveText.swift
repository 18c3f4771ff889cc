import Base

/// News as the page's script reads them.
enum LiveText {
    static func changes(_ news: LiveNews) -> String {
        JSONText.array(
            news.changes.map { change in
                let event = change.event.event
                return JSONText.object([
                    ("seq", JSONText.quote(change.event.seq.map { String($0) })),
                    ("kind", JSONText.quote(event.kind)), ("ticket", id(event.ticket)), ("queue", id(event.queue)),
                    ("subject", id(event.subject)), ("by", JSONText.quote(change.by)),
                    ("own", change.isOwn ? "true" : "false"),
                ])
            })
    }

    static func present(_ news: LiveNews) -> String {
        JSONText.array(
            news.present.map { present in
                JSONText.object([
                    ("ticket", id(present.ticket)), ("name", JSONText.quote(present.name)),
                    ("initials", JSONText.quote(initials(present.name))),
                    ("mode", JSONText.quote(present.mode.rawValue)),
                ])
            })
    }

    /// The whole of it, for pages that ask instead of listening.
    static func whole(_ news: LiveNews) -> String {
        JSONText.object([
            ("cursor", JSONText.quote(String(news.cursor))), ("more", news.hasMore ? "true" : "false"),
            ("reset", news.isReset ? "true" : "false"), ("changes", changes(news)), ("present", present(news)),
            ("unread", String(news.unread)),
        ])
    }

    /// First letters of the first and the last word; of scripts without capitals the first letter.
    static func initials(_ name: String) -> String {
        let words = name.split(whereSeparator: \.isWhitespace)
        guard let first = words.first?.first else { return "" }
        guard words.count > 1, let last = words.last?.first, first.isCased, last.isCased else {
            return String(first).uppercased()
        }
        return (String(first) + String(last)).uppercased()
    }

    private static func id(_ id: ID?) -> String { JSONText.quote(id.map { String($0) }) }
}
