/// Addresses of mail as keys: compared without case, as every system in use does.
package enum EmailAddress {
    /// Lower case, without surrounding space.
    package static func folded(_ address: String) -> String {
        var scalars = Substring(address).unicodeScalars
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars).lowercased()
    }

    /// Local part and domain, when it can be an address at all: no space, control or angle bracket, at most 320 bytes.
    package static func parts(_ address: String) -> (local: String, domain: String)? {
        guard let at = address.lastIndex(of: "@"), address.utf8.count <= 320 else { return nil }
        let local = String(address[..<at])
        let domain = String(address[address.index(after: at)...])
        guard !local.isEmpty, !domain.isEmpty, domain.utf8.count <= 255 else { return nil }
        let isClean = address.unicodeScalars.allSatisfy { scalar in
            if scalar.isASCII { return scalar.value > 32 && scalar.value != 127 && !forbidden.contains(scalar) }
            let category = scalar.properties.generalCategory
            return !scalar.properties.isWhitespace && category != .control && category != .format
        }
        return isClean && !local.contains("@") ? (local, domain) : nil
    }

    private static let forbidden: [Unicode.Scalar] = Array("<>()[],;:\\\"".unicodeScalars)

    package static func isPlausible(_ address: String) -> Bool { parts(address) != nil }
}
