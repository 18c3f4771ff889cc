/// What a page shows, already formatted. A plain struct of strings, numbers, truths, phrases, optionals,
/// arrays and further such structs; nothing else reaches a template.
package protocol Page: Sendable {
    /// The template's name below `Resources/templates`, without its ending.
    static var template: String { get }
    /// What stands in the browser's tab.
    var title: Phrase { get }
    /// The rail entry this page belongs to; empty for none.
    var room: String { get }
    /// Which of the room's pages this is; empty for the first.
    var section: String { get }
}

extension Page {
    package var room: String { "" }
    package var section: String { "" }
}

/// A closed set of cases that a template asks about: `{{#kind.is-note}}`, or prints by `{{kind.name}}`.
package protocol PageCase: CaseIterable, RawRepresentable, Sendable where RawValue == String {}

/// A link with a name, as a person sees it.
package struct Link: Sendable, Equatable {
    package let name: Phrase
    package let path: String

    package init(_ name: Phrase, _ path: String) {
        self.name = name
        self.path = path
    }
}

/// A link that says how many things are behind it.
package struct CountedLink: Sendable, Equatable {
    package let name: Phrase
    package let count: Int
    /// The count as people read it: from 1,000 on, where counting stops, with a plus.
    package let figure: Phrase
    package let path: String
    package let isCurrent: Bool

    package init(_ name: Phrase, count: Int, path: String, isCurrent: Bool = false) {
        self.name = name
        self.count = count
        figure = Phrase.figure(count)
        self.path = path
        self.isCurrent = isCurrent
    }
}

/// One option of a select.
package struct Choice: Sendable, Equatable {
    package let value: String
    package let name: Phrase
    package let isSelected: Bool

    package init(_ value: String, _ name: Phrase, isSelected: Bool = false) {
        self.value = value
        self.name = name
        self.isSelected = isSelected
    }
}

/// A button that changes something: the path it posts to.
package struct Action: Sendable, Equatable {
    package let path: String

    package init(_ path: String) { self.path = path }
}

extension Phrase {
    /// Where counting stops.
    package static let mostCounted = 1000

    /// `12`, `1,000+`: a count as people read it.
    package static func figure(_ count: Int) -> Phrase {
        Phrase(count >= mostCounted ? "web-number-more" : "web-number", .number(count))
    }
}
