import CICU

/// Order as a language sorts.
package enum Collation {
    package static func isBefore(_ left: String, _ right: String, in language: String) -> Bool {
        cicu_compare(language, left, Int32(left.utf8.count), right, Int32(right.utf8.count)) < 0
    }
}
