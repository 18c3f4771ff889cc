import Base

/// An answer that is being written; shared with the team.
package struct Draft: Sendable, Equatable {
    package var id: ID
    package var ticket: ID
    package var author: ID
    package var to: [String]
    package var cc: [String]
    package var subject: String
    package var text: String
    /// The ticket's version the writer had before them.
    package var seenVersion: Int64
    package var version: Int64
    package var updatedAt: Milliseconds

    /// What a form or the API gives.
    package struct Content: Sendable, Equatable {
        package var to: [String]
        package var cc: [String]
        package var subject: String
        package var text: String

        package init(to: [String], cc: [String], subject: String, text: String) {
            self.to = to
            self.cc = cc
            self.subject = subject
            self.text = text
        }

        /// Throws `invalid` with the key of what is wrong.
        package func validate() throws(Failure) {
            guard !to.isEmpty, to.count + cc.count <= 50 else {
                throw Failure(.invalid, "draft-recipient-invalid", arguments: [""])
            }
            for address in to + cc where !EmailAddress.isPlausible(address) {
                throw Failure(.invalid, "draft-recipient-invalid", arguments: [address])
            }
            guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
                throw Failure(.invalid, "draft-empty")
            }
            guard text.utf8.count <= 1 << 20, subject.utf8.count <= 900 else {
                throw Failure(.tooLarge, "error-too-large")
            }
        }
    }

    /// Addresses as people type them: separated by commas, semicolons or lines, with or without names.
    package static func addresses(in text: String) -> [String] {
        var seen: Set<String> = []
        return text.split(whereSeparator: { ",;\n\r".contains($0) }).compactMap { part in
            var address = part.trimmingPrefix(while: \.isWhitespace)
            if let open = address.lastIndex(of: "<"), let close = address.lastIndex(of: ">"), open < close {
                address = address[address.index(after: open)..<close]
            }
            let folded = EmailAddress.folded(String(address))
            return folded.isEmpty || !seen.insert(folded).inserted ? nil : folded
        }
    }
}
