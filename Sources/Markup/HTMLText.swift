/// Readable text of an HTML mail.
package enum HTMLText {
    package static func readable(_ html: String) -> String { html }
}
