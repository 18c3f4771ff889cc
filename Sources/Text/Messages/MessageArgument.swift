/// What is put into a message: words stay as they are, digits among them too; an amount is written as the language
/// writes numbers. Both choose plural forms.
package enum MessageArgument: Sendable, Equatable {
    case words(String)
    /// Digits, with a point for a fraction.
    case amount(String)

    package var text: String {
        switch self {
        case .words(let text), .amount(let text): text
        }
    }
}
