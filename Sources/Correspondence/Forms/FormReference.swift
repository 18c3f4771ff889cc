import Base

/// The unguessable link to what was sent through a form: 128 bits made with the instance key; nothing is stored.
struct FormReference: Sendable {
    /// Who holds the link: whoever filled the form in, or whoever reads the mail to the address given there.
    enum Holder: String, Sendable { case sender, address }

    let submission: ID
    let holder: Holder

    func text(_ key: InstanceKey) -> String {
        "\(holder == .sender ? "s" : "a")\(submission)-\(Base64URL.encode(Self.mac(submission, holder, key)))"
    }

    init(submission: ID, holder: Holder) {
        self.submission = submission
        self.holder = holder
    }

    /// Nil for anything we did not make.
    init?(_ text: String, _ key: InstanceKey) {
        let parts = text.split(separator: "-", maxSplits: 1)
        guard parts.count == 2, let letter = parts[0].first, letter == "s" || letter == "a",
            let id = ID(String(parts[0].dropFirst())), let given = Base64URL.decode(String(parts[1]))
        else { return nil }
        let holder = letter == "s" ? Holder.sender : .address
        let expected = Self.mac(id, holder, key)
        guard given.count == expected.count, zip(given, expected).reduce(UInt8(0), { $0 | ($1.0 ^ $1.1) }) == 0 else {
            return nil
        }
        self.init(submission: id, holder: holder)
    }

    private static func mac(_ id: ID, _ holder: Holder, _ key: InstanceKey) -> [UInt8] {
        Array(key.mac("form-\(holder.rawValue)", Array(String(id).utf8)).prefix(16))
    }
}
