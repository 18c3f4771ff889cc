/// What a person wrote anew in a mail body, apart from quotes and signature.
package enum NewText {
    package struct Segment: Sendable, Equatable {
        package enum Kind: String, Sendable { case new, quoted, signature }
        package var kind: Kind
        package var text: String

        package init(kind: Kind, text: String) {
            self.kind = kind
            self.text = text
        }
    }

    /// The body cut into runs of lines, in order; joined with newlines they give the body again.
    package static func segments(of text: String) -> [Segment] { [Segment(kind: .new, text: text)] }

    /// The new segments alone, trimmed.
    package static func extract(from text: String) -> String { text }
}
