/// HTML of strangers made safe to show, by an allow-list over gumbo's tree.
package enum HTMLSanitizer {
    /// Whether pictures from elsewhere load by themselves.
    package enum RemoteImages: Sendable { case blocked, allowed }

    /// Each round may change what the next one reads; real mail is stable after one.
    private static let rounds = 6
    /// Bytes of text shown of a page that cannot be read as a tree.
    private static let longestText = 256 * 1024

    /// A fragment without scripts, styles from outside, forms, frames, SVG or MathML; addresses are http, https, mailto
    /// and cid.
    /// Blocked pictures keep their address in `data-remote-src`. Sanitising again changes nothing.
    package static func sanitize(_ html: String, remoteImages: RemoteImages = .blocked) -> String {
        var current = Array(html.utf8)
        for _ in 0..<rounds {
            guard HTMLLimits.allow(current) else { break }
            var writer = HTMLSafeWriter(remoteImages: remoteImages)
            HTMLTree.walk(current) { event in writer.take(event) }
            if writer.out == current { return String(decoding: current, as: UTF8.self) }
            current = writer.out
        }
        return asText(Array(html.utf8))
    }

    /// Text alone, for pages that are too deep, too large or never the same twice.
    private static func asText(_ html: [UInt8]) -> String {
        var text = HTMLStripping.text(html)
        if text.utf8.count > longestText { text = String(text.unicodeScalars.prefix(longestText / 4)) }
        var out: [UInt8] = Array("<p>".utf8)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { out.append(contentsOf: "<br>".utf8) }
            HTMLSafeWriter.escape(String(line), to: &out)
        }
        out.append(contentsOf: "</p>".utf8)
        return String(decoding: out, as: UTF8.self)
    }
}
