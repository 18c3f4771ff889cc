import Base

/// Whether a queue sends: a shadow takes a copy of another desk's mail and does everything but send.
package enum QueueMode: String, Sendable, CaseIterable {
    case live, shadow
}

/// Where mail of one kind waits for those who answer it.
package struct Queue: Sendable, Equatable {
    package var id: ID
    /// Short and unique, such as `info-de`.
    package var name: String
    /// The name in From of letters.
    package var displayName: String
    package var mode: QueueMode
    /// Mailing lists: References alone decide about threads.
    package var isList: Bool
    package var isConfidential: Bool
    /// True when the MTA delivers `name+anything@domain` here.
    package var usesPlus: Bool
    package var signature: String
    /// The first is the one letters are sent from. `@domain` takes all that no other queue takes.
    package var addresses: [String]

    package init(
        id: ID, name: String, displayName: String, mode: QueueMode, isList: Bool, isConfidential: Bool, usesPlus: Bool,
        signature: String, addresses: [String]
    ) {
        self.id = id
        self.name = name
        self.displayName = displayName
        self.mode = mode
        self.isList = isList
        self.isConfidential = isConfidential
        self.usesPlus = usesPlus
        self.signature = signature
        self.addresses = addresses
    }

    /// The address letters are sent from; nil while the queue has none.
    package var address: String? { addresses.first { !$0.hasPrefix("@") } }

    /// The addresses letters may come from.
    package var sendingAddresses: [String] { addresses.filter { !$0.hasPrefix("@") } }

    /// `local+tag@domain` of a sending address, the first unless one is named; nil without plus-addresses.
    package func plusAddress(_ tag: String, of chosen: String? = nil) -> String? {
        guard usesPlus, let address = chosen ?? address, let (local, domain) = EmailAddress.parts(address) else {
            return nil
        }
        return "\(local)+\(tag)@\(domain)"
    }

    /// True for the queue's own addresses, with or without a plus tag.
    package func owns(_ address: String) -> Bool { addresses.contains(PlusAddress(address).base) }
}

/// An address taken apart at its plus sign.
package struct PlusAddress: Sendable, Equatable {
    /// Folded, without the tag.
    package let base: String
    /// What stands between `+` and `@`; empty when there is none.
    package let tag: String

    package init(_ address: String) {
        let folded = EmailAddress.folded(address)
        guard let (local, domain) = EmailAddress.parts(folded), let plus = local.firstIndex(of: "+"),
            plus > local.startIndex
        else {
            base = folded
            tag = ""
            return
        }
        base = local[..<plus] + "@" + domain
        tag = String(local[local.index(after: plus)...])
    }
}
