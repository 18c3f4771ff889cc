import Base

/// A place in a text that is filled when it is used: `{{contact.name}}`. A name of this list and perhaps an argument,
/// nothing that runs.
package struct Placeholder: Sendable, Equatable, Hashable {
    /// What can stand between the braces. An argument follows a colon.
    package enum Kind: String, Sendable, CaseIterable {
        case contactName = "contact.name"
        case contactAddress = "contact.address"
        case ticketNumber = "ticket.number"
        case ticketSubject = "ticket.subject"
        case queueName = "queue.name"
        /// The writer's name for letters.
        case writerName = "writer.name"
        /// Today; `date:2026-12-24` a day; `date:+7` seven days on; written as the language writes days.
        case date
        /// `figure:SLUG`: the value of a key figure.
        case figure
        /// `fill:what goes here`: the writer does it by hand.
        case fill

        /// Whether an argument must, may or cannot follow.
        var argument: Argument {
            switch self {
            case .date: .optional
            case .figure, .fill: .required
            default: .none
            }
        }

        enum Argument { case none, optional, required }
    }

    package var kind: Kind
    /// Empty without one.
    package var argument: String

    package init(_ kind: Kind, _ argument: String = "") {
        self.kind = kind
        self.argument = argument
    }

    /// As it is written in a text.
    package var text: String { "{{" + kind.rawValue + (argument.isEmpty ? "" : ":" + argument) + "}}" }

    /// What stands between the braces; nil when it is none of ours.
    init?(inner: Substring) {
        let parts = inner.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = Self.trimmed(parts[0])
        let argument = parts.count > 1 ? Self.trimmed(parts[1]) : ""
        guard let kind = Kind(rawValue: name.lowercased()) else { return nil }
        switch kind.argument {
        case .none: guard parts.count == 1 else { return nil }
        case .required: guard !argument.isEmpty else { return nil }
        case .optional: guard parts.count == 1 || !argument.isEmpty else { return nil }
        }
        if kind == .date, !argument.isEmpty, !Self.isDate(argument) { return nil }
        self.init(kind, argument)
    }

    static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// Days counted from today, or a day.
    static func isDate(_ argument: String) -> Bool { days(argument) != nil || day(argument) != nil }

    static func days(_ argument: String) -> Int64? {
        guard argument.hasPrefix("+") || argument.hasPrefix("-"), argument.utf8.count <= 5 else { return nil }
        return Int64(argument)
    }

    static func day(_ argument: String) -> Milliseconds? {
        argument.utf8.count == 10 ? ISO8601.startOfDay(argument) : nil
    }
}
