import Base
import Foundation

/// What a path given for import is.
package enum MailSource {
    /// Whether a regular file begins with a From_ line, blank lines aside.
    package static func isMbox(_ url: URL) -> Bool {
        guard let file = try? MailboxFile(url) else { return false }
        var scanner = MboxScanner(file)
        return scanner.beginsWithFromLine()
    }

    /// Whether it is a folder with `cur` or `new` in it.
    package static func isMaildir(_ url: URL) -> Bool {
        MaildirListing.isMaildir(Array(url.path(percentEncoded: false).utf8))
    }
}
