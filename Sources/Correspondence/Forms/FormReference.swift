import Base

/// The unguessable link to what was sent through a form; nothing is stored.
struct FormReference: Sendable {
    /// Who holds the link: whoever filled the form in, or whoever reads the mail to the address given there.
    enum Holder: String, Sendable, CaseIterable {
        case sender, address

        fileprivate var letter: Character { self == .sender ? "s" : "a" }
    }

    let submission: ID
    let holder: Holder

    func text(_ key: InstanceKey) -> String {
        key.reference("\(holder.letter)\(submission)", for: "form-\(holder.rawValue)", over: "\(submission)")
    }

    init(submission: ID, holder: Holder) {
        self.submission = submission
        self.holder = holder
    }

    /// Nil for anything we did not make.
    init?(_ text: String, _ key: InstanceKey) {
        guard let holder = Holder.allCases.first(where: { $0.letter == text.first }),
            let id = ID(String(text.dropFirst().prefix { $0 != "-" }))
        else { return nil }
        self.init(submission: id, holder: holder)
        guard ConstantTime.equal(self.text(key), text) else { return nil }
    }
}
