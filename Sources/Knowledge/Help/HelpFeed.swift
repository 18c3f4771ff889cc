import Base
import Web

/// The newest public texts as a feed.
///
/// Source: RFC 4287 (Atom).
struct HelpFeed {
    struct Entry: Sendable {
        var title: String
        var language: String
        var slug: String
        var updatedAt: Milliseconds
        var createdAt: Milliseconds
    }

    let title: String
    /// Whose it is; empty where nobody has said.
    let organisation: String
    let language: String
    let publicURL: String
    let entries: [Entry]

    var xml: String {
        let address = publicURL + HelpPaths.feed(language)
        let author = organisation.isEmpty ? title : organisation
        let name = organisation.isEmpty ? title : "\(title) – \(organisation)"
        let updated = entries.map(\.updatedAt).max() ?? 0
        var lines = [
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>",
            "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"\(escaped(language))\">",
            "<id>\(escaped(address))</id><title>\(escaped(name))</title>",
            "<updated>\(ISO8601.string(updated))</updated>",
            "<link rel=\"self\" type=\"application/atom+xml\" href=\"\(escaped(address))\"/>",
            "<link rel=\"alternate\" type=\"text/html\" href=\"\(escaped(publicURL + HelpPaths.list(language)))\"/>",
            "<author><name>\(escaped(author))</name></author>",
        ]
        for entry in entries {
            let link = publicURL + HelpPaths.text(entry.slug, language)
            lines.append(
                "<entry xml:lang=\"\(escaped(entry.language))\"><id>\(escaped(publicURL))/help/\(entry.slug)</id>"
                    + "<title>\(escaped(entry.title))</title><link rel=\"alternate\" href=\"\(escaped(link))\"/>"
                    + "<published>\(ISO8601.string(entry.createdAt))</published>"
                    + "<updated>\(ISO8601.string(entry.updatedAt))</updated></entry>")
        }
        return (lines + ["</feed>", ""]).joined(separator: "\n")
    }

    /// What XML 1.0 forbids is left out.
    private func escaped(_ text: String) -> String {
        let allowed = text.unicodeScalars.filter { $0.value >= 0x20 || [0x9, 0xA].contains($0.value) }
            .filter { $0.value != 0xFFFE && $0.value != 0xFFFF }
        return HTMLEscaping.escape(String(String.UnicodeScalarView(allowed)))
    }
}
