/// What changed between two versions of a text, word by word: the longest common subsequence of words by Myers'
/// algorithm (E. Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1, 1986), as Swift's
/// `difference(from:)` has it.
package struct WordDifference: Equatable, Sendable {
    package enum Kind: String, Sendable {
        case same, removed, added
    }

    package struct Part: Equatable, Sendable {
        package let kind: Kind
        package let text: String

        package init(_ kind: Kind, _ text: String) {
            self.kind = kind
            self.text = text
        }
    }

    /// In reading order; where words were replaced, what was removed stands before what was added. Without the added
    /// parts it is the old text, without the removed ones the new.
    package let parts: [Part]

    package init(from old: String, to new: String, locale: String = "") {
        let before = WordBreaks.pieces(old, locale: locale).map(\.text)
        let after = WordBreaks.pieces(new, locale: locale).map(\.text)
        guard before != after else {
            parts = old.isEmpty ? [] : [Part(.same, old)]
            return
        }
        guard before.count + after.count <= Self.limit else {
            parts = [Part(.removed, old), Part(.added, new)].filter { !$0.text.isEmpty }
            return
        }
        parts = Self.joined(before, after)
    }

    package var isEmpty: Bool { !parts.contains { $0.kind != .same } }

    /// More pieces than this are not compared by word: the time grows with the product of length and difference.
    private static let limit = 20_000

    private static func joined(_ before: [String], _ after: [String]) -> [Part] {
        let changes = after.difference(from: before)
        let removed = Set(changes.removals.map { offset($0) })
        let added = Set(changes.insertions.map { offset($0) })
        var parts: [Part] = []
        var old = 0
        var new = 0
        while old < before.count || new < after.count {
            if removed.contains(old) {
                append(.removed, before[old], to: &parts)
                old += 1
            } else if added.contains(new) {
                append(.added, after[new], to: &parts)
                new += 1
            } else {
                append(.same, before[old], to: &parts)
                old += 1
                new += 1
            }
        }
        return parts
    }

    private static func offset(_ change: CollectionDifference<String>.Change) -> Int {
        switch change {
        case .remove(let offset, _, _), .insert(let offset, _, _): offset
        }
    }

    private static func append(_ kind: Kind, _ text: String, to parts: inout [Part]) {
        if let last = parts.last, last.kind == kind {
            parts[parts.count - 1] = Part(kind, last.text + text)
        } else {
            parts.append(Part(kind, text))
        }
    }
}
