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
    package let path: String
    package let isCurrent: Bool

    package init(_ name: Phrase, count: Int, path: String, isCurrent: Bool = false) {
        self.name = name
        self.count = count
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
