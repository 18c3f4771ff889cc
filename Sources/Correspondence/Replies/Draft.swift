import Base

/// An answer that is being written; shared with the team. A writer has at most one of each kind for a ticket.
package struct Draft: Sendable, Equatable {
    /// What becomes of it: an answer to those who take part, or their mail sent on to somebody else.
    package enum Kind: String, Sendable { case answer, forward }

    /// The state of the ticket once it is sent; `keep` leaves it as it is.
    package enum Then: String, Sendable, CaseIterable { case answered, waiting, closed, open, keep }

    package var id: ID
    package var ticket: ID
    package var author: ID
    package var kind: Kind
    package var content: Content
    /// The ticket's version the writer had before them.
    package var seenVersion: Int64
    /// Grows with every change, so that two writers never overwrite each other in silence.
    package var version: Int64
    package var updatedAt: Milliseconds
    /// Who changed it last; nil in drafts of earlier versions of the program.
    package var savedBy: ID?
    /// When it is to be sent by itself, and in whose name.
    package var sendAt: Milliseconds?
    package var sendBy: ID?
    /// Why it was not sent at its time: a message key; empty otherwise.
    package var held: String
    /// The message it became, while that can be taken back.
    package var sentMessage: ID?
    package var stateBefore: TicketState?

    package var to: [String] { content.to }
    package var cc: [String] { content.cc }
    package var subject: String { content.subject }
    package var text: String { content.text }

    /// What a form or the API gives.
    package struct Content: Sendable, Equatable {
        package var to: [String]
        package var cc: [String]
        package var subject: String
        package var text: String
        /// One of the queue's addresses; empty for its first.
        package var from = ""
        package var hasSignature = true
        package var then = Then.answered

        package static let mostRecipients = 50
        /// Of all files together, in bytes: what most mail servers take.
        package static let mostFileBytes = 25_000_000

        package init(to: [String], cc: [String], subject: String, text: String) {
            self.to = to
            self.cc = cc
            self.subject = subject
            self.text = text
        }

        /// Throws `invalid` with the key of what is wrong.
        package func validate() throws(Failure) {
            guard !to.isEmpty, to.count + cc.count <= Self.mostRecipients else {
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
            let isBroken = subject.unicodeScalars.contains {
                $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0 == "\u{2028}" || $0 == "\u{2029}"
            }
            if isBroken { throw Failure(.invalid, "draft-subject-invalid") }
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
