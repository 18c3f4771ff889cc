/// Readable text of an HTML mail.
package enum HTMLText {
    /// Blocks and table rows as lines, lists with marks, quotes with `> `, links as `text <address>`; hidden text is
    /// left out.
    /// Pages too deep or too large for a tree are stripped of their tags. Never shown as HTML.
    package static func readable(_ html: String) -> String {
        let bytes = Array(html.utf8)
        guard HTMLLimits.allow(bytes) else { return HTMLStripping.text(bytes) }
        let text = write(bytes, showsHidden: false)
        // A mail that hides everything is broken rather than empty.
        return text.isEmpty ? write(bytes, showsHidden: true) : text
    }

    private static func write(_ html: [UInt8], showsHidden: Bool) -> String {
        var writer = HTMLTextWriter(showsHidden: showsHidden)
        HTMLTree.walk(html) { event in
            switch event {
            case .open(let element): return writer.open(element)
            case .close(let element): writer.close(element)
            case .text(let text): writer.write(text)
            }
            return false
        }
        return writer.finish()
    }
}
