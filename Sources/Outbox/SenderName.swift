/// In whose name the desk itself writes: people who get mail from a machine see at once from which house it comes.
package struct SenderName: Sendable {
    package let name: String

    package init(_ name: String) { self.name = name }

    /// Ends with the name, unless it says it already.
    package func subject(_ subject: String) -> String {
        name.isEmpty || subject.contains(name) ? subject : "\(subject) – \(name)"
    }

    /// Signed with the name.
    package func text(_ text: String) -> String {
        name.isEmpty ? text : "\(text)\n\n-- \n\(name)"
    }
}
