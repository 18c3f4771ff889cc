/// Text signed inline with PGP: what stands between the armour lines.
enum Clearsigned {
    /// The signed text without armour and dash escapes; the text itself when it is not clearsigned.
    static func inner(of text: String) -> String {
        guard text.holds("-----BEGIN PGP SIGNED MESSAGE-----") else { return text }
        enum Place { case outside, armour, inside, signature }
        var place = Place.outside
        var out: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            switch place {
            case .outside:
                if line.hasPrefix("-----BEGIN PGP SIGNED MESSAGE-----") { place = .armour } else { out.append(line) }
            case .armour: if line.isEmpty { place = .inside }
            case .inside:
                if line.hasPrefix("-----BEGIN PGP SIGNATURE-----") {
                    place = .signature
                } else {
                    out.append(line.hasPrefix("- ") ? line.dropFirst(2) : line)
                }
            case .signature: if line.hasPrefix("-----END PGP SIGNATURE-----") { place = .outside }
            }
        }
        return TextClean.trimmed(out.joined(separator: "\n"))
    }
}
