import Base

/// The moment a public form was shown, with a MAC, so that nobody sends a thousand prepared ones.
package struct ShownMoment: Sendable {
    /// A form filled in faster than this is a machine's; older than a day it is shown again.
    private static let fastest: Milliseconds = 2_000
    private static let oldest: Milliseconds = 86_400_000

    private let key: InstanceKey
    /// Which form: what is signed for one is nothing for another.
    private let purpose: String

    package init(_ purpose: String, key: InstanceKey) {
        self.purpose = purpose
        self.key = key
    }

    /// A hidden field of the form.
    package func text(at: Milliseconds) -> String {
        "\(at).\(Base64URL.encode(Array(key.mac(purpose, Array(String(at).utf8)).prefix(12))))"
    }

    /// `invalid` unless the form was shown by us, not just now and not too long ago.
    package func requireFresh(_ text: String, at now: Milliseconds) throws(Failure) {
        let at = text.split(separator: ".").first.flatMap { Milliseconds(String($0)) } ?? 0
        let age = now - at
        guard self.text(at: at) == text, age >= Self.fastest, age <= Self.oldest else {
            throw Failure(.invalid, "form-expired")
        }
    }
}
