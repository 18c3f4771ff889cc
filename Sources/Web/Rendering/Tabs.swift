/// One of the pages that belong together; shown side by side above them.
package struct Tab: Sendable, Equatable {
    package let name: Phrase
    package let path: String
    package let isCurrent: Bool

    package init(_ name: Phrase, _ path: String, isCurrent: Bool = false) {
        self.name = name
        self.path = path
        self.isCurrent = isCurrent
    }
}
